import { runProgram } from "../../adapters/program/run-program.ts";
import { choosePlan, type PendingPlan } from "../../domain/schedule/choose-plan.ts";
import { endOfExit, type ServeNote, type WorkEnd } from "../../domain/schedule/serve-log.ts";
import type { Begun } from "../../domain/schedule/serve-state.ts";
import type { RunRow } from "../../mill.ts";

/** Where the loops are done: the mill's own program in processes of their own, which a daemon outlives. */
export interface WorkPlace {
  readonly root: string;
  readonly config: string | undefined;
  /** Program and first words of the mill's command line. */
  readonly program: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string | undefined>>;
  plans(): Promise<readonly PendingPlan[]>;
  runs(): Promise<readonly RunRow[]>;
  /** True while another process works in the repository. */
  isBusy(): boolean;
  note(note: ServeNote): Promise<void>;
}

/** Does one loop; never throws for what the loop itself met. */
export async function workOn(begun: Begun, place: WorkPlace, signal: AbortSignal): Promise<WorkEnd> {
  if (begun.loop !== "execute") return call([begun.loop], place, signal);
  const choice = choosePlan(await place.plans());
  const { next, because, passedOver } = choice;
  await place.note({ kind: "chose", plan: next?.plan, because, passedOver });
  if (next === undefined) return { kind: "idle", reason: because };
  return call(next.run === undefined ? ["run", next.path] : ["resume", next.run], place, signal);
}

/** What the runs of a loop are called in the journal; those of plans have titles of their own. */
const TITLES: Readonly<Record<Begun["loop"], RegExp>> = { audit: /^Audit$/, document: /^Document /, execute: /./ };

/** How a loop ended that a daemon which is no more had begun: a run of it that began after it and has ended. */
export async function endOf(begun: Begun, place: WorkPlace): Promise<WorkEnd | undefined> {
  const row = (await place.runs()).find(
    ({ createdAt, title, outcome = "cancelled" }) =>
      createdAt >= begun.at && TITLES[begun.loop].test(title) && outcome !== "cancelled",
  );
  return row && endOfExit(0, { reason: `it had ended: ${row.outcome}`, run: row.id });
}

/** The words of its last line with `--json` that a reader needs. */
interface Said {
  readonly run?: string;
  readonly reason: string;
}

async function call(words: readonly string[], place: WorkPlace, signal: AbortSignal): Promise<WorkEnd> {
  const { program, root, config, env } = place;
  const [first, ...rest] = program;
  const flags = config === undefined ? [] : ["--config", config];
  let last = "";
  const onLine = (line: string) => {
    if (/^\{"kind":"(end|error)"/.test(line)) last = line;
  };
  const argv = [first, ...rest, ...words, "--json", ...flags] as const;
  const { exit, stderr, problem } = await runProgram({ argv: [...argv], cwd: root, env, onLine }, signal);
  const said = saidIn(last) ?? { reason: problem ?? stderr.trim().split("\n").at(-1) ?? "" };
  // Whoever was quicker has the lock; the tick waits for its turn.
  if (exit === 4 && place.isBusy()) return { kind: "busy", ...said };
  return endOfExit(exit, said);
}

function saidIn(line: string): Said | undefined {
  if (line === "") return undefined;
  const { run, outcome, reason, message, problems } = JSON.parse(line) as Record<string, unknown>;
  const ended = outcome as { readonly kind?: string; readonly reason?: string } | undefined;
  const words = [reason, ended?.reason, message, Array.isArray(problems) ? problems.join(" ") : undefined, ended?.kind];
  const first = words.find((word) => typeof word === "string" && word !== "");
  return { reason: String(first ?? ""), ...(typeof run === "string" ? { run } : {}) };
}
