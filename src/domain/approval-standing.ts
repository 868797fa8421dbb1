import type { ApprovalSubject, Approvals, ApprovalWord, Standing } from "./approvals.ts";
import type { Event, JournalEntry } from "./event.ts";

type Facts = readonly JournalEntry[];
type Given = Extract<Event, { type: "approval-given" }>;

/** The gates as they stand: those that the run began with, and what people have changed since. */
export function gatesNow(entries: Facts, began: Approvals): Approvals {
  const changes = entries.flatMap(({ event }) => (event.type === "gates-changed" ? [event.gates] : []));
  return Object.assign({}, began, ...changes);
}

/**
 * The newest word on exactly this subject, or on the same difference before a clean rebase, a model's only where no person is wanted; without one, nobody's where the gate
 * is `auto`, else whose word is wanted.
 */
export function standingOf(subject: ApprovalSubject, entries: Facts, began: Approvals): Standing {
  const gate = gatesNow(entries, began)[subject.stage];
  const given = givenOn(subject, entries).filter((one) => isSame(one, subject));
  const found = given.findLast((one) => gate !== "human" || one.judged !== true);
  if (found !== undefined) return { kind: "given", word: wordOf(found) };
  if (gate !== "auto") return { kind: "wanted", gate };
  return { kind: "given", word: { decision: "approved", by: "", note: "" } };
}

/** The same thing, or the same difference on another base. */
function isSame(one: ApprovalSubject, other: ApprovalSubject): boolean {
  return one.digest === other.digest || (one.patch !== undefined && one.patch === other.patch);
}

function givenOn({ stage, about }: ApprovalSubject, entries: Facts): readonly Given[] {
  return entries.flatMap(({ event }) =>
    event.type === "approval-given" && event.stage === stage && event.about === about ? [event] : [],
  );
}

function wordOf({ decision, by, note, end, judged }: Given): ApprovalWord {
  return { decision, by, note, ...(end ? { end } : {}), ...(judged ? { judged } : {}) };
}

/** `--land` in the command is its person's word, unless somebody has set the gate anew since. */
export function commandWord(branch: string, entries: Facts): ApprovalWord | undefined {
  const isSet = entries.some(({ event }) => event.type === "gates-changed" && event.gates.result !== undefined);
  return isSet ? undefined : { decision: "approved", by: `the command (--land ${branch})`, note: "" };
}

/** The number of an approver's first question about a subject: each that it has answered before may have taken `replies`. */
export function firstApproval(subject: ApprovalSubject, entries: Facts, replies: number): number {
  const others = givenOn(subject, entries).filter((one) => one.judged && !isSame(one, subject));
  return 1 + replies * others.length;
}

/**
 * Subjects that wait for a person's word, oldest first. One that was asked before about the same stage and task is over once
 * something newer is asked about; so is a task's when it lands.
 */
export function waitingIn(entries: Facts): readonly ApprovalSubject[] {
  const asked = new Map<string, ApprovalSubject>();
  for (const { event } of entries) {
    if (event.type === "landed") asked.delete(`task/${event.task}`);
    if (event.type === "approval-given") asked.delete(placeOf(event));
    if (event.type !== "approval-asked") continue;
    const { type: _type, gate, ...subject } = event;
    asked.delete(placeOf(event));
    if (gate === "human") asked.set(placeOf(event), subject);
  }
  return [...asked.values()];
}

function placeOf({ stage, about = "" }: ApprovalSubject): string {
  return `${stage}/${about}`;
}

/** Names a subject in the keys of its facts. */
export function approvalKey({ stage, about = "-", digest }: ApprovalSubject): string {
  return `approval/${stage}/${about}/${digest.slice(0, 20)}`;
}
