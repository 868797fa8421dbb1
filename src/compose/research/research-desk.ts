import { join } from "node:path";
import { systemClock } from "../../adapters/clock/system.ts";
import { openGit } from "../../adapters/git/system/open-git.ts";
import type { Config } from "../../domain/config.ts";
import type { GateType } from "../../domain/research/gate-type.ts";
import { gateOf, nextMove, visitsOf } from "../../domain/research/pipeline.ts";
import { historyLine, moveText, openStage, stateOf } from "../../domain/research/pipeline-text.ts";
import type { StageName } from "../../domain/research/stage.ts";
import { STAGES } from "../../domain/research/stages.ts";
import type { RunInputs } from "../../domain/run-inputs.ts";
import { InputError } from "../../domain/step-failure.ts";
import type { Opened } from "../prepare-run.ts";
import { frozenInputs } from "../run-once.ts";
import { researchInputs } from "./begin-research.ts";
import { designOf } from "./project.ts";
import { liveFolder } from "./research-branch.ts";
import type { ResearchLook, ResearchRequest } from "./research-door.ts";

/** A repository that was opened, with its config. */
export type ResearchDesk = Opened & { readonly config: Config };
type Place = ResearchDesk;

/** Freezes what a new research run depends on. @throws InputError with every problem of every file */
export async function frozenResearch(request: ResearchRequest, place: Place, version: string): Promise<RunInputs> {
  const now = systemClock().now();
  return researchInputs(request, { ...place, version, now, files: await pythonFiles(place) });
}

/** Where a pipeline stands; undefined: the newest. @throws InputError when there is none */
export async function lookAtResearch(run: string | undefined, place: Place): Promise<ResearchLook> {
  return lookAt(run ?? (await newest(place)), place);
}

/** Changes whose word lets a stage pass. @throws InputError when there is no such run */
export async function changeGate(
  run: string | undefined,
  { stage, gate, by }: { readonly stage: StageName; readonly gate: GateType; readonly by: string },
  place: Place,
): Promise<ResearchLook> {
  const { run: id } = await lookAtResearch(run, place);
  const journal = place.store.open(id);
  for (let count = 1; ; count++) {
    const key = `research/gates/${count}`;
    if (await journal.find(key)) continue;
    await journal.append(key, { type: "research-gates", by, gates: { [stage]: gate } });
    return lookAt(id, place);
  }
}

/** Python files of the base, by path: what a metric's command may run already. */
async function pythonFiles({ inspection, stateDir, config }: Place): Promise<readonly string[]> {
  const { git, close } = await openGit({ root: inspection.root, stateDir, submodules: config.submodules });
  try {
    const head = await git.resolve("HEAD");
    const files = head === undefined ? [] : await git.list(head.tree);
    return files.map(({ path }) => path).filter((path) => path.endsWith(".py"));
  } finally {
    await close();
  }
}

async function newest({ store }: Place): Promise<string> {
  for (const { id } of [...(await store.runs())].reverse()) if (await store.open(id).find("research/opened")) return id;
  throw new InputError(["There is no research run here yet. `millwright research .` begins one."]);
}

async function lookAt(run: string, { store, stateDir }: Place): Promise<ResearchLook> {
  const { inputs } = await frozenInputs(store, run);
  if (inputs.research === undefined) throw new InputError([`Run ${run} is no research run.`]);
  const design = designOf(inputs.research);
  const events = (await store.open(run).entries()).map(({ event }) => event);
  const facts = events.filter(
    (event) => event.type === "research-stage" || event.type === "research-fix" || event.type === "research-decided",
  );
  const changes = events.filter((event) => event.type === "research-gates");
  const opened = events.find((event) => event.type === "research-opened");
  const last = events.findLast(
    (event) => event.type === "run-ended" || event.type === "run-started" || event.type === "run-resumed",
  );
  const ended =
    last?.type === "run-ended" ? [last.outcome, last.reason].filter((part) => part !== "").join(": ") : undefined;
  const move = nextMove(facts, design.limits);
  const open = ended === undefined ? openStage(move) : undefined;
  const stages = STAGES.map((stage) => ({
    stage,
    state: stage === open ? ("open" as const) : stateOf(stage, facts),
    gate: gateOf(stage, design.gates, changes),
    visitedUnder: visitsOf(stage, facts).at(-1)?.gate,
    history: facts.filter((fact) => fact.stage === stage).map(historyLine),
  }));
  const path = join(liveFolder(stateDir, run), "pipeline.yaml");
  return { run, name: design.name, branch: opened?.branch, stages, next: moveText(move), ended, path };
}
