import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { digestOf } from "../../domain/digest.ts";
import { ROLES } from "../../domain/model-call.ts";
import { InputError } from "../../domain/step-failure.ts";
import { openLibrary } from "./open-library.ts";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "library-"));
  await put("repo/README.md", "");
  await put(
    "package/roles/developer.md",
    "---\nname: developer\nkind: maker\ndescription: d\n---\n\nShipped prompt.\n\n{{reply-format}}\n",
  );
  await put("package/roles/parts/reply-format.md", "With EDIT blocks: $& stays.\n");
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await writeFile(join(dir, path), text);
}

function open() {
  return openLibrary({ packageDir: join(dir, "package"), repoDir: join(dir, "repo"), home: join(dir, "home") });
}

async function problemsOf(call: Promise<unknown>): Promise<readonly string[]> {
  const error = await call.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).problems;
}

const skill = (name: string, body: string, more = "") =>
  `---\nname: ${name}\ndescription: what for\n${more}---\n${body}\n`;

describe("a role's prompt", () => {
  test("is the package's without its front matter, with the digest of what is told", async () => {
    const text = "Shipped prompt.\n\nWith EDIT blocks: $& stays.";
    expect(await open().role("developer")).toEqual({ text, digest: digestOf(text) });
  });

  test("is the repository's where that has one, whatever its line ends", async () => {
    await put(
      "repo/.agents/roles/developer.md",
      "\uFEFF---\r\nname: developer\r\nkind: maker\r\ndescription: d\r\n---\r\nOurs.\r\n{{ reply-format }}\r\n",
    );
    expect((await open().role("developer")).text).toBe("Ours.\nWith EDIT blocks: $& stays.");
  });

  test("with a placeholder that it does not know, or without the one that it needs, tells both", async () => {
    const path = join(dir, "repo/.agents/roles/developer.md");
    await put(
      "repo/.agents/roles/developer.md",
      "---\nname: developer\nkind: maker\ndescription: d\n---\n{{reply-fromat}}\n",
    );
    expect(await problemsOf(open().role("developer"))).toEqual([
      `${path}: unknown placeholder {{reply-fromat}}; there is {{reply-format}}`,
      expect.stringContaining(`${path}: the placeholder {{reply-format}} is missing`),
    ]);
  });

  test("of a judge has no placeholders: its reply has a schema", async () => {
    await put(
      "repo/.agents/roles/reviewer.md",
      "---\nname: reviewer\nkind: judge\ndescription: d\n---\n{{reply-format}}\n",
    );
    expect((await problemsOf(open().role("reviewer"))).join()).toContain("there are none for this role");
  });

  test("that breaks the rules tells all of them at once, with the path", async () => {
    await put("repo/.agents/roles/developer.md", "---\nname: tester\nkind: judge\ndescripton: d\n---\nx\n");
    const problems = await problemsOf(open().role("developer"));
    const path = join(dir, "repo/.agents/roles/developer.md");
    expect(problems).toEqual([
      `${path}: name: must be developer, like the file`,
      `${path}: kind: must be maker, as the role developer is one`,
      expect.stringContaining(`${path}: description:`),
      expect.stringContaining('"descripton"'),
    ]);
  });

  test.each([
    ["without front matter", "Just text.", "begins with no front matter"],
    ["with YAML that is none", "---\nname: [\n---\nx", "is no YAML"],
    ["with nothing to say", "---\nname: developer\nkind: maker\ndescription: d\n---\n\n", "there is no prompt"],
    ["that is binary", "---\nname: \0\n---\n", "NUL"],
    ["of half a megabyte", "x".repeat(500_000), "larger than 256 KB"],
  ])("%s is refused", async (_what, text, reason) => {
    await put("repo/.agents/roles/developer.md", text);
    expect((await problemsOf(open().role("developer"))).join()).toContain(reason);
  });

  test("that is nowhere names both places", async () => {
    const [problem] = await problemsOf(open().role("tester"));
    expect(problem).toContain(join(dir, "repo/.agents/roles/tester.md"));
    expect(problem).toContain(join(dir, "package/roles/tester.md"));
  });

  test("in the repository may not be a link out of it: a model would be told what is there", async () => {
    await put("secret.md", "---\nname: developer\nkind: maker\ndescription: d\n---\nA private key.\n");
    await mkdir(join(dir, "repo/.agents/roles"), { recursive: true });
    await symlink(join(dir, "secret.md"), join(dir, "repo/.agents/roles/developer.md"));
    expect((await problemsOf(open().role("developer"))).join()).toContain("outside");
  });

  test("is shipped for every role", async () => {
    const packageDir = join(dirname(fileURLToPath(import.meta.url)), "../../..");
    const library = openLibrary({ packageDir, repoDir: join(dir, "repo") });
    for (const role of ROLES) expect((await library.role(role)).text.length).toBeGreaterThan(100);
  });
});

describe("a skill", () => {
  test("is found in the repository, then at home, then in the package", async () => {
    await put("package/skills/one/SKILL.md", skill("one", "package"));
    expect(await open().skill("one")).toBe("package");
    await put("home/.agents/skills/one/SKILL.md", skill("one", "home"));
    expect(await open().skill("one")).toBe("home");
    await put("repo/skills/one/SKILL.md", skill("one", "repo"));
    expect(await open().skill("one")).toBe("repo");
    await put("repo/.agents/skills/one/SKILL.md", skill("one", "agents", "license: MIT\nmetadata:\n  version: 1\n"));
    expect(await open().skill("one")).toBe("agents");
  });

  test("that nobody has is undefined", async () => {
    expect(await open().skill("nothing")).toBeUndefined();
  });

  test("that breaks the format tells every rule at once", async () => {
    await put("repo/skills/one/SKILL.md", `---\nname: Other\ndescription: ${"d".repeat(1025)}\n---\nx\n`);
    const path = join(dir, "repo/skills/one/SKILL.md");
    expect(await problemsOf(open().skill("one"))).toEqual([
      `${path}: name: lower-case letters, digits and single hyphens between them`,
      `${path}: name: must be one, like its folder`,
      `${path}: description: at most 1024 characters`,
    ]);
  });

  test.each([["../roles"], ["a/b"], ["A"], ["a--b"], ["x".repeat(65)], [""]])("may not be called %j", async (name) => {
    expect((await problemsOf(open().skill(name))).join()).toContain("name:");
  });

  test("at home may be a link, as people share them; in the repository not out of it", async () => {
    await put("shared/one/SKILL.md", skill("one", "shared"));
    await mkdir(join(dir, "home/.agents/skills"), { recursive: true });
    await symlink(join(dir, "shared/one"), join(dir, "home/.agents/skills/one"));
    expect(await open().skill("one")).toBe("shared");
    await mkdir(join(dir, "repo/skills"), { recursive: true });
    await symlink(join(dir, "shared/one"), join(dir, "repo/skills/one"));
    expect((await problemsOf(open().skill("one"))).join()).toContain("outside");
  });
});
