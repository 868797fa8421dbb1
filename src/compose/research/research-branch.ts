import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ResearchFact } from "../../domain/research/facts.ts";
import { gateOf } from "../../domain/research/pipeline.ts";
import { errorsText, pipelineText } from "../../domain/research/pipeline-text.ts";
import type { StageFile } from "../../domain/research/stage.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import { BranchResult } from "../../domain/step-shapes.ts";
import type { FileChange } from "../../domain/work.ts";
import type { RunContext } from "../../engine/context.ts";
import { passLine } from "../../engine/line.ts";
import type { Git } from "../../engine/ports.ts";
import { step } from "../../engine/step.ts";
import { errorsOf, factsOf, type Head, type Project } from "./project.ts";

/** Opens `research/<name>` at the run's base, with the design as the run froze it. */
export async function openResearchBranch(
  { name, files }: { readonly name: string; readonly files: readonly StageFile[] },
  context: RunContext,
): Promise<string> {
  const { ports, base } = context;
  const { git } = ports.repository(undefined);
  const made = await step(ports, { key: "research/branch", shape: BranchResult }, async () => {
    const start = await git.resolve(base.commit);
    if (start === undefined)
      throw new StepFailure("The base commit is gone.", {
        code: "git-failed",
        remedy: "ask",
        hint: "Start a new run.",
      });
    const tree = await git.layOver(start.tree, await layerOf(files, git));
    const message = `Design of ${name}\n\nRun: ${ports.journal.run}\n`;
    const commit = await git.commit({ tree, parents: [start.commit], message, at: context.startedAt });
    return { branch: await claim(name, commit, git), commit, tree };
  });
  await ports.journal.append("research/opened", { type: "research-opened", ...made });
  return made.branch;
}

/** The first of `research/<name>`, `research/<name>-2`, … that is free, or that this run made before it was killed. */
async function claim(name: string, commit: string, git: Git): Promise<string> {
  for (let number = 1; ; number++) {
    const branch = number === 1 ? `research/${name}` : `research/${name}-${number}`;
    const head = await git.resolve(branch);
    if (head?.commit === commit) return branch;
    if (!head && (await git.advance(branch, undefined, commit))) return branch;
  }
}

async function layerOf(files: readonly StageFile[], git: Git): Promise<readonly FileChange[]> {
  const changes = files.map(async ({ path, text }) => ({
    path,
    blob: await git.writeBlob(text),
    mode: "100644" as const,
  }));
  return (await Promise.all(changes)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What is to stand on the branch after a visit of a stage, or after a fix. */
export interface Landing {
  /** Unique in the run. */
  readonly key: string;
  readonly message: string;
  readonly files: readonly StageFile[];
  /** Head of the branch before it, as the facts know it. */
  readonly from: Head;
  /** What the files are laid upon. */
  readonly onto: Head;
  /** The fact that will be written with it: `pipeline.yaml` tells of it already. */
  readonly fact: ResearchFact;
}

/** Lays the files, `pipeline.yaml` and `logs/errors.log` upon the head as one commit, and moves the branch there. */
export async function landFiles(landing: Landing, project: Project): Promise<Head> {
  const { context, branch } = project;
  const { ports, startedAt } = context;
  const { git } = ports.repository(undefined);
  const landed = await step(ports, { key: `research/land/${landing.key}`, shape: BranchResult }, async () => {
    await passLine(context);
    const records = await recordsOf(landing.fact, project);
    const tree = await git.layOver(landing.onto.tree, await layerOf([...landing.files, ...records], git));
    const message = `${landing.message}\n\nRun: ${ports.journal.run}\n`;
    const count = (await factsOf(context)).length + 1;
    const commit = await git.commit({ tree, parents: [landing.onto.commit], message, at: startedAt + count });
    if (!(await git.advance(branch, landing.from.commit, commit)) && (await git.resolve(branch))?.commit !== commit)
      throw new StepFailure(`The branch ${branch} is not where the run left it.`, {
        code: "git-failed",
        remedy: "ask",
        hint: `Move it back (git branch -f ${branch} ${landing.from.commit}) and \`millwright resume\`.`,
      });
    return { branch, commit, tree };
  });
  return { commit: landed.commit, tree: landed.tree };
}

async function recordsOf(fact: ResearchFact, project: Project): Promise<readonly StageFile[]> {
  const errors = await errorsOf(project.context);
  return [
    { path: "pipeline.yaml", text: await pipelineNow([fact], project) },
    ...(errors.length > 0 ? [{ path: "logs/errors.log", text: errorsText(errors) }] : []),
  ];
}

async function pipelineNow(coming: readonly ResearchFact[], { context, design, branch }: Project): Promise<string> {
  const changes = (await context.ports.journal.entries()).flatMap(({ event }) =>
    event.type === "research-gates" ? [event] : [],
  );
  const facts = [...(await factsOf(context)), ...coming];
  const run = context.ports.journal.run;
  return pipelineText({ name: design.name, run, branch, facts, gate: (stage) => gateOf(stage, design.gates, changes) });
}

/** Where `pipeline.yaml` can be read while the pipeline goes on. */
export function liveFolder(stateDir: string, run: string): string {
  return join(stateDir, "research", run);
}

/** Writes `pipeline.yaml` and `errors.log` as they stand, for people who look on. */
export async function showPipeline(project: Project): Promise<void> {
  const { starting, context } = project;
  const dir = liveFolder(starting.stateDir, starting.id);
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, "pipeline.yaml"), await pipelineNow([], project));
  await writeFile(join(dir, "errors.log"), errorsText(await errorsOf(context)));
}
