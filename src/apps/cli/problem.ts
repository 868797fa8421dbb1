import { join } from "node:path";
import { InputError, StepFailure } from "../../domain/step-failure.ts";
import { plain, plainJson } from "../../views/plain.ts";
import { exitCodeOfError } from "./exit-code.ts";
import { machineFailure } from "./machine-failure.ts";
import type { Session } from "./session.ts";

/** Tells a person (and with `--json` a program) what went wrong and what to do; answers the exit code. */
export function tellProblem(thrown: unknown, session: Session): number {
  const error = machineFailure(thrown) ?? thrown;
  const exit = exitCodeOfError(error);
  const { stdout, stderr } = session.terminal;
  if (session.json) stdout.write(`${plainJson({ kind: "error", exit, ...factsOf(error) })}\n`);
  stderr.write(`${plain(wordsOf(error, session))}\n`);
  return exit;
}

function factsOf(error: unknown): object {
  if (error instanceof InputError) return { code: "input", problems: error.problems };
  if (error instanceof StepFailure) return { code: error.code, message: error.message, hint: error.hint };
  return { code: "bug", message: error instanceof Error ? error.message : String(error) };
}

function wordsOf(error: unknown, session: Session): string {
  if (error instanceof InputError) return error.problems.map((problem) => `error: ${problem}`).join("\n");
  if (error instanceof StepFailure) return `error: ${error.message}\n  what to do: ${error.hint}`;
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const journal = session.journal ?? join(session.dir, ".millwright", "journal.db");
  return [
    `This is a bug in millwright: ${trace}`,
    "",
    "Please report the lines above. What had finished is kept: `millwright resume` goes on from there.",
    `The journal${session.journal === undefined ? ", if there is one," : ""} is intact: ${journal}`,
  ].join("\n");
}
