import type { WrittenCases } from "../../src/domain/diagnostic.ts";
import type { Need, Sights } from "../../src/domain/need.ts";
import type { SuiteReport } from "../../src/domain/suite-report.ts";
import { type Look, looking } from "./drive-gate.ts";
import { report, seenTest } from "./gate-states.ts";

type SuiteNeed = Extract<Need, { see: "suite" }>;
type Told = SuiteReport | readonly string[];

/** What the suites say, tree by tree; each may depend on selection and repetition. */
export interface SuiteStory {
  readonly base?: Told;
  /** The second full run of the base. */
  readonly baseAgain?: Told;
  /** Base + tests, or the throwing stubs over it. */
  readonly red?: Told;
  readonly redAgain?: Told;
  readonly sentinel?: Told;
  /** The work without a canary. The canary's failure is added by itself. */
  readonly work?: Told;
  readonly workAgain?: Told;
  readonly alone?: Told;
  /** The work's run with the canary, when it is not what `work` says plus a failed canary. */
  readonly canary?: Told;
  readonly baseCanary?: Told;
  readonly written?: Partial<WrittenCases>;
  readonly made?: readonly string[];
  readonly noCanary?: true;
  readonly changes?: Sights["changes"];
}

export const canaryFile = "test/millwright-canary.test.ts";
export const canaryFailed = `${canaryFile} > millwright canary must fail: failed`;

/** The world of a suite story, for `driveGate`. */
export function suites(story: SuiteStory): Look {
  return looking({
    suite: (need) => suiteSeen(need, story),
    stubs: ({ mode, tree }) => {
      const made = story.made ?? ["src/discount.ts#applyDiscount"];
      return { tree: made.length === 0 ? tree : mode, made, impossible: [] };
    },
    canary: ({ tree }) =>
      story.noCanary ? null : { tree: `${tree}+canary`, file: canaryFile, name: "millwright canary must fail" },
    cases: () => ({ parsed: true, cases: [], rest: [], imports: [], assertions: 1, ...story.written }),
    changes: () => story.changes ?? [],
  });
}

function suiteSeen(need: SuiteNeed, story: SuiteStory): SuiteReport {
  const isAgain = need.repetition > 1;
  if (need.tree === "base+canary") return told(story.baseCanary ?? [canaryFailed]);
  if (need.tree === "work+canary") return isAgain ? withCanary(told(story.workAgain ?? [])) : seenWithCanary(story);
  if (need.tree === "sentinel") return told(story.sentinel ?? story.red ?? []);
  const [first, again] = looksAt(need, story);
  return told((isAgain ? (again ?? first) : first) ?? []);
}

function looksAt(need: SuiteNeed, story: SuiteStory): readonly [Told | undefined, Told | undefined] {
  if (need.tree === "base") return [story.base, story.baseAgain];
  if (need.tree !== "work") return [story.red, story.redAgain];
  return need.selection.kind === "ids" ? [story.alone ?? story.work, undefined] : [story.work, story.workAgain];
}

function seenWithCanary(story: SuiteStory): SuiteReport {
  return story.canary ? told(story.canary) : withCanary(told(story.work ?? []));
}

function withCanary(seen: SuiteReport): SuiteReport {
  return { ...seen, exitCode: 1, cases: [...seen.cases, seenTest(canaryFailed)] };
}

function told(said: Told): SuiteReport {
  return "grade" in said ? said : report(said);
}
