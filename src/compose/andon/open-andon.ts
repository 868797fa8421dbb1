import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { systemClock } from "../../adapters/clock/system.ts";
import { inspectRepository } from "../../adapters/git/system/inspection.ts";
import type { IncidentBook } from "../../adapters/line/book.ts";
import { actionProblems, closeProblems, levelOf } from "../../domain/andon-close.ts";
import { metaTemplates, type RemainingTask } from "../../domain/andon-meta.ts";
import { remainingIn } from "../../domain/andon-pattern.ts";
import { routineFix } from "../../domain/andon-routine.ts";
import { answerProblems, isPlaceholder, rootCauseOf } from "../../domain/five-whys.ts";
import type { IncidentReport } from "../../domain/incident.ts";
import type { Closing, Incident } from "../../domain/incident-record.ts";
import { incidentReportText } from "../../domain/incident-report-text.ts";
import { redact } from "../../domain/redact.ts";
import { InputError } from "../../domain/step-failure.ts";
import { timeText } from "../../domain/time-text.ts";
import type { MillFlags } from "../../mill.ts";
import { openLine } from "../open-line.ts";
import { loadConfig } from "../read-config.ts";
import { prepareStateDir } from "../state-dir.ts";
import type { Andon, AndonOpened, AndonShown } from "./andon-door.ts";
import { lookAtArtefacts } from "./artefacts.ts";
import type { Desk } from "./desk.ts";
import { prePushHook } from "./hook.ts";
import { tellJournal, withFacts } from "./journal.ts";
import { verify } from "./verify.ts";

/** Opens the line of a repository for a person. @throws InputError when there is none, or with the config's problems */
export async function openAndon(dir: string, flags: MillFlags): Promise<Andon> {
  const inspection = await inspectRepository(dir);
  const { root } = inspection;
  const config = await loadConfig(root, flags.config);
  const stateDir = await prepareStateDir(root, inspection.sharedDir);
  const desk: Desk = { root, stateDir, config, book: openLine(root, stateDir) };
  const { book } = desk;
  return {
    root,
    state: async () => ({ stopped: await book.stopped(), incidents: await book.all() }),
    show: async (wanted) => shown(desk, await found(book, wanted, "any")),
    open: (problem, { stop }) => open(desk, problem, stop),
    why: async (wanted, given) => {
      const incident = await found(book, wanted, "open");
      const problems = answerProblems(given, incident, config.limits.whys);
      if (problems.length > 0) throw new InputError(problems);
      const { verification, proven } = await verify(desk, incident, given);
      const category = given.category === undefined ? undefined : rootCauseOf(given.category);
      const why = {
        answer: redact(given.answer.trim()),
        verification,
        ...(proven === undefined ? {} : { proven }),
        ...(category === undefined ? {} : { category }),
      };
      const amended = await book.amend(incident.id, ({ analysis }) => ({
        analysis: { ...analysis, whys: [...analysis.whys, why] },
      }));
      return shown(desk, amended);
    },
    act: (wanted, action) => act(desk, wanted, action),
    close: (wanted, said) => close(desk, wanted, said),
    hook: (options) => prePushHook(inspection, options),
  };
}

/** The one incident that is meant. @throws InputError that lists what there is */
async function found(book: IncidentBook, wanted: string | undefined, which: "any" | "open"): Promise<Incident> {
  const all = await book.all();
  const open = all.filter(({ closing }) => closing === undefined);
  if (wanted === undefined) {
    const newest = open.findLast(({ evidence }) => evidence.stops) ?? open.at(-1);
    if (newest !== undefined) return newest;
    const broken = await book.stopped();
    throw new InputError(broken.length > 0 ? broken.map(({ problem }) => problem) : ["No incident is open."]);
  }
  const name = wanted.trim().toUpperCase();
  const matching = all.filter(({ id }) => id.toUpperCase().startsWith(name) || id.toUpperCase().endsWith(`-${name}`));
  const [one, another] = matching;
  if (one === undefined)
    throw new InputError([`There is no incident ${wanted}. \`millwright andon status\` lists them.`]);
  if (another !== undefined)
    throw new InputError([`${wanted} may be ${matching.map(({ id }) => id).join(" or ")}: give more of it.`]);
  if (which === "open" && one.closing !== undefined)
    throw new InputError([`${one.id} was closed ${one.closing.closed}: what is closed stays as it is.`]);
  return one;
}

