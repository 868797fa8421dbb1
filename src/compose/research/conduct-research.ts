import { outcomeOfFailure, type RunOutcome } from "../../domain/outcome.ts";
import { DESIGN_FILES } from "../../domain/research/design-problems.ts";
import type { ResearchFact } from "../../domain/research/facts.ts";
import { nextMove } from "../../domain/research/pipeline.ts";
import { interrupted } from "../../domain/run-failures.ts";
import type { RunContext } from "../../engine/context.ts";
import type { RunEnd, Watch } from "../../mill.ts";
import { landOn } from "../land-on.ts";
import { type OpenedWorld, openWorld, type Starting } from "../run-once.ts";
import { askPerson, decide, replan } from "./decide-stage.ts";
import { fixStage } from "./fix-stage.ts";
import { designOf, factsOf, type Project } from "./project.ts";
import { openResearchBranch, showPipeline } from "./research-branch.ts";
import { restoreEnvironment } from "./restore-environment.ts";
import { visitStage } from "./visit-stage.ts";

/**
 * Takes an experiment's design through its stages. It is a run: every stage's end is a fact, and `resume` goes on behind
 * the last one.
 */
export async function conductResearch(starting: Starting, watch: Watch): Promise<RunEnd> {
  const world = await openWorld(starting, watch);
  try {
    const outcome = await research(starting, world).catch(outcomeOfFailure);
    await endResearch(outcome, world.context);
    return { run: starting.id, outcome };
  } finally {
    await world.close();
  }
}

async function research(starting: Starting, { context, sandbox }: OpenedWorld): Promise<RunOutcome> {
  const { research: frozen } = starting.inputs;
  if (frozen === undefined) throw new Error(`run ${starting.id} is no research run`);
  const design = designOf(frozen);
  const files = DESIGN_FILES.map((file) => ({ path: `${frozen.folder}/${file}`, text: frozen.texts[file] ?? "" }));
  const branch = await openResearchBranch({ name: design.name, files }, context);
  const project: Project = { starting, context, sandbox, design, branch };
  for (;;) {
    await showPipeline(project);
    if (context.ports.signal.aborted) throw interrupted();
    const ended = await moved(await factsOf(context), project);
    if (ended !== undefined) return ended;
  }
}

/** Does the next thing; answers how the run ends, or nothing while it goes on. */
async function moved(facts: readonly ResearchFact[], project: Project): Promise<RunOutcome | undefined> {
  const move = nextMove(facts, project.design.limits);
  if (move.kind === "fix" || (move.kind === "visit" && move.stage !== "environment")) await restoreEnvironment(project);
  switch (move.kind) {
    case "done":
      return landed(project);
    case "stopped":
      return { kind: "stuck", reason: move.reason };
    case "visit":
      await visitStage(move, project);
      return undefined;
    case "fix":
      await fixStage(move, project);
      return undefined;
    case "decide":
      await decide(move, project);
      return undefined;
    case "replan":
      await replan(move, project);
      return undefined;
    case "person":
      await askPerson(move, project);
      return undefined;
  }
}

/** The branch that the person named holds the result too; where they reject that, it stays on the research branch. */
async function landed({ starting, context, branch }: Project): Promise<RunOutcome> {
  const ended = await landOn(starting.inputs, context)({ kind: "done", branch });
  return ended.kind === "rejected" ? { kind: "stuck", reason: `${ended.reason} The result is on ${branch}.` } : ended;
}

/** As of any run: one that waits or was stopped can go on, and has not ended. */
async function endResearch(outcome: RunOutcome, { ports }: RunContext): Promise<void> {
  const { journal } = ports;
  const reason = "reason" in outcome ? outcome.reason : "";
  const ended = { type: "run-ended", outcome: outcome.kind, reason } as const;
  if (outcome.kind === "done" || outcome.kind === "stuck") return journal.append("ended", ended);
  let count = 1;
  while (await journal.find(`paused/${count}`)) count++;
  return journal.append(`paused/${count}`, ended);
}
