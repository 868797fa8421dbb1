import type { Design } from "../../domain/research/design.ts";
import { DESIGN_FILES, designProblems } from "../../domain/research/design-problems.ts";
import type { ResearchFact, ResearchGates } from "../../domain/research/facts.ts";
import type { GateType } from "../../domain/research/gate-type.ts";
import { gateOf } from "../../domain/research/pipeline.ts";
import type { DatedError } from "../../domain/research/pipeline-text.ts";
import { type DesignTexts, readDesign } from "../../domain/research/read-design.ts";
import type { StageEnd, StageName } from "../../domain/research/stage.ts";
import { type ResearchTask, TasksFile } from "../../domain/research/tasks.ts";
import type { RunInputs } from "../../domain/run-inputs.ts";
import { InputError, StepFailure } from "../../domain/step-failure.ts";
import { problemLines, readYaml } from "../../domain/yaml-text.ts";
import type { RunContext } from "../../engine/context.ts";
import type { Sandbox } from "../../engine/ports.ts";
import type { Starting } from "../run-once.ts";

/** A research run with everything it touches open. */
export interface Project {
  readonly starting: Starting;
  readonly context: RunContext;
  readonly sandbox: Sandbox;
  /** As it was when the run began. */
  readonly design: Design;
  readonly branch: string;
}

/** Where the research branch stands. */
export interface Head {
  readonly commit: string;
  readonly tree: string;
}

/** The design that a run froze. @throws InputError with every problem */
export function designOf(research: NonNullable<RunInputs["research"]>): Design {
  const texts = Object.fromEntries(DESIGN_FILES.map((file) => [file, research.texts[file]])) as DesignTexts;
  const read = readDesign(texts, research.folder, research.files);
  if (read.kind === "problems") throw new InputError(read.problems);
  return read.design;
}

/** The facts that decide how a run goes on, oldest first. */
export async function factsOf({ ports }: RunContext): Promise<readonly ResearchFact[]> {
  return (await ports.journal.entries()).flatMap(({ event }) =>
    event.type === "research-stage" || event.type === "research-fix" || event.type === "research-decided"
      ? [event]
      : [],
  );
}

export async function errorsOf({ ports }: RunContext): Promise<readonly DatedError[]> {
  return (await ports.journal.entries()).flatMap(({ at, event }) =>
    event.type === "research-error" ? [{ at, error: event }] : [],
  );
}

/** Whose word lets a stage pass now. */
export async function gateNow(stage: StageName, { context, design }: Project): Promise<GateType> {
  const changes = (await context.ports.journal.entries()).flatMap(({ event }) =>
    event.type === "research-gates" ? [event as ResearchGates] : [],
  );
  return gateOf(stage, design.gates, changes);
}

/** The head of the research branch by the facts: what happened last decides, wherever a branch of that name points. */
export async function headOf({ context }: Project): Promise<Head> {
  const facts = (await context.ports.journal.entries()).map(({ event }) => event);
  const last = facts.findLast(
    (event) => event.type === "research-opened" || event.type === "research-stage" || event.type === "research-fix",
  );
  if (last !== undefined && "commit" in last && "tree" in last) return { commit: last.commit, tree: last.tree };
  throw new Error("the research branch has not been opened");
}

/** How a visit of a stage ended, as its fact keeps it. */
export async function endOf(end: string, { ports }: RunContext): Promise<StageEnd> {
  return JSON.parse(await ports.journal.getBlob(end)) as StageEnd;
}

/** The design with the tasks as they stand now: those that the planner has written anew, where it has. */
export async function currentDesign({ design, context, starting }: Project): Promise<Design> {
  const decided = (await factsOf(context)).findLast(
    (fact) => fact.type === "research-decided" && fact.tasks !== undefined,
  );
  if (decided?.type !== "research-decided" || decided.tasks === undefined) return design;
  const read = readTasks(await context.ports.journal.getBlob(decided.tasks), design, starting.inputs.research?.files);
  return "problems" in read ? design : { ...design, tasks: read.tasks };
}

/** Reads a tasks file that the planner has written anew; `there` are the Python files of the base. */
export function readTasks(
  text: string,
  design: Design,
  there: readonly string[] = [],
): { readonly tasks: readonly ResearchTask[] } | { readonly problems: readonly string[] } {
  const read = readYaml(text, TasksFile);
  if (read.kind === "problems") return { problems: problemLines(read.problems) };
  const { tasks } = read.value;
  const files = [...there, ...design.tasks.flatMap((task) => task.files)];
  const { baselines, metrics } = design;
  const found = designProblems({ front: design, tasks, baselines, metrics, files }, design.folder);
  if (found.length === 0) return { tasks };
  return { problems: found.map(({ file, message }) => `${design.folder}/${file}: ${message}`) };
}

/** A person has to do something before it can go on. */
export function waitsFor(reason: string, hint: string): StepFailure {
  return new StepFailure(reason, { code: "environment", remedy: "ask", hint });
}
