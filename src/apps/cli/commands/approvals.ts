import { userInfo } from "node:os";
import type { ApprovalChoice } from "../../../compose/approvals/approvals-door.ts";
import { APPROVAL_GATES, type ApprovalGate } from "../../../domain/approval-gate.ts";
import { subjectName } from "../../../domain/approval-texts.ts";
import { APPROVAL_STAGES, type ApprovalStage, type Approvals } from "../../../domain/approvals.ts";
import { didYouMean } from "../../../domain/nearest-word.ts";
import { InputError } from "../../../domain/step-failure.ts";
import type { Mill } from "../../../mill.ts";
import { plain, plainJson, plainLine } from "../../../views/plain.ts";
import { EXIT } from "../exit-code.ts";
import { findRun } from "../find-run.ts";
import { paintDiff } from "../paint-diff.ts";
import { type Session, say, withMill } from "../session.ts";

interface Options {
  readonly task?: string;
  readonly by?: string;
  readonly note?: string;
  readonly digest?: string;
  readonly show?: boolean;
  readonly end?: boolean;
}

export async function approve(session: Session, words: readonly string[], options: Options): Promise<number> {
  return options.show ? show(session, words, options) : speak(session, words, options, "approved");
}

export async function reject(session: Session, words: readonly string[], options: Options): Promise<number> {
  return speak(session, words, options, "rejected");
}

async function show(session: Session, words: readonly string[], options: Options): Promise<number> {
  return withMill(session, async (mill) => {
    const shown = await mill.approvals.show(await choiceOf(words, options, mill));
    if (session.json) say(session, plainJson(shown));
    else {
      const { run, subject, text } = shown;
      const head = `${run}: ${plainLine(subjectName(subject))}, ${subject.digest.slice(0, 10)}`;
      say(session, `${head}\n\n${subject.text === undefined ? paintDiff(text, session) : plain(text)}`);
    }
    return EXIT.done;
  });
}

async function speak(
  session: Session,
  words: readonly string[],
  options: Options,
  decision: "approved" | "rejected",
): Promise<number> {
  const { note, end, by = whoIsHere() } = options;
  return withMill(session, async (mill) => {
    const { run, subject } = await mill.approvals.say(await choiceOf(words, options, mill), {
      decision,
      by,
      note,
      end,
    });
    if (session.json) say(session, plainJson({ run, subject, decision, by }));
    else {
      const what = `${plainLine(subjectName(subject))} (${subject.digest.slice(0, 10)}) is ${decision}, by ${plainLine(by, 200)}.`;
      say(session, `${what}\nnext     millwright resume ${run}`);
    }
    return EXIT.done;
  });
}

/** The first word may be left out: `approve task` names a stage. */
async function choiceOf(words: readonly string[], { task, digest }: Options, mill: Mill): Promise<ApprovalChoice> {
  const [first = "", second = ""] = words;
  const [wanted, stage] = isStage(first) && second === "" ? ["", first] : [first, second];
  if (stage !== "" && !isStage(stage)) throw notOneOf("stage", stage, APPROVAL_STAGES);
  const run = wanted === "" ? undefined : (await findRun(mill, wanted)).id;
  if (isStage(stage)) return { run, stage, task, digest };
  return { run, ...(task === undefined ? {} : { stage: "task" }), task, digest };
}

export async function gates(session: Session, said: string, { by = whoIsHere() }: Options): Promise<number> {
  const words = said.split(" ").filter((word) => word !== "");
  const changes = words.filter((word) => word.includes("="));
  const [wanted, ...more] = words.filter((word) => !word.includes("="));
  if (more.length > 0)
    throw new InputError([`gates takes one run and changes like task=human; "${more[0]}" is neither.`]);
  const changed = changesOf(changes);
  return withMill(session, async (mill) => {
    const run = wanted === undefined ? undefined : (await findRun(mill, wanted)).id;
    const look = changes.length === 0 ? await mill.approvals.look(run) : await mill.approvals.change(run, changed, by);
    if (session.json) say(session, plainJson(look));
    else {
      const rows = APPROVAL_STAGES.map((stage) => `${stage.padEnd(8)} ${look.gates[stage]}`);
      const waiting = look.waiting.map(
        (subject) => `waits    ${plainLine(subjectName(subject))} (${subject.digest.slice(0, 10)})`,
      );
      say(session, [look.run, ...rows, ...waiting].join("\n"));
    }
    return EXIT.done;
  });
}

function changesOf(words: readonly string[]): Partial<Approvals> {
  return Object.fromEntries(
    words.map((word) => {
      const [stage = "", gate = ""] = word.split("=");
      if (!isStage(stage)) throw notOneOf("stage", stage, APPROVAL_STAGES);
      if (!isGate(gate)) throw notOneOf("gate", gate, APPROVAL_GATES);
      return [stage, gate];
    }),
  );
}

function isStage(word: string): word is ApprovalStage {
  return (APPROVAL_STAGES as readonly string[]).includes(word);
}

function isGate(word: string): word is ApprovalGate {
  return (APPROVAL_GATES as readonly string[]).includes(word);
}

function notOneOf(what: string, word: string, known: readonly string[]): InputError {
  return new InputError([`There is no ${what} "${word}": ${known.join(", ")}.${didYouMean(word, known)}`]);
}

/** Who is logged in on this machine. */
export function whoIsHere(): string {
  try {
    return userInfo().username;
  } catch {
    return "";
  }
}
