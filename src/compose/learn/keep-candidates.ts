import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Candidate } from "../../domain/learn-candidate.ts";

const FOLDER = "candidates";
const FILE = "candidate.json";

/** The candidates that are kept in the state folder, by id; a folder that cannot be read is none. */
export async function keptCandidates(stateDir: string): Promise<ReadonlyMap<string, Candidate>> {
  const kept = new Map<string, Candidate>();
  const names = await readdir(join(stateDir, FOLDER)).catch(() => []);
  for (const name of names.sort()) {
    const text = await readFile(join(stateDir, FOLDER, name, FILE), "utf8").catch(() => undefined);
    const candidate = Candidate.safeParse(text === undefined ? undefined : parsed(text)).data;
    if (candidate !== undefined && candidate.id === name) kept.set(candidate.id, candidate);
  }
  return kept;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keeps a candidate with its evidence, whole or not at all; its correction lies beside it, to be read by people. */
export async function keepCandidate(stateDir: string, candidate: Candidate): Promise<void> {
  const dir = join(stateDir, FOLDER, candidate.id);
  await mkdir(dir, { recursive: true });
  await whole(join(dir, `${candidate.id.replace(/^retire-/, "")}.yaml`), candidate.text);
  await whole(join(dir, FILE), `${JSON.stringify(candidate, null, 2)}\n`);
}

export async function dropCandidate(stateDir: string, id: string): Promise<void> {
  await rm(join(stateDir, FOLDER, id), { recursive: true, force: true });
}

async function whole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
}
