import type { Design } from "../../domain/research/design.ts";
import { visitsOf } from "../../domain/research/pipeline.ts";
import type { Json, PythonWorld, StageName } from "../../domain/research/stage.ts";
import { STAGES } from "../../domain/research/stages.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import type { RunContext } from "../../engine/context.ts";
import { askOrchestrator, noteError } from "./orchestrate.ts";
import { endOf, factsOf, type Head, type Project } from "./project.ts";
import type { StageWork } from "./world.ts";

/** What a visit of a stage is given. */
export async function workOf(
  { stage, visit }: { readonly stage: StageName; readonly visit: number },
  head: Head,
  design: Design,
  project: Project,
): Promise<StageWork> {
  const { context, sandbox, starting } = project;
  const { git } = context.ports.repository(undefined);
  const reports = await reportsOf(project);
  const name = `${stage}-${visit}`;
  const asked = new Map<string, number>();
  return {
    design,
    context,
    sandbox,
    root: starting.root,
    stateDir: starting.stateDir,
    commit: head.commit,
    tree: head.tree,
    key: `research/${stage}/${visit}`,
    name,
    async exportTo() {
      const { dir, dispose } = await git.export(head.tree);
      return { folder: dir, remove: dispose };
    },
    python() {
      if (reports.python !== undefined) return reports.python;
      throw new StepFailure("The environment stage has not passed: there is no Python to run.", {
        code: "environment",
        remedy: "ask",
        hint: "`millwright research status` shows where the pipeline stands.",
      });
    },
    reportOf: (other) => reports.byStage.get(other),
    async orchestrate(problem) {
      const task = `${name}-${problem.subject.replace(/[^A-Za-z0-9]+/g, "-").slice(0, 40)}`;
      const before = asked.get(task) ?? 0;
      asked.set(task, before + 1);
      const first = before * context.config.limits.judgeReplies + 1;
      const reply = await askOrchestrator({ ...problem, design }, { task, first }, context);
      const resolution = `the orchestrator: ${reply.move}: ${reply.words}`;
      await noteError({ ...problem, error: problem.text, resolution }, name, context);
      return reply;
    },
    error: (entry) => noteError(entry, name, context),
  };
}

interface Reports {
  readonly byStage: ReadonlyMap<StageName, Json>;
  readonly python: PythonWorld | undefined;
}

/** Key of the steps that made an environment again, before their number. */
export const RESTORED = "research/environment/restored";

/** The newest of the same environment, where it was made again. */
async function restoredPython(context: RunContext, python: PythonWorld | undefined): Promise<PythonWorld | undefined> {
  const { journal } = context.ports;
  let newest: PythonWorld | undefined;
  for (let number = 1; ; number++) {
    const kept = await journal.find(`done/${RESTORED}/${number}`);
    if (kept?.type !== "step-completed") return newest?.digest === python?.digest ? newest : undefined;
    const end = await endOf((kept.result as { readonly end: string }).end, context);
    if (end.kind === "passed") newest = end.python;
  }
}

/** The Python that the environment stage made; undefined before. */
export async function pythonOf(project: Project): Promise<PythonWorld | undefined> {
  return (await reportsOf(project)).python;
}

/** What each stage said last, and the Python that the environment stage made. */
async function reportsOf({ context }: Project): Promise<Reports> {
  const facts = await factsOf(context);
  const byStage = new Map<StageName, Json>();
  let python: PythonWorld | undefined;
  for (const stage of STAGES) {
    const last = visitsOf(stage, facts).at(-1);
    if (last === undefined) continue;
    const end = await endOf(last.end, context);
    if ("report" in end) byStage.set(stage, end.report);
    if (end.kind === "passed" && end.python !== undefined) python = end.python;
  }
  return { byStage, python: (await restoredPython(context, python)) ?? python };
}
