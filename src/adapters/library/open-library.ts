import { homedir } from "node:os";
import { join } from "node:path";
import { digestOf } from "../../domain/digest.ts";
import { InputError } from "../../domain/step-failure.ts";
import type { Library } from "../../engine/ports.ts";
import { type Place, readText } from "./read-text.ts";
import { filledPrompt, readPrompt } from "./role-prompt.ts";
import { checkSkillName, readSkill } from "./skill.ts";
import { listSkills, type SkillShelf } from "./skills.ts";

export interface OpenLibrary {
  /** The installed package: it holds `roles/` and `skills/`. */
  readonly packageDir: string;
  /** The target repository. */
  readonly repoDir: string;
  /** Whose `.agents/skills` is read. Default: the user's home folder. */
  readonly home?: string;
}

/**
 * Role prompts and skills as files. A prompt in `<repo>/.agents/roles` wins over the package's; skills are looked for in
 * the repository, then in the home folder, then in the package. Broken files are InputErrors with every problem, an unknown
 * or missing placeholder among them.
 */
export function openLibrary({ packageDir, repoDir, home = homedir() }: OpenLibrary): Library {
  const repo: Place = { root: repoDir, kind: "closed" };
  const shipped: Place = { root: packageDir, kind: "open" };
  const shelves: readonly SkillShelf[] = [
    { place: repo, folder: join(repoDir, ".agents", "skills"), from: "project" },
    { place: repo, folder: join(repoDir, "skills"), from: "project" },
    { place: { root: home, kind: "open" }, folder: join(home, ".agents", "skills"), from: "home" },
    { place: shipped, folder: join(packageDir, "skills"), from: "package" },
  ];
  const replyFormat = async () => {
    const path = join(packageDir, "roles", "parts", "reply-format.md");
    const text = await readText(shipped, path);
    if (text === undefined) throw new InputError([`${path} is missing: the package is not whole`]);
    return text;
  };
  return {
    async role(role) {
      const paths = [join(repoDir, ".agents", "roles", `${role}.md`), join(packageDir, "roles", `${role}.md`)] as const;
      for (const [place, path] of [
        [repo, paths[0]],
        [shipped, paths[1]],
      ] as const) {
        const text = await readText(place, path);
        if (text === undefined) continue;
        const body = await filledPrompt(role, path, readPrompt(role, path, text), replyFormat);
        return { text: body, digest: digestOf(body) };
      }
      throw new InputError([`there is no prompt for the role ${role}: neither ${paths.join(" nor ")}`]);
    },
    async skill(name) {
      checkSkillName(name);
      for (const { place, folder } of shelves) {
        const path = join(folder, name, "SKILL.md");
        const text = await readText(place, path);
        if (text !== undefined) return readSkill(name, path, text);
      }
      return undefined;
    },
    skills: () => listSkills(shelves),
    text: (path) => readText(repo, join(repoDir, path)),
  };
}
