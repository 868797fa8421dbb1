import { subjectName } from "../../domain/approval-texts.ts";
import type { ApprovalSubject } from "../../domain/approvals.ts";
import type { Mill, RunEnd } from "../../mill.ts";
import { plain, plainLine } from "../../views/plain.ts";
import { whoIsHere } from "./commands/approvals.ts";
import { paintDiff } from "./paint-diff.ts";
import { type Session, say } from "./session.ts";

/** Lines of a difference that are shown with the question. */
const SHOWN = 200;

/**
 * Asks the person at the terminal about what their run waits for, with what would happen before them. True when something
 * was said, so that the run can go on; false where nobody can answer, or they want to look at it later.
 */
export async function askApproval(session: Session, mill: Mill, end: RunEnd): Promise<boolean> {
  const { ask } = session.terminal;
  if (end.outcome.kind !== "waiting" || session.json || ask === undefined) return false;
  const { waiting } = await mill.approvals.look(end.run);
  let said = false;
  for (const subject of waiting) said = (await askOne(subject, { session, mill, run: end.run, ask })) || said;
  return said;
}

interface Asking {
  readonly session: Session;
  readonly mill: Mill;
  readonly run: string;
  ask(question: string): Promise<string>;
}

async function askOne(subject: ApprovalSubject, { session, mill, run, ask }: Asking): Promise<boolean> {
  const { stage, about, digest } = subject;
  const choice = { run, stage, task: about, digest };
  const { text } = await mill.approvals.show(choice);
  const lines = (subject.text === undefined ? paintDiff(text, session) : plain(text)).trimEnd().split("\n");
  const more = lines.length > SHOWN ? [`… ${lines.length - SHOWN} more lines: millwright approve ${run} --show`] : [];
  say(session, ["", ...lines.slice(0, SHOWN), ...more, ""].join("\n"));
  const answer = (
    await ask(`${plainLine(subjectName(subject))}: ${WISH[stage]} [y]es, [n]o, anything else: later  `)
  ).trim();
  const by = whoIsHere();
  if (/^y(es)?$/i.test(answer)) {
    await mill.approvals.say(choice, { decision: "approved", by });
    return true;
  }
  if (!/^no?$/i.test(answer)) return false;
  const note = await ask("What is wrong with it? Whoever made it is told: ");
  await mill.approvals.say(choice, { decision: "rejected", by, note });
  return true;
}

const WISH = {
  plan: "shall this be pursued?",
  task: "shall this land?",
  result: "shall this reach your branch?",
} as const;
