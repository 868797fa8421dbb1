import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { Inspection } from "../../adapters/git/system/inspection.ts";
import { type Config, Suite } from "../../domain/config.ts";
import { digestOf } from "../../domain/digest.ts";
import { independenceProblems } from "../../domain/independence.ts";
import { answering } from "../../domain/known-backends.ts";
import { DESIGN_FILES } from "../../domain/research/design-problems.ts";
import { readDesign } from "../../domain/research/read-design.ts";
import { testProblems } from "../../domain/research/subject-problems.ts";
import { RunInputs } from "../../domain/run-inputs.ts";
import { InputError } from "../../domain/step-failure.ts";
import { loadWorkflow, withFlags } from "../read-config.ts";
import { bent, type Wiring } from "../wiring.ts";
import type { ResearchRequest } from "./research-door.ts";

/** Where a research run is to begin. */
export interface ResearchPlace {
  readonly inspection: Inspection;
  readonly config: Config;
  readonly wiring: Wiring;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Paths of the base. */
  readonly files: readonly string[];
}

const FOLDER = "design";

/** Reads and freezes everything that a research run depends on. @throws InputError with every problem of every file */
export async function researchInputs(request: ResearchRequest, place: ResearchPlace): Promise<RunInputs> {
  const { inspection, wiring } = place;
  const dir = resolve(request.dir);
  if (relative(inspection.root, dir) !== "")
    throw new InputError([
      `${request.dir} is no repository of its own: it lies in ${inspection.root}. Name the top folder of the experiment's repository; its design is in design/.`,
    ]);
  const texts = await designTexts(inspection.root);
  const read = readDesign(texts, FOLDER, place.files);
  if (read.kind === "problems") throw new InputError(read.problems);
  const { design } = read;
  const settings = { ...place.config, suites: suitesOf(place.config) };
  const untested = testProblems(design.environment, settings.suites, FOLDER);
  if (untested.length > 0) throw new InputError(untested);
  const workflow = await loadWorkflow(inspection.root, request.workflow ?? "research");
  const config = bent(withFlags(settings, { ...request, workflow: undefined }), wiring);
  const dependence = request.recording === undefined ? dependent(config) : [];
  if (dependence.length > 0) throw new InputError(dependence);
  return RunInputs.parse({
    spec: { title: design.title, text: design.body, digest: digestOf(design.body) },
    config: request.recording === undefined ? config : { ...config, budget: {} },
    workflow,
    base: { commit: inspection.head ?? "", branch: inspection.branch },
    startedAt: wiring.begin?.startedAt ?? Math.floor(place.now / 1000),
    version: place.version,
    configured: bent(place.config, wiring).models,
    land: request.land,
    research: { folder: FOLDER, texts, files: place.files },
    replay:
      request.recording === undefined
        ? undefined
        : { dir: resolve(request.recording), strict: request.strict ?? false },
  });
}

/** Tests of an experiment are pytest's, unless the config says something else. */
function suitesOf({ suites }: Config): Config["suites"] {
  return suites.length > 0 ? suites : [Suite.parse({ runner: "pytest" })];
}

async function designTexts(root: string) {
  const read = DESIGN_FILES.map(async (file) => {
    const text = await readFile(join(root, FOLDER, file), "utf8").catch(() => undefined);
    return [file, text] as const;
  });
  return Object.fromEntries(await Promise.all(read)) as Record<(typeof DESIGN_FILES)[number], string | undefined>;
}

/** The reviews are by other models than the coder's; the judge, who is stateless and comes second, may share it. */
function dependent(config: Config): readonly string[] {
  const cast = {
    makers: ["tester", "developer"],
    reviewers: ["reviewer", "research-reviewer"],
    goalCheckers: [],
    examiners: [],
    approvers: [],
  } as const;
  return independenceProblems(config.independence, cast, (role) => answering(config, role));
}
