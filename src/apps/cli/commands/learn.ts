import { type Candidate, isWaiting } from "../../../domain/learn-candidate.ts";
import { InputError } from "../../../domain/step-failure.ts";
import type { LearnDecision, LearnDecisions, LearnEnd, Mill } from "../../../mill.ts";
import { counted } from "../../../views/amounts.ts";
import { candidateText, otherLine } from "../../../views/candidate-text.ts";
import { plainJson, plainLine } from "../../../views/plain.ts";
import { follow } from "../follow.ts";
import { type Session, say, withMill } from "../session.ts";

interface LearnOptions {
  readonly approve?: readonly string[];
  readonly reject?: readonly string[];
  readonly ask?: boolean;
  readonly list?: boolean;
}

/** Lists candidates with their evidence; a person approves or rejects them by a flag, or one by one in a terminal. */
export async function learn(session: Session, options: LearnOptions): Promise<number> {
  const { approve, reject, ask, list } = options;
  const isDecision = approve !== undefined || reject !== undefined;
  if (isDecision && (ask || list)) throw new InputError(["--approve and --reject decide; --ask and --list look."]);
  return withMill(session, async (mill) => {
    if (isDecision) return tellDecided(session, await mill.decide(decisionsOf(options)));
    const end = list ? await keptEnd(mill) : await lookNow(mill, session, ask ?? false);
    if (session.json) {
      say(session, plainJson(end));
      return 0;
    }
    say(session, endText(end));
    return end.waiting.length === 0 || session.terminal.ask === undefined ? 0 : await askPerson(session, mill, end);
  });
}

function decisionsOf({ approve, reject }: LearnOptions): LearnDecisions {
  return { approve: approve?.includes("all") ? "all" : approve, reject };
}

/** A look is no run: there are no facts of it to show. */
async function lookNow(mill: Mill, session: Session, ask: boolean): Promise<LearnEnd> {
  if (!session.json) session.terminal.stderr.write("Tries what was learned on the recorded proposals ...\n");
  const quiet: Session = { ...session, json: true };
  return follow(
    quiet,
    (watch) => mill.learn({ ask }, { ...watch, entry: () => undefined }),
    () => "millwright learn",
  );
}

async function keptEnd(mill: Mill): Promise<LearnEnd> {
  const kept = await mill.candidates();
  const others = kept.filter((one) => !isWaiting(one));
  return { recorded: 0, cases: 0, waiting: kept.filter(isWaiting), others, decided: [], notes: [] };
}

function endText({ recorded, cases, waiting, others, notes }: LearnEnd): string {
  const looked = `${counted(recorded, "recorded proposal")}, ${counted(cases, "case")} of something refused that was mended`;
  return [
    ...(recorded === 0 ? [] : [looked]),
    ...(waiting.length === 0 ? ["No correction waits for your word."] : []),
    ...waiting.flatMap((candidate) => ["", candidateText(candidate)]),
    ...(others.length === 0 ? [] : ["", "Not offered:", ...others.map((one) => `  ${otherLine(one)}`)]),
    ...notes.map((note) => plainLine(`note: ${note}`, 300)),
    ...(waiting.length === 0 ? [] : ["", "millwright learn --approve <id>, or --reject <id>"]),
  ].join("\n");
}

async function askPerson(session: Session, mill: Mill, { waiting }: LearnEnd): Promise<number> {
  const [approve, reject]: [string[], string[]] = [[], []];
  for (const candidate of waiting) {
    const answer = (await session.terminal.ask?.(questionOf(candidate)))?.trim() ?? "";
    if (/^y(es)?$/i.test(answer)) approve.push(candidate.id);
    else if (/^no?$/i.test(answer)) reject.push(candidate.id);
  }
  if (approve.length === 0 && reject.length === 0) return 0;
  return tellDecided(session, await mill.decide({ approve, reject }));
}

function questionOf({ id, kind, path }: Candidate): string {
  const what = kind === "new" ? `Write ${plainLine(path, 200)}` : `Switch off ${plainLine(path, 200)}`;
  return `${plainLine(id, 100)}: ${what}, in a commit of its own? [y, n, Enter: later] `;
}

function tellDecided(session: Session, decided: readonly LearnDecision[]): number {
  if (session.json) say(session, plainJson({ decided }));
  else say(session, decided.map(decidedLine).join("\n"));
  return 0;
}

function decidedLine({ id, decision, path, commit }: LearnDecision): string {
  if (decision === "rejected") return plainLine(`rejected ${id}: it is not offered again without new cases`, 300);
  return plainLine(`approved ${id}: ${path}, commit ${commit?.slice(0, 10)}`, 300);
}
