import { open, readdir, stat } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { StepFailure } from "../../../domain/step-failure.ts";
import { type HubName, parseHubName, pickFiles } from "./hub-name.ts";
import type { EmbeddedPlaces } from "./places.ts";

/** A model on this disk. */
export interface ModelFile {
  /** Absolute; of a model in several parts, the first. */
  readonly path: string;
  /** Of all parts. */
  readonly bytes: number;
}

/**
 * The file behind the model part of `llama.cpp/<model>`: a path, relative to `root`, or `hf:owner/repo:quant`, fetched.
 * @throws StepFailure `environment` when it is not there or no GGUF file.
 */
export async function findModelFile(model: string, root: string, places: EmbeddedPlaces): Promise<ModelFile> {
  const name = parseHubName(model);
  const found = name === undefined ? await fileAt(model, root) : await fetchedFile(name, places);
  if (found === undefined) throw name === undefined ? missing(model, root) : notFetched(model);
  await checkMagic(found.path);
  return found;
}

/** The fetched file of a model of the hub, or undefined. */
export async function fetchedFile(name: HubName, places: EmbeddedPlaces): Promise<ModelFile | undefined> {
  const dir = join(places.models, name.owner, name.repo);
  const names = (await readdir(dir).catch(() => [])).filter((file) => file.endsWith(".gguf"));
  const picked = pickFiles(names, name.quant);
  const [first] = picked;
  if (first === undefined || picked.length < partsOf(first)) return undefined;
  const sizes = await Promise.all(picked.map(async (file) => (await stat(join(dir, file))).size));
  return { path: join(dir, first), bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

function partsOf(file: string): number {
  return Number(/-\d{5}-of-(\d{5})\.gguf$/.exec(file)?.[1] ?? 1);
}

async function fileAt(path: string, root: string): Promise<ModelFile | undefined> {
  const absolute = isAbsolute(path) ? path : resolve(root, path);
  const found = await stat(absolute).catch(() => undefined);
  return found?.isFile() ? { path: absolute, bytes: found.size } : undefined;
}

async function checkMagic(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (bytesRead === 4 && buffer.toString("latin1") === "GGUF") return;
  } finally {
    await file.close();
  }
  throw unusableFile(`${path} is no GGUF file: it does not begin with \`GGUF\``, "Name a model in GGUF format.");
}

function missing(model: string, root: string): StepFailure {
  return unusableFile(
    `the model file ${isAbsolute(model) ? model : resolve(root, model)} is not there`,
    "Correct the path under `models` in millwright.yaml, or write `llama.cpp/hf:owner/repo:quant` and fetch it.",
  );
}

function notFetched(model: string): StepFailure {
  return unusableFile(`the model ${model} has not been fetched`, `Run \`millwright models fetch ${model}\`.`);
}

/** A model file that cannot be used until a person does something. */
export function unusableFile(message: string, hint: string, cause?: unknown): StepFailure {
  return new StepFailure(message, { code: "environment", remedy: "ask", hint, cause });
}
