import { runProgram } from "../../adapters/program/run-program.ts";
import type { Config } from "../../domain/config.ts";
import { diffWords, type Forge, forgeOf, viewWords } from "../../domain/forge/forge.ts";
import { InputError } from "../../domain/step-failure.ts";
import type { ReadSource } from "./read-source.ts";

/** A request whose words or difference are longer than what a program may say is not kept in part. */
const MOST = 60 * 1024;

/** The number in `pr:12`; undefined: the source is no pull request. */
export function pullRequestIn(source: string): string | undefined {
  return /^pr:#?(\d{1,9})$/.exec(source)?.[1];
}

/**
 * What a pull request says and changes, as the forge's own program tells it in the person's name.
 * @throws InputError when the network rules forbid it, or the program is missing or refuses
 */
export async function readPullRequest(number: string, root: string, { network }: Config): Promise<ReadSource> {
  if (network !== "open")
    throw new InputError([`pr:${number} is refused by \`network: ${network}\`: a forge is asked over the network.`]);
  const remote = await runProgram({
    argv: ["git", "config", "--get", "remote.origin.url"],
    cwd: root,
    env: { ...process.env },
  });
  const url = remote.stdout.trim();
  const forge = forgeOf(url);
  if (forge === undefined)
    throw new InputError([
      `pr:${number} names a pull request, and the remote origin is neither on GitHub nor on GitLab. Save it as a file and ingest that.`,
    ]);
  const told: string[] = [];
  for (const words of viewWords(forge, number)) told.push((await said(forge, words, root)).trim());
  const changed = await said(forge, diffWords(forge, number), root);
  return {
    name: `pull-request-${number}.md`,
    text: `${told.join("\n\n").trim()}\n\n## Difference\n\n~~~~diff\n${changed.trim()}\n~~~~\n`,
    from: `pull request ${number} of ${url.replace(/\/\/[^@/]*@/, "//")}`,
  };
}

async function said(forge: Forge, words: readonly string[], root: string): Promise<string> {
  const env = {
    ...process.env,
    GH_PROMPT_DISABLED: "1",
    NO_COLOR: "1",
    GIT_TERMINAL_PROMPT: "0",
    GLAMOUR_STYLE: "notty",
  };
  const end = await runProgram({ argv: [forge, ...words], cwd: root, env });
  const problem = end.problem ?? end.stderr.trim().split("\n").at(-1) ?? "";
  if (end.exit !== 0)
    throw new InputError([
      `${forge} ${words.slice(0, 2).join(" ")} failed: ${problem} See that ${forge} is installed and signed in (\`${forge} auth status\`).`,
    ]);
  if (end.stdout.length > MOST)
    throw new InputError([
      `${forge} tells more than ${MOST} characters. Save the part that matters as a file and ingest that.`,
    ]);
  return end.stdout;
}
