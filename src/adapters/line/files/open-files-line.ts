import { randomUUID } from "node:crypto";
import { link, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { IncidentReport, OpenIncident } from "../../../domain/incident.ts";
import { analysisOf, claimOf, evidenceOf, INCIDENT_ID, incidentId } from "../../../domain/incident-opening.ts";
import type { Closing, Incident } from "../../../domain/incident-record.ts";
import { incidentReportText } from "../../../domain/incident-report-text.ts";
import { InputError } from "../../../domain/step-failure.ts";
import type { Amendment, BookWorld, IncidentBook } from "../book.ts";
import { namesIn, readIncident, readText } from "./read-incident.ts";
import { codeOf, inFolder, writeFileWhole, writeSynced } from "./write-file.ts";

/** What the files need beside the world of every book. */
export interface FilesWorld extends BookWorld {
  /** Does something while no other process changes an incident. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>;
}

/**
 * Incidents as folders in `dir`, which is made with the first one; the closed ones in `dir/archive`. A folder appears
 * whole or not at all, so a killed process leaves nothing that is seen; what it left is cleaned with the next report.
 */
export function openFilesLine(dir: string, world: FilesWorld): IncidentBook {
  const book = { dir, world };
  return {
    stopped: () => inFolder(dir, () => stopped(dir)),
    report: (report) => inFolder(dir, () => openOrFile(report, book)),
    all: () => inFolder(dir, () => all(dir)),
    find: (id) => inFolder(dir, () => find(dir, id)),
    amend: (id, change) => inFolder(dir, () => world.alone(() => amend(dir, id, change))),
    close: (id, closing, text) => inFolder(dir, () => world.alone(() => close(dir, { id, closing, text }))),
  };
}

interface Book {
  readonly dir: string;
  readonly world: FilesWorld;
}

const ARCHIVE = "archive";
const CLAIMS = ".claims";
const PART = /^\.new-(\d+)-/;

async function stopped(dir: string): Promise<readonly OpenIncident[]> {
  const ids = (await namesIn(dir)).filter((name) => INCIDENT_ID.test(name));
  const open = await Promise.all(ids.map((id) => stopping(dir, id)));
  return open.filter((incident) => incident !== undefined);
}

/** What cannot be read might be anything: it stops the line until a person has looked. */
async function stopping(dir: string, id: string): Promise<OpenIncident | undefined> {
  const incident = await readIncident(join(dir, id), id).catch(() => undefined);
  if (incident === undefined) {
    // Closed while it was being looked at.
    if (!(await namesIn(dir)).includes(id)) return undefined;
    return {
      id,
      kind: "reported",
      problem: `The files of ${id} cannot be read: restore them, or move the folder away.`,
    };
  }
  const { kind, problem, stops } = incident.evidence;
  return stops ? { id, kind, problem } : undefined;
}

async function openOrFile(report: IncidentReport, { dir, world }: Book): Promise<string> {
  await mkdir(join(dir, CLAIMS), { recursive: true });
  await clean(dir);
  const at = world.clock.now();
  const id = await claim(dir, report, incidentId(report, at));
  if (await isThere(dir, id)) return id;
  const around = await world.look();
  const evidence = evidenceOf(report, { id, at, around });
  const incident: Incident = { id, evidence, analysis: analysisOf(report), actions: [], documents: {} };
  await place(dir, incident);
  return id;
}

/** The id of this report: whoever comes first decides it, in all processes and for ever. */
async function claim(dir: string, report: IncidentReport, wanted: string): Promise<string> {
  const path = join(dir, CLAIMS, claimOf(report));
  const known = await readText(path);
  if (known !== undefined) return known;
  const part = `${path}.${randomUUID().slice(0, 8)}.part`;
  await writeSynced(part, wanted);
  try {
    await link(part, path);
    return wanted;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    return (await readText(path)) ?? wanted;
  } finally {
    await rm(part, { force: true });
  }
}

async function isThere(dir: string, id: string): Promise<boolean> {
  return (await namesIn(dir)).includes(id) || (await namesIn(join(dir, ARCHIVE))).includes(id);
}

/** Puts a whole folder in its place; one that is there already stays. */
async function place(dir: string, incident: Incident): Promise<void> {
  const part = join(dir, `.new-${process.pid}-${randomUUID().slice(0, 8)}`);
  await mkdir(part);
  try {
    await writeSynced(join(part, "evidence.json"), jsonText(incident.evidence));
    await writeSynced(join(part, "analysis.json"), jsonText(incident.analysis));
    await writeSynced(join(part, "actions.json"), jsonText(incident.actions));
    await writeSynced(join(part, "report.md"), incidentReportText(incident));
    await rename(part, join(dir, incident.id));
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    if (!["ENOTEMPTY", "EEXIST"].includes(codeOf(error) ?? "")) throw error;
  }
}

/** Removes what killed processes left behind. */
async function clean(dir: string): Promise<void> {
  for (const name of await namesIn(dir)) {
    const pid = PART.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(dir, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

async function all(dir: string): Promise<readonly Incident[]> {
  const ids = [...(await namesIn(dir)), ...(await namesIn(join(dir, ARCHIVE)))].filter((name) =>
    INCIDENT_ID.test(name),
  );
  const found = await Promise.all([...new Set(ids)].map((id) => find(dir, id)));
  return found.filter((incident) => incident !== undefined).sort(byAge);
}

function byAge(a: Incident, b: Incident): number {
  return a.evidence.openedAt - b.evidence.openedAt || (a.id < b.id ? -1 : 1);
}

async function find(dir: string, id: string): Promise<Incident | undefined> {
  if (!INCIDENT_ID.test(id)) return undefined;
  return (await openOne(dir, id)) ?? readIncident(join(dir, ARCHIVE, id), id);
}

/** A closing that was written without the move to the archive did not happen. */
async function openOne(dir: string, id: string): Promise<Incident | undefined> {
  const found = await readIncident(join(dir, id), id);
  if (found === undefined) return undefined;
  const { closing: _unfinished, ...incident } = found;
  return incident;
}

async function amend(dir: string, id: string, change: (incident: Incident) => Amendment): Promise<Incident> {
  const before = await mustBeOpen(dir, id);
  const { analysis, actions, documents } = change(before);
  const folder = join(dir, id);
  if (analysis !== undefined) await writeFileWhole(join(folder, "analysis.json"), jsonText(analysis));
  if (actions !== undefined) await writeFileWhole(join(folder, "actions.json"), jsonText(actions));
  for (const [name, text] of Object.entries(documents ?? {})) await writeFileWhole(join(folder, name), text);
  const after = await mustBeOpen(dir, id);
  await writeFileWhole(join(folder, "report.md"), incidentReportText(after));
  return mustBeOpen(dir, id);
}

interface Ending {
  readonly id: string;
  readonly closing: Closing;
  readonly text: string;
}

/** The move is what closes it: killed before, it is open, and closing it again writes the same files. */
async function close(dir: string, { id, closing, text }: Ending): Promise<Incident> {
  await mustBeOpen(dir, id);
  await writeFileWhole(join(dir, id, "final-report.md"), text);
  await writeFileWhole(join(dir, id, "closed.json"), jsonText(closing));
  await mkdir(join(dir, ARCHIVE), { recursive: true });
  await rename(join(dir, id), join(dir, ARCHIVE, id));
  const closed = await readIncident(join(dir, ARCHIVE, id), id);
  if (closed === undefined) throw new Error(`${id} vanished while it was closed`);
  return closed;
}

async function mustBeOpen(dir: string, id: string): Promise<Incident> {
  const incident = INCIDENT_ID.test(id) ? await openOne(dir, id) : undefined;
  if (incident !== undefined) return incident;
  throw new InputError([`No incident ${id} is open.`]);
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
