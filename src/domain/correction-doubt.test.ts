import { describe, expect, it } from "vitest";
import { state } from "../../test/kit/gate-states.ts";
import type { Answered } from "./answered.ts";
import { answeredTo, instructedBy } from "./answered-entry.ts";
import type { CorrectionChange } from "./correction.ts";
import { changesOf, settledChanges } from "./correction-changes.ts";
import { correctedFindings, doubtedCorrections } from "./correction-doubt.ts";
import type { AnswerResult } from "./step-shapes.ts";
import type { Finding, Refusal } from "./verdict.ts";

const POST: CorrectionChange = {
  id: "post-answers-201",
  path: "app/api.py",
  line: 12,
  before: '@router.post("/search")',
  after: '@router.post("/search", status_code=201)',
};
const NOTHING_YET: Refusal = {
  gate: "green",
  findings: [{ rule: "green/nothing-yet", answers: "developer", message: "Write the code." }],
};
const failing = (more: Partial<Finding> = {}): Refusal => ({
  gate: "green",
  findings: [
    {
      rule: "green/fails",
      answers: "developer",
      message: '"AC1 searches" fails.',
      path: "tests/test_search.py",
      evidence: "assert 201 == 200",
      ...more,
    },
  ],
});

const now = state();
const answered = (to: Refusal, changes: readonly CorrectionChange[], outcome: "admitted" | "refused" = "admitted") => {
  const corrected = { corrections: [], changes: [...changes] };
  const result =
    outcome === "admitted" ? { kind: outcome, work: now.work, corrected } : { kind: outcome, findings: [] };
  return answeredTo(to, { role: "developer", rung: 0 }, result as unknown as AnswerResult, now);
};
const doubted = (history: readonly Answered[], refusal: Refusal, suspended: readonly string[] = []) =>
  doubtedCorrections(refusal, { history, state: now, suspended }).map(({ event }) => event.correction);

describe("a correction is left out for the rest of a task", () => {
  const twice = [answered(NOTHING_YET, [POST]), answered(failing(), [POST])];

  it("when what it wrote is refused a second time with the same signature, and it says why", () => {
    expect(doubted(twice, failing())).toEqual(["post-answers-201"]);
    const [fact] = doubtedCorrections(failing(), { history: twice, state: now, suspended: [] });
    expect(fact?.event.reason).toContain("refused twice in the same way");
    expect(fact?.key).toBe("suspended/T1/post-answers-201");
  });

  it("when the findings point at the lines that it changed, or quote them", () => {
    const at = failing({ path: "app/api.py", line: 12, evidence: "wrong" });
    expect(doubted([answered(NOTHING_YET, [POST]), answered(at, [POST])], at)).toHaveLength(1);
    const beside = failing({ path: "app/api.py", line: 13, evidence: "wrong" });
    expect(doubted([answered(NOTHING_YET, [POST]), answered(beside, [POST])], beside)).toEqual([]);
    const quotes = failing({ evidence: `>  ${POST.after}` });
    expect(doubted([answered(NOTHING_YET, [POST]), answered(quotes, [POST])], quotes)).toHaveLength(1);
  });

  it("not the first time, not for another failure, and only once", () => {
    expect(doubted(twice.slice(0, 1), failing())).toEqual([]);
    const other = failing({ evidence: "NameError: status_code is not defined" });
    expect(doubted([answered(NOTHING_YET, [POST]), answered(other, [POST])], other)).toEqual([]);
    expect(doubted([answered(NOTHING_YET, [POST]), answered(other, [POST])], failing())).toEqual([]);
    expect(doubted(twice, failing(), ["post-answers-201"])).toEqual([]);
  });

  it("not for what the door says, nor for what was laid aside with its tests", () => {
    expect(doubted(twice, { ...failing(), gate: "door" })).toEqual([]);
    expect(doubted([...twice, instructedBy("mill")], failing())).toEqual([]);
    expect(doubted([answered(NOTHING_YET, []), answered(failing(), [POST])], failing())).toEqual([]);
  });
});

describe("the retry brief", () => {
  const history = [answered(NOTHING_YET, [POST])];

  it("says what a correction changed in the answer that was refused", () => {
    const [told] = correctedFindings("developer", failing(), { history, suspended: [] });
    expect(told?.message).toContain(
      'The mill\'s correction post-answers-201 changed your answer before it was judged: app/api.py:12, "@router.post(\\"/search\\")" -> "@router.post(\\"/search\\", status_code=201)"',
    );
    expect(correctedFindings("developer", failing(), { history, suspended: [POST.id] })[0]?.message).toContain(
      "left out for the rest of this task",
    );
  });

  it("says nothing to another maker, at a first call, or when nothing was changed", () => {
    expect(correctedFindings("tester", failing(), { history, suspended: [] })).toEqual([]);
    expect(correctedFindings("developer", NOTHING_YET, { history, suspended: [] })).toEqual([]);
    expect(correctedFindings("developer", { ...failing(), gate: "refactor" }, { history, suspended: [] })).toEqual([]);
    const later = [...history, answered(failing(), [])];
    expect(correctedFindings("developer", failing(), { history: later, suspended: [] })).toEqual([]);
  });
});

describe("the places that a correction changed", () => {
  it("are named line by line as they were and as they are, also where lines came or went", () => {
    const before = "import os\na = 1\nb = 2\n";
    expect(changesOf("c", "a.py", before, "import os\nimport sys\na = 1\nb = 3\n")).toEqual([
      { id: "c", path: "a.py", line: 2, before: "", after: "import sys" },
      { id: "c", path: "a.py", line: 4, before: "b = 2", after: "b = 3" },
    ]);
    expect(changesOf("c", "a.py", before, "a = 1\nb = 2\n")).toEqual([
      { id: "c", path: "a.py", line: 1, before: "import os", after: "" },
    ]);
    expect(changesOf("c", "a.py", before, before)).toEqual([]);
  });

  it("are where they stand once later corrections have moved them", () => {
    const [moved] = settledChanges([{ ...POST, line: 1 }], () => `import a\nimport b\n${POST.after}\n`);
    expect(moved?.line).toBe(3);
  });
});
