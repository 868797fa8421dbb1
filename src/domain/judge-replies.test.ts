import { describe, expect, test } from "vitest";
import { judgeSchema, parseChecklist, parseGoal, parseReview, reviewScore } from "./judge-replies.ts";

const criteria = [
  { id: "AC1", text: "price(-1) throws" },
  { id: "AC2", text: "price(0) is 0" },
  { id: "AC3", text: "price(1) is 1" },
];
const answer = (id: string, met: boolean, change: object = {}) => ({
  id,
  met,
  evidence: "src/pricing.ts:3",
  reason: met ? "the guard throws" : "0.5 is returned",
  ...change,
});
const review = (answers: readonly object[], change: object = {}) =>
  JSON.stringify({ criteria: answers, findings: [], summary: "", ...change });
const whole = [answer("AC1", true), answer("AC2", false), answer("AC3", true)];

function problems(text: string): string {
  const parsed = parseReview(text, criteria);
  return parsed.kind === "unusable" ? parsed.problems.join("\n") : "usable";
}

describe("a review", () => {
  test.each([
    ["as it is", review(whole)],
    ["in one fenced block", `Here is my review.\n\n\`\`\`json\n${review(whole)}\n\`\`\`\n`],
    ["behind its thoughts", `<think>{"criteria": []}</think>\n${review(whole)}`],
  ])("is read %s", (_how, text) => {
    expect(parseReview(text, criteria)).toMatchObject({ kind: "usable", reply: { criteria: [{ id: "AC1" }, {}, {}] } });
  });

  test("has a score that is computed: no evidence is unmet", () => {
    const read = (answers: readonly object[]) => {
      const parsed = parseReview(review(answers), criteria);
      return parsed.kind === "usable" ? reviewScore(parsed.reply, criteria) : undefined;
    };
    expect(read(whole)).toBe(66);
    expect(read([answer("AC1", true), answer("AC2", true), answer("AC3", true)])).toBe(100);
    expect(read([answer("AC1", true), answer("AC2", true), answer("AC3", true, { evidence: " " })])).toBe(66);
  });

  test.each([
    ["", "none was found"],
    ["Looks good to me! APPROVED, 95/100.", "none was found"],
    [`The review: ${review(whole)} as you asked.`, "none was found"],
    [`\`\`\`json\n${review(whole)}\n\`\`\`\n\`\`\`json\n${review(whole)}\n\`\`\``, "none was found"],
    [review(whole).slice(0, -4), "none was found"],
    [`${review(whole).slice(0, -2)},}`, "cannot be read"],
    ["{}", "criteria"],
    [review([answer("AC1", true, { met: "yes" }), ...whole.slice(1)]), "criteria.0.met"],
    [review(whole.slice(1)), "AC1 is not answered"],
    [review([...whole, answer("AC4", true)]), "AC4 is no criterion of this task"],
    [review([...whole, answer("AC1", false)]), "AC1 is answered 2 times"],
    [
      review([answer("AC1", true, { reason: "The criterion is not met: nothing throws." }), ...whole.slice(1)]),
      "AC1 says met: true, but",
    ],
    [
      review([answer("AC1", true, { reason: "does not satisfy the requirement" }), ...whole.slice(1)]),
      "AC1 says met: true, but",
    ],
    [
      review([answer("AC1", false, { reason: "This is fully met by the guard." }), ...whole.slice(1)]),
      "AC1 says met: false, but",
    ],
    [review([answer("AC1", false, { reason: "" }), ...whole.slice(1)]), "AC1 says met: false without a reason"],
    [review(whole, { summary: "All criteria are met. APPROVED" }), "The summary approves, but AC2"],
    [
      review([answer("AC1", true), answer("AC2", true), answer("AC3", true)], { summary: "Rejected." }),
      "The summary rejects",
    ],
  ])("%j is unusable", (text, expected) => {
    expect(problems(text)).toContain(expected);
  });

  test.each([
    "The call fails to parse and throws, as the criterion asks.",
    "When the title is missing the answer is 422; the test shows it.",
    "Input that is not valid is refused.",
  ])("a reason about failing things is no contradiction: %s", (reason) => {
    expect(problems(review([answer("AC1", true, { reason }), ...whole.slice(1)]))).toBe("usable");
  });
});

describe("a checklist", () => {
  const approve = { decision: "APPROVE", reasons: ["seen"] };
  const headings = { scope: approve, tests: approve, quality: approve, spec: approve, documentation: approve };

  test("answers under five headings, each with a reason", () => {
    expect(parseChecklist(JSON.stringify({ headings })).kind).toBe("usable");
    for (const heading of Object.keys(headings)) {
      const { [heading as keyof typeof headings]: _left, ...rest } = headings;
      expect(parseChecklist(JSON.stringify({ headings: rest }))).toMatchObject({
        problems: [expect.stringContaining(heading)],
      });
    }
    const silent = { ...headings, tests: { decision: "REJECT", reasons: [" "] } };
    expect(parseChecklist(JSON.stringify({ headings: silent })).kind).toBe("unusable");
    const other = { ...headings, tests: { decision: "REVISE", reasons: ["x"] } };
    expect(parseChecklist(JSON.stringify({ headings: other })).kind).toBe("unusable");
  });
});

test("a goal is met or not met, with evidence", () => {
  expect(parseGoal('{"decision": "NOT MET", "evidence": ["docs/pricing.md is not there"]}').kind).toBe("usable");
  expect(parseGoal('{"decision": "MET", "evidence": []}').kind).toBe("unusable");
  expect(parseGoal('{"decision": "MET", "evidence": [""]}').kind).toBe("unusable");
  expect(parseGoal('{"decision": "PARTLY", "evidence": ["x"]}').kind).toBe("unusable");
});

test("each judge has a JSON Schema", () => {
  expect(judgeSchema("reviewer")).toMatchObject({ type: "object", required: ["criteria"] });
  expect(judgeSchema("checker")).toMatchObject({
    properties: { headings: { required: ["scope", "tests", "quality", "spec", "documentation"] } },
  });
  expect(judgeSchema("goal-checker")).toMatchObject({ required: ["decision", "evidence"] });
});
