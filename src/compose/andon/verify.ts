import { type Answer, provenBy } from "../../domain/five-whys.ts";
import { clipped } from "../../domain/incident-opening.ts";
import { type Incident, OUTPUT_LIMIT, type Verification, type Why } from "../../domain/incident-record.ts";
import { redact } from "../../domain/redact.ts";
import { InputError } from "../../domain/step-failure.ts";
import type { Git, Repository } from "../../engine/ports.ts";
import type { Desk } from "./desk.ts";
import { headOf, inRepository, treeOf } from "./repository.ts";

interface Verified {
  readonly verification: Verification;
  readonly proven: Why["proven"];
}

/** What the mill itself sees of an answer. @throws InputError when it does not hold, with what was seen instead */
export async function verify(
  desk: Desk,
  incident: Incident,
  given: Answer & { readonly expectExit: number },
): Promise<Verified> {
  return inRepository(desk, async (repository) => {
    const { verification } = given;
    if (verification.kind === "quote")
      return { verification: await findQuote(verification, incident, repository.git), proven: undefined };
    const then = await treeOf(incident, repository.git);
    const run = (tree: string) => runOn(tree, verification.command, repository);
    if (given.proven) return prove({ command: verification.command, then, incident }, run, repository.git);
    const seen = await run(then);
    if (seen.exitCode !== given.expectExit)
      throw new InputError([
        `\`${verification.command}\` ended with exit code ${seen.exitCode}, not ${given.expectExit}: the answer is not verified. ${shownOutput(seen.output)}`,
      ]);
    return {
      verification: { kind: "command", command: redact(verification.command), tree: then, ...seen },
      proven: undefined,
    };
  });
}

type Seen = { readonly exitCode: number; readonly output: string };

async function prove(
  { command, then, incident }: { readonly command: string; readonly then: string; readonly incident: Incident },
  run: (tree: string) => Promise<Seen>,
  git: Git,
): Promise<Verified> {
  const head = await headOf(git);
  const before = await run(then);
  const now = head === then ? before : await run(head);
  const { output, failures, problem } = incident.evidence;
  const seen = [output, problem, ...failures.flatMap(({ message, evidence = "" }) => [evidence, message])];
  const proven = provenBy({ failing: before, now, seen });
  if (proven === undefined)
    throw new InputError([
      before.exitCode === 0
        ? `\`${command}\` passes on the tree where the failure was seen: it does not show the cause.`
        : `\`${command}\` fails with the failure and without it, and says nothing of what was seen: it proves no cause. ${shownOutput(before.output)}`,
    ]);
  return {
    verification: { kind: "command", command: redact(command), tree: then, ...before, exitCodeNow: now.exitCode },
    proven,
  };
}

function shownOutput(output: string): string {
  return output === "" ? "It printed nothing." : `It printed: ${clipped(output, 600)}`;
}

async function runOn(tree: string, command: string, { toolchain, config }: Repository): Promise<Seen> {
  const result = await toolchain.command({ tree, run: command, seconds: config.limits.commandSeconds });
  const output = clipped(redact(`${result.stdout}\n${result.stderr}`.trim()), OUTPUT_LIMIT);
  if (result.ended === "exited" && result.exitCode !== null) return { exitCode: result.exitCode, output };
  throw new InputError([`\`${command}\` did not end by itself (${result.ended}): it verifies nothing.`]);
}

/** Where the words stand: on the tree where the failure was seen, else on HEAD. */
async function findQuote(
  { path, line, quote }: Extract<Answer["verification"], { kind: "quote" }>,
  incident: Incident,
  git: Git,
): Promise<Verification> {
  const trees = [...new Set([await treeOf(incident, git), await headOf(git)])];
  const lines: string[] = [];
  for (const tree of trees) {
    const text = await git.read(tree, path);
    const found = text?.split("\n")[line - 1];
    if (found !== undefined && squeezed(found).includes(squeezed(quote)))
      return { kind: "quote", path, line, quote: redact(quote.trim()), tree };
    if (text !== undefined)
      lines.push(found === undefined ? `has no line ${line}` : `says there: ${clipped(redact(found.trim()), 200)}`);
  }
  const instead = lines[0] ?? "is not in the repository";
  throw new InputError([`"${quote}" is not at ${path}:${line}: the file ${instead}`]);
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
