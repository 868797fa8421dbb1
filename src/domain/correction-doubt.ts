import type { Answered, MakerRole } from "./answered.ts";
import type { CorrectionChange } from "./correction.ts";
import type { Event } from "./event.ts";
import { isExpected } from "./leading-finding.ts";
import { headline } from "./moves.ts";
import { REFACTOR } from "./refactor-offer.ts";
import { signatureOf } from "./signature.ts";
import type { Standing } from "./standing.ts";
import type { Finding, Refusal } from "./verdict.ts";

/** Changes that a brief tells. */
const MOST_TOLD = 5;

/** A fact with its key. */
interface Fact {
  readonly key: string;
  readonly event: Extract<Event, { type: "correction-suspended" }>;
}

/**
 * Corrections that are left out for the rest of the task: what is refused lies at lines that they changed, or speaks of what
 * they wrote there, and so it was after the answer before, with the same signature.
 */
export function doubtedCorrections(
  refusal: Refusal,
  { history, state, suspended }: Pick<Standing, "history" | "state" | "suspended">,
): readonly Fact[] {
  if (refusal.gate === "door" || isExpected(refusal)) return [];
  const signature = signatureOf(refusal);
  const since = history.slice(history.findLastIndex(({ role }) => role === "mill") + 1);
  const last = since.findLastIndex(({ outcome }) => outcome === "admitted");
  const [now, earlier] = [changesIn(since), changesBefore(since.slice(0, last + 1), signature)];
  const ids = [...new Set(now.filter((change) => isAt(change, refusal)).map(({ id }) => id))];
  return ids
    .filter((id) => !suspended.includes(id) && earlier.some((change) => change.id === id))
    .map((correction) => {
      const reason = `what it changed was refused twice in the same way: ${headline(refusal)}`;
      const { id: task } = state.task;
      const event = { type: "correction-suspended", task, correction, signature, reason } as const;
      return { key: `suspended/${task}/${correction}`, event };
    });
}

/** What the maker is told of corrections that changed what it wrote, below what is refused; nothing of a first call. */
export function correctedFindings(
  role: MakerRole,
  refusal: Refusal,
  { history, suspended }: Pick<Standing, "history" | "suspended">,
): readonly Finding[] {
  if (isExpected(refusal) || refusal.gate === REFACTOR) return [];
  const changes = history.findLast((answer) => answer.role === role)?.changes ?? [];
  return changes.slice(0, MOST_TOLD).map(({ id, path, line, before, after }) => {
    const off = suspended.includes(id)
      ? " It is left out for the rest of this task: send these lines as they should be."
      : "";
    const message = `The mill's correction ${id} changed your answer before it was judged: ${path}:${line}, ${quoted(before)} -> ${quoted(after)}. What is refused may come of that, and not of what you wrote.${off}`;
    return { rule: `correction/${id}`, answers: role, message, path, line };
  });
}

function quoted(text: string): string {
  return text.trim() === "" ? "(no line)" : JSON.stringify(text.trim());
}

/** Every change that is in the work: of the answers that were admitted. */
function changesIn(history: readonly Answered[]): readonly CorrectionChange[] {
  return history.flatMap(({ outcome, changes }) => (outcome === "admitted" ? (changes ?? []) : []));
}

/** The changes that were in the work when it was refused with this signature before; `history` ends with the newest answer. */
function changesBefore(history: readonly Answered[], signature: string): readonly CorrectionChange[] {
  const at = history.findLastIndex((answer) => answer.signature === signature && answer.gate !== "door");
  return at < 0 ? [] : changesIn(history.slice(0, at));
}

function isAt(change: CorrectionChange, { findings }: Refusal): boolean {
  const values = writtenValues(change);
  const lines = change.after.split("\n");
  const first = change.after.trim();
  return findings.some(({ path, line = 0, message, evidence = "" }) => {
    if (path === change.path && line >= change.line && line < change.line + lines.length) return true;
    const said = `${message}\n${evidence}`;
    if (first.length > 3 && said.includes(first)) return true;
    const known = valuesOf(said);
    return values.some((value) => known.has(value));
  });
}

/** Numbers, quoted texts and dotted names that the correction has written and that did not stand there: `201`, `app.database`. */
function writtenValues({ before, after }: CorrectionChange): readonly string[] {
  const had = valuesOf(before);
  return [...valuesOf(after)].filter((value) => !had.has(value));
}

function valuesOf(text: string): ReadonlySet<string> {
  const found = text.match(/(["'`])[^"'`\n]{3,}\1|\b[A-Za-z_]\w*(?:\.\w+)+\b|(?<![\w.])\d{2,}(?![\w.])/g) ?? [];
  return new Set(found.map((value) => value.replace(/^["'`]|["'`]$/g, "")));
}
