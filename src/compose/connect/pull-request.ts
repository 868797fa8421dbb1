import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProgramEnd, runProgram } from "../../adapters/program/run-program.ts";
import { createWords, type Forge, forgeOf, listWords, openIn, updateWords, urlIn } from "../../domain/forge/forge.ts";
import { lineStopped } from "../../domain/line-stopped.ts";
import { InputError, StepFailure } from "../../domain/step-failure.ts";
import { checkLine } from "../andon/check.ts";
import type { PullRequestEnd, PullRequestWish } from "./connect-door.ts";

/** Git and the forges' programs as the person has set them up: pushing is done in their name, with their credentials. */
interface Hand {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Pushes a branch and opens a pull request for it, or brings the open one up to date.
 * @throws StepFailure `line-stopped`; InputError with what is missing, or what git or the forge said
 */
export async function openPullRequest(wish: PullRequestWish, hand: Hand): Promise<PullRequestEnd> {
  const stopped = lineStopped(await checkLine(hand.root));
  if (stopped) throw stopped;
  const url = (await git(["remote", "get-url", wish.remote], hand, `There is no remote ${wish.remote}.`)).stdout.trim();
  await git(["rev-parse", "--verify", "--quiet", `refs/heads/${wish.head}`], hand, `There is no branch ${wish.head}.`);
  const written = await runProgram({
    argv: ["git", "config", "--get", `remote.${wish.remote}.url`],
    cwd: hand.root,
    env: hand.env,
  });
  const forge = wish.forge ?? forgeOf(url) ?? forgeOf(written.stdout.trim()) ?? (await installedForge(hand));
  await git(
    ["push", "--quiet", wish.remote, `refs/heads/${wish.head}:refs/heads/${wish.head}`],
    hand,
    `git did not push ${wish.head} to ${wish.remote}.`,
  );
  const folder = await mkdtemp(join(tmpdir(), "millwright-pr-"));
  try {
    const bodyFile = join(folder, "body.md");
    await writeFile(bodyFile, wish.body);
    return await atForge(forge, { ...wish, bodyFile }, hand);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function atForge(
  forge: Forge,
  wish: PullRequestWish & { readonly bodyFile: string },
  hand: Hand,
): Promise<PullRequestEnd> {
  const found = openIn(forge, (await ask(forge, listWords(forge, wish.head), hand)).stdout);
  if (found !== undefined) {
    await ask(forge, updateWords(forge, found, wish), hand);
    return { kind: "updated", url: found.url, branch: wish.head, forge };
  }
  const { stdout } = await ask(forge, createWords(forge, wish), hand);
  return { kind: "opened", url: urlIn(stdout) ?? "", branch: wish.head, forge };
}

async function installedForge(hand: Hand): Promise<Forge> {
  for (const forge of ["gh", "glab"] as const) {
    const { exit } = await runProgram({ argv: [forge, "--version"], cwd: hand.root, env: hand.env });
    if (exit === 0) return forge;
  }
  throw new InputError([
    "The remote's address says neither GitHub nor GitLab, and neither gh nor glab is installed. Name one: --forge gh.",
  ]);
}

async function ask(forge: Forge, words: readonly string[], hand: Hand): Promise<ProgramEnd> {
  const env = { ...hand.env, GH_PROMPT_DISABLED: "1", NO_COLOR: "1", GIT_TERMINAL_PROMPT: "0" };
  const end = await runProgram({ argv: [forge, ...words], cwd: hand.root, env });
  if (end.exit === 0) return end;
  const said = end.problem ?? end.stderr.trim().split("\n").at(-1) ?? "";
  throw new StepFailure(`${forge} ${words.slice(0, 2).join(" ")} failed: ${said}`, {
    code: "environment",
    remedy: "ask",
    hint: `See that ${forge} is installed and signed in (\`${forge} auth status\`); the branch is pushed, so try again.`,
  });
}

async function git(words: readonly string[], { root, env }: Hand, problem: string): Promise<ProgramEnd> {
  const quiet = { ...env, GIT_TERMINAL_PROMPT: "0" };
  const end = await runProgram({ argv: ["git", ...words], cwd: root, env: quiet });
  if (end.exit === 0) return end;
  throw new InputError([`${problem} ${(end.problem ?? end.stderr).trim().slice(-500)}`.trim()]);
}
