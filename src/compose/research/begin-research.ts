import { readdir, readFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { type Inspection, inspectRepository, refusals } from "../../adapters/git/system/inspection.ts";
import { type Config, Suite } from "../../domain/config.ts";
import { digestOf } from "../../domain/digest.ts";
import { independenceProblems } from "../../domain/independence.ts";
import { answering, namesFor } from "../../domain/known-backends.ts";
import { DESIGN_FILES } from "../../domain/research/design-problems.ts";
import { readDesign } from "../../domain/research/read-design.ts";
import { RunInputs } from "../../domain/run-inputs.ts";
import { InputError } from "../../domain/step-failure.ts";
import { loadConfig, loadWorkflow, withFlags } from "../read-config.ts";
import { bent, type Wiring } from "../wiring.ts";
import type { ResearchRequest } from "./research-door.ts";
import { RESEARCH_ROLES } from "./research-roles.ts";

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
  const settings = { ...place.config, suites: suitesOf(place.config) };
  const config = bent(withFlags(settings, { ...request, workflow: undefined }), wiring);
  const texts = await designTexts(inspection.root);
  const read = readDesign(texts, FOLDER, place.files, settings.suites);
  const problems = [
    ...(read.kind === "problems" ? read.problems : []),
    ...(request.recording === undefined ? castProblems(config) : []),
  ];
  if (read.kind === "problems" || problems.length > 0) throw new InputError(problems);
  const { design } = read;
  const workflow = await loadWorkflow(inspection.root, request.workflow ?? "research");
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

/**
 * What is wrong with what an experiment would begin with in a folder that could not be opened, by what is on the disk; empty
 * where nothing can be said.
 */
export async function problemsUnopened(request: ResearchRequest, path: string | undefined): Promise<readonly string[]> {
  const inspection = await inspectRepository(request.dir).catch(() => undefined);
  if (inspection === undefined || relative(inspection.root, resolve(request.dir)) !== "") return [];
  const { root } = inspection;
  const config = await loadConfig(root, path).catch(() => undefined);
  const entries = await readdir(root, { recursive: true });
  const files = entries.filter((entry) => entry.endsWith(".py")).map((entry) => entry.split(sep).join("/"));
  const suites = config === undefined ? [] : suitesOf(config);
  const read = readDesign(await designTexts(root), FOLDER, files, suites);
  const isAsked = config !== undefined && request.recording === undefined;
  return [
    ...refusals(inspection, config?.submodules ?? "empty"),
    ...(read.kind === "problems" ? read.problems : []),
    ...(isAsked ? castProblems(withFlags(config, { ...request, workflow: undefined })) : []),
  ];
}

/** Roles without a model, or reviewers that are no other model than the coder's. */
function castProblems(config: Config): readonly string[] {
  const without = RESEARCH_ROLES.filter((role) => namesFor(config.models, role).length === 0);
  if (without.length === 0) return dependent(config);
  return [
    `No model is configured for ${without.join(", ")}: write \`models: { default: mailbox }\` into millwright.yaml, or a server's model such as \`ollama/qwen2.5-coder:14b\`. \`millwright models\` says what is reachable; one model or person for all roles needs \`independence: none\` too.`,
  ];
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
