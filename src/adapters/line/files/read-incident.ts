import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Action, Analysis, Closing, Evidence, type Incident } from "../../../domain/incident-record.ts";
import { codeOf } from "./write-file.ts";

/** The incident of a folder; undefined when a file that the mill wrote is missing or cannot be understood. */
export async function readIncident(folder: string, id: string): Promise<Incident | undefined> {
  const [evidence, analysis, actions, closing] = await Promise.all([
    readJson(join(folder, "evidence.json"), Evidence),
    readJson(join(folder, "analysis.json"), Analysis),
    readJson(join(folder, "actions.json"), z.array(Action)),
    readJson(join(folder, "closed.json"), Closing),
  ]);
  if (evidence === undefined || analysis === undefined || actions === undefined || evidence.id !== id) return undefined;
  const documents = await readDocuments(folder);
  return { id, evidence, analysis, actions, documents, ...(closing === undefined ? {} : { closing }) };
}

/** Undefined when it is missing or is not what it should be. */
export async function readJson<Shape extends z.ZodType>(
  path: string,
  shape: Shape,
): Promise<z.infer<Shape> | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function readDocuments(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".md")).sort();
  const texts = await Promise.all(names.map((name) => readText(join(folder, name))));
  return Object.fromEntries(names.flatMap((name, index) => (texts[index] === undefined ? [] : [[name, texts[index]]])));
}

/** Undefined when there is no such file. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "")) return undefined;
    throw error;
  }
}

/** Names in a folder; none when there is no folder. */
export async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return (await readdir(dir)).sort();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}
