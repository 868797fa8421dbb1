import type { CorrectionLook } from "../../../compose/correction-look.ts";
import { didYouMean } from "../../../domain/nearest-word.ts";
import { InputError } from "../../../domain/step-failure.ts";
import type { Mill } from "../../../mill.ts";
import { agoText, counted } from "../../../views/amounts.ts";
import { type CorrectionCount, correctionCounts, NEVER_APPLIED } from "../../../views/correction-counts.ts";
import { plain, plainJson, plainLine } from "../../../views/plain.ts";
import { EXIT } from "../exit-code.ts";
import { type Session, say, withMill } from "../session.ts";

type Counted = CorrectionLook & CorrectionCount;

const NONE =
  "There is no correction here: write corrections/<id>.yaml (docs/guides/corrections.md), or `millwright learn`.";

export async function listCorrections(session: Session): Promise<number> {
  const all = await countedCorrections(session);
  if (session.json) say(session, plainJson({ corrections: all.map(({ text: _text, ...rest }) => rest) }));
  else say(session, all.length === 0 ? NONE : all.flatMap((one) => listLines(one, session)).join("\n"));
  return all.some(({ state }) => state === "broken") ? EXIT.usage : EXIT.done;
}

async function countedCorrections(session: Session): Promise<readonly Counted[]> {
  const { lookAtCorrections } = await session.doors();
  const looks = await lookAtCorrections(session.dir);
  if (looks.length === 0) return [];
  const counts = await withMill(session, countsOf);
  return looks.map((look) => ({ ...look, ...(counts.get(look.id) ?? NEVER_APPLIED) }));
}

async function countsOf(mill: Mill): Promise<ReadonlyMap<string, CorrectionCount>> {
  const entries = [];
  for (const { id } of await mill.runs()) entries.push(...(await mill.entries(id)));
  return correctionCounts(entries);
}

function listLines(one: Counted, session: Session): readonly string[] {
  const { id, state, does = "", languages = [], title = "" } = one;
  const what = [does, languages.join(", ")].filter((text) => text !== "").join(", ");
  return [
    `${state.padEnd(6)}  ${plainLine(id)}  (${what || "unreadable"})  ${appliedText(one, session)}`,
    `        ${plainLine(title, 120)}`,
    ...whyLines(one),
    ...one.problems.map((problem) => `        ${plainLine(problem, 400)}`),
    ...(one.committed ? [] : ["        not committed: the next run does not see it like this"]),
  ].filter((line) => line.trim() !== "");
}

function appliedText({ times, runs, lastAt, suspended }: CorrectionCount, session: Session): string {
  if (lastAt === undefined) return "never applied";
  const ago = agoText(session.terminal.now() - lastAt);
  const left = suspended === 0 ? "" : `, left out of ${counted(suspended, "task")} after refusals`;
  return `applied ${counted(times, "time")} in ${counted(runs.length, "run")}, last ${ago}${left}`;
}

function whyLines({ why }: CorrectionLook): readonly string[] {
  if (why === undefined) return [];
  const { runs, signatures, cases } = why;
  const born = [
    ...(cases.length > 0 ? [counted(cases.length, "case")] : []),
    ...(runs.length > 0 ? [`runs ${runs.join(", ")}`] : []),
    ...(signatures.length > 0 ? [`signatures ${signatures.join(", ")}`] : []),
  ];
  const evidence = born.length === 0 ? "" : ` (${born.join("; ")})`;
  return [`        why: ${plainLine(`${why.reason}${evidence}`, 300)}`];
}

export async function showCorrection(session: Session, id: string): Promise<number> {
  const one = chosen(await countedCorrections(session), id);
  if (session.json) say(session, plainJson(one));
  else
    say(
      session,
      [
        plain(one.text).trimEnd(),
        "",
        `# ${one.path}: ${one.state}, ${appliedText(one, session)}`,
        ...one.runs.map((run) => `# applied in ${plainLine(run)}`),
        ...one.problems.map((problem) => `# ${plainLine(problem, 400)}`),
        ...(one.committed ? [] : ["# not committed: the next run does not see it like this"]),
      ].join("\n"),
    );
  return one.state === "broken" ? EXIT.usage : EXIT.done;
}

/** @throws InputError with the nearest id */
function chosen<Look extends CorrectionLook>(all: readonly Look[], id: string): Look {
  const found = all.find((one) => one.id === id);
  if (found) return found;
  const ids = all.map((one) => one.id);
  const hint = didYouMean(id, ids) || (ids.length === 0 ? "" : ` There are: ${ids.join(", ")}.`);
  throw new InputError([`There is no correction ${id} in corrections/.${hint}`]);
}

/** Runs the examples of what stands in the folder, committed or not. */
export async function testCorrections(session: Session, id: string | undefined): Promise<number> {
  const { lookAtCorrections } = await session.doors();
  const all = await lookAtCorrections(session.dir);
  const tried = id === undefined ? all : [chosen(all, id)];
  const problems = tried.flatMap((one) => one.problems);
  const exit = problems.length > 0 ? EXIT.usage : EXIT.done;
  if (session.json) {
    const tests = tried.map((one) => ({ id: one.id, path: one.path, state: one.state, problems: one.problems }));
    say(session, plainJson({ tests, exit }));
    return exit;
  }
  const lines = tried.map((one) => `${one.problems.length === 0 ? "ok    " : "broken"}  ${plainLine(one.id)}`);
  const wrong = problems.map((problem) => `        ${plain(problem)}`);
  say(session, tried.length === 0 ? NONE : [...lines, ...wrong].join("\n"));
  return exit;
}

export async function switchCorrection(session: Session, id: string, state: "on" | "off"): Promise<number> {
  const doors = await session.doors();
  const path = await doors.switchCorrection(session.dir, id, state);
  if (session.json) say(session, plainJson({ id, path, state }));
  else {
    const commit = `git add ${path} && git commit -m "Switch the correction ${id} ${state}" ${path}`;
    say(session, `${plainLine(id)} is ${state}. Commit it, or the next run does not see it:\n  ${commit}`);
  }
  return EXIT.done;
}
