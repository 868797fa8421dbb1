import type { Design } from "./design.ts";

/** The page that the training is handed. */
export const HAND_OFF_PATH = "experiments/exp-001/handoff.md";

/** `{config}` of the metrics' commands, beside the page. */
export const CONFIG_JSON_PATH = "experiments/exp-001/config.json";

type Runnable = Pick<Design, "training" | "subject" | "metrics" | "environment" | "datasets">;

/** The commands that train to the end and measure, to be copied into a shell in the top folder of the repository. */
export function runLines({ training, subject, metrics, environment, datasets }: Runnable): readonly string[] {
  const python = pythonOf(environment);
  const at = subject.path.lastIndexOf("/");
  const folders = at < 0 ? "." : `${subject.path.slice(0, at)}:.`;
  const name = subject.path.slice(at + 1, -".py".length);
  const checkpoint = "out/trained.pt";
  const words = { python, checkpoint, config: CONFIG_JSON_PATH, seed: String(training.seed) };
  const commands = [...new Set(metrics.map(({ command }) => filled(command, words)))];
  const data = datasets.length === 0 ? "" : ` MILLWRIGHT_DATASETS=${folderOf(datasets)}`;
  return [
    "```sh",
    `export PYTHONPATH=${folders}${data}`,
    "mkdir -p out",
    `${python} -c "import json, ${name} as s; c = json.load(open('${CONFIG_JSON_PATH}')); s.save('${checkpoint}', s.train(c, ${training.seed}, ${training.steps}, 'out'))"`,
    ...commands,
    "```",
  ];
}

/** What the plan's own commands have to be told of the datasets, for a shell in the top folder; empty where there are none. */
export function datasetWords({ datasets }: Pick<Runnable, "datasets">): string {
  return datasets.length === 0 ? "" : ` with MILLWRIGHT_DATASETS=${folderOf(datasets)}`;
}

/** The commands of the metrics, to be run in the top folder of the repository; a checkpoint is wherever the plan puts it. */
export function metricCommands({ training, metrics, environment }: Runnable): readonly string[] {
  const words = { python: pythonOf(environment), config: CONFIG_JSON_PATH, seed: String(training.seed) };
  return [...new Set(metrics.map(({ command }) => filled(command, words)))];
}

function pythonOf({ kind, interpreter }: Runnable["environment"]): string {
  return (kind === "system" ? interpreter : undefined) ?? "python3";
}

function filled(command: string, words: Readonly<Record<string, string>>): string {
  return command.replace(/\{(python|checkpoint|config|seed)\}/g, (all, word: string) => words[word] ?? all);
}

/** The folder of the repository that holds all of them as they are used, if there is one. */
function folderOf(datasets: Design["datasets"]): string {
  const folders = datasets.map(({ name, source, prepare }) => {
    const isHere = prepare === undefined && !source.includes(":") && source.endsWith(`/${name}`);
    return isHere ? source.slice(0, -name.length - 1) : undefined;
  });
  const [first] = folders;
  const isOne = first !== undefined && folders.every((folder) => folder === first);
  return isOne ? first : `"<the folder with ${datasets.map(({ name }) => name).join(", ")}>"`;
}