async function shown(desk: Desk, incident: Incident): Promise<AndonShown> {
  const isOpen = incident.closing === undefined;
  const folder = join(desk.stateDir, "incidents", ...(isOpen ? [] : ["archive"]), incident.id);
  if (!isOpen) return { incident, folder, missing: [] };
  const remaining = await remainingOf(desk, incident);
  const texts = {
    "report.md": incidentReportText(incident),
    ...(incident.evidence.kind === "meta-andon" ? metaTemplates(remaining) : {}),
  };
  const absent = Object.fromEntries(Object.entries(texts).filter(([name]) => incident.documents[name] === undefined));
  const whole =
    Object.keys(absent).length === 0 ? incident : await desk.book.amend(incident.id, () => ({ documents: absent }));
  const artefacts = whole.actions.map(() => "changed" as const);
  // Who approves is said when it is closed.
  const missing = closeProblems(whole, { artefacts, remaining, depth: desk.config.limits.whys });
  return { incident: whole, folder, missing };
}

async function remainingOf({ stateDir }: Desk, { evidence }: Incident): Promise<readonly RemainingTask[]> {
  if (evidence.kind !== "meta-andon") return [];
  return withFacts(stateDir, (facts) => remainingIn(facts, evidence.run));
}

const PERSON = "a person";

async function open(desk: Desk, problem: string, stop: boolean): Promise<AndonOpened> {
  if (isPlaceholder(problem) || problem.trim().split(/\s+/).length < 3)
    throw new InputError([`"${problem}" says not what is wrong: a sentence, please.`]);
  const reported = (await desk.book.all()).filter(
    ({ evidence, closing }) => evidence.kind === "reported" && closing === undefined,
  );
  const report: IncidentReport = {
    key: randomBytes(8).toString("hex"),
    run: PERSON,
    task: undefined,
    kind: "reported",
    stops: stop || reported.length + 1 >= desk.config.limits.reported,
    at: PERSON,
    problem: problem.trim(),
    evidence: [problem.trim(), ...reported.map(({ id, evidence }) => `before: ${id} ${evidence.problem}`)],
  };
  const fix = stop ? undefined : routineFix(report);
  if (fix !== undefined) return { kind: "routine", fix };
  const id = await desk.book.report(report);
  return { kind: "incident", incident: await found(desk.book, id, "open") };
}

async function act(
  desk: Desk,
  wanted: string | undefined,
  given: { readonly level: string; readonly what: string; readonly artefact: string },
): Promise<AndonShown> {
  const incident = await found(desk.book, wanted, "open");
  const [artefact = "", commit] = given.artefact.split(/@(?=[^@/]+$)/);
  const problems = actionProblems({ ...given, artefact });
  const level = levelOf(given.level);
  if (problems.length > 0 || level === undefined) throw new InputError(problems);
  const what = redact(given.what.trim());
  const action = { level, what, artefact: artefact.replace(/^\.\//, ""), ...(commit === undefined ? {} : { commit }) };
  const amended = await desk.book.amend(incident.id, ({ actions }) => ({ actions: [...actions, action] }));
  return shown(desk, amended);
}

async function close(
  desk: Desk,
  wanted: string | undefined,
  said: { readonly approvedBy?: string | undefined; readonly hypothesis?: string | undefined },
): Promise<Incident> {
  const incident = await found(desk.book, wanted, "open");
  const { approvedBy, hypothesis } = said;
  const problems = closeProblems(incident, {
    ...said,
    artefacts: await lookAtArtefacts(desk, incident),
    remaining: await remainingOf(desk, incident),
    depth: desk.config.limits.whys,
  });
  if (problems.length > 0) throw new InputError([`${incident.id} cannot be closed yet:`, ...problems]);
  const now = systemClock().now();
  const closing = {
    closedAt: now,
    closed: timeText(now),
    ...(approvedBy === undefined ? {} : { approvedBy: approvedBy.trim() }),
    ...(hypothesis === undefined ? {} : { hypothesis: redact(hypothesis.trim()) }),
  };
  const closed = await desk.book.close(incident.id, closing, incidentReportText({ ...incident, closing }));
  await tellJournal(desk.stateDir, closed);
  await closeBefore(desk, closed, closing);
  return closed;
}

/** What people reported before, and what the second report was opened with, is answered by it. */
async function closeBefore({ book }: Desk, { id, evidence }: Incident, closing: Closing): Promise<void> {
  if (evidence.kind !== "reported" || !evidence.stops) return;
  for (const before of await book.all()) {
    if (before.closing !== undefined || before.evidence.kind !== "reported" || before.evidence.stops) continue;
    const ended = { ...closing, hypothesis: `It was closed with ${id}: ${closing.hypothesis ?? ""}`.trim() };
    await book.close(before.id, ended, incidentReportText({ ...before, closing: ended }));
  }
}
