import type { CheckEnd } from "./check-text.ts";
import type { NumberedCheck } from "./held-out.ts";
import type { RunText, VisibleCall } from "./visible-call.ts";

/** One visible call, to be run as it stands and with changed inputs. */
export interface TriedCall {
  readonly call: VisibleCall;
  /** The number of the call as it stands. */
  readonly asIs: number;
  readonly changed: readonly { readonly number: number; readonly what: string }[];
}

/** What is run of a test file, and what it is called by. */
export interface Trial {
  readonly calls: readonly TriedCall[];
  readonly checks: readonly NumberedCheck[];
}

export type CheckEnds = ReadonlyMap<number, { readonly end: CheckEnd; readonly got: string }>;

/** Stands for no value: a check that ends as it should would say nothing of what came out. */
const NOTHING = { value: "millwright: no value is this one" };

/** At most `most` changed inputs, every call's first before any call's second; none that is visible itself. */
export function trialOf(calls: readonly VisibleCall[], most: number): Trial {
  const visible = new Set(calls.map(keyOf));
  const open = calls.map((call) => call.variants.filter((variant) => !visible.has(keyOf(variant))));
  const shares = sharesOf(
    open.map(({ length }) => length),
    most,
  );
  const checks: NumberedCheck[] = [];
  const add = ({ setup, call }: RunText): number => {
    const number = checks.length + 1;
    checks.push({ number, criterion: "", imports: [], setup, call, expected: NOTHING });
    return number;
  };
  const tried = calls.flatMap((call, index) => {
    const chosen = (open[index] ?? []).slice(0, shares[index]);
    if (chosen.length === 0) return [];
    const asIs = add(call);
    return [{ call, asIs, changed: chosen.map((one) => ({ number: add(one), what: one.what })) }];
  });
  return { calls: tried, checks };
}

function keyOf({ setup, call }: RunText): string {
  return [...setup, call].join("\n").replace(/\s+/g, "");
}

/** How many each gets of `most`, round by round. */
function sharesOf(lengths: readonly number[], most: number): readonly number[] {
  const shares = lengths.map(() => 0);
  for (let left = most, round = 0; left > 0 && lengths.some((length) => length > round); round++)
    for (const [index, length] of lengths.entries())
      if (left > 0 && length > round) {
        shares[index] = round + 1;
        left--;
      }
  return shares;
}

/** What is looked at, as all visible calls of a test file and all changed ones have answered it. */
interface Answered {
  readonly observed: string;
  readonly line: number;
  readonly tests: ReadonlySet<string>;
  readonly changed: readonly string[];
}

/** Changed inputs that have to be answered before anything is said of them. */
const ENOUGH = 4;
/** Where none of them has an answer: code may well refuse what it does not know. */
const ENOUGH_OF_NOTHING = 6;
const NOTHING_COMES = /^(?:null|None|an error)$/;
const ERROR = "an error";
/** What a report shows of an answer is cut there: two such may differ behind it. */
const CUT = 140;
/** Answers that a function may well always give. */
const USUAL = /^(?:-?[01]|""|'')$/;
/** What tells two things apart answers most changes alike. */
const YES_OR_NO = /^(?:true|false|True|False)$/;
/** A number or a text. */
const PLAIN = /^(?:-?\d|["'])/;
/** One call and nothing else: what an object or a list has become may well not depend on all that it was told. */
const PLAIN_CALL = /^[^()]*\(\)$/;

/** Things looked at whose answers do not depend on what was changed, one line each; `file` is the test file. */
export function unmoved(file: string, trial: Trial, ends: CheckEnds): readonly string[] {
  return answered(trial, ends).flatMap((one) => {
    const said = remark(one);
    return said === undefined ? [] : [`${one.observed} (${file}:${one.line}): ${said}`];
  });
}

function remark({ observed, tests, changed }: Answered): string | undefined {
  const [only, ...others] = [...new Set(changed)];
  if (only === undefined || others.length > 0 || !isTelling(only, { tests, changed })) return undefined;
  if (tests.size > 1)
    return `${changed.length} changed inputs, and for each the answer is ${only}; the tests' own have ${tests.size} different ones. It may know no others.`;
  const isPlain = PLAIN.test(only) && !USUAL.test(only) && PLAIN_CALL.test(observed);
  return isPlain && tests.has(only)
    ? `${changed.length} changed inputs, and the answer stays ${only}. It may not look at its inputs.`
    : undefined;
}

function isTelling(only: string, { tests, changed }: Pick<Answered, "tests" | "changed">): boolean {
  if (changed.length < (NOTHING_COMES.test(only) ? ENOUGH_OF_NOTHING : ENOUGH)) return false;
  return ![...tests, only].every((one) => YES_OR_NO.test(one));
}

function answered({ calls }: Trial, ends: CheckEnds): readonly Answered[] {
  const usable = calls.flatMap((tried) => {
    const own = ends.get(tried.asIs);
    if (own?.end !== "differs") return [];
    const changed = tried.changed.flatMap(({ number }) => answerOf(number, ends.get(number)) ?? []);
    return changed.length === 0 ? [] : [{ call: tried.call, own: own.got, changed }];
  });
  const names = [...new Set(usable.map(({ call }) => call.observed))];
  return names.map((observed) => {
    const same = usable.filter(({ call }) => call.observed === observed);
    return {
      observed,
      line: same[0]?.call.line ?? 1,
      tests: new Set(same.map(({ own }) => own)),
      changed: same.flatMap(({ changed }) => changed),
    };
  });
}

/** What came out, or that an error did; undefined where the text itself makes no sense here. Of what is cut, nobody knows the rest. */
function answerOf(
  number: number,
  seen: { readonly end: CheckEnd; readonly got: string } | undefined,
): string | undefined {
  if (seen?.end === "differs") return seen.got.length < CUT ? seen.got : `${number}: ${seen.got}`;
  return seen?.end === "raised" || seen?.end === "set-up" ? ERROR : undefined;
}

/** How many changed inputs were answered at all. */
export function answeredCount(trial: Trial, ends: CheckEnds): number {
  return answered(trial, ends).flatMap(({ changed }) => changed).length;
}
