import { describe, expect, test } from "vitest";
import { JUDGED, parseJudgement, parseResearchReview, REVIEW_TOPICS } from "./judging.ts";

type Decision = "pass" | "revise" | "trouble";
const judged = (decision: Decision, wrong: readonly string[] = []) =>
  JSON.stringify({
    ...Object.fromEntries(JUDGED.map((name) => [name, { ok: !wrong.includes(name), because: "seen" }])),
    decision,
    words: "so",
  });
const finding = { topic: "schedule", path: "src/a.py", quote: "rate = 1", message: "It is off by one." };
const reviewed = (topics: readonly object[], findings: readonly object[] = []) =>
  JSON.stringify({ topics, findings, summary: "seen" });
const fine = REVIEW_TOPICS.map((topic) => ({ topic, ok: true, because: "seen" }));
const late = fine.map((one) => ({ ...one, ok: one.topic !== "schedule" }));

describe("the judge", () => {
  test("answers all four, and a decision that follows from them", () => {
    expect(parseJudgement(judged("pass"))).toMatchObject({ kind: "usable", reply: { decision: "pass" } });
    expect(parseJudgement(judged("trouble", ["design"]))).toMatchObject({ kind: "usable" });
  });

  test.each([
    ["prose", "All good from my side!", /./],
    ["a pass with something that is not ok", judged("pass", ["tests", "baselines"]), /pass, but tests, baselines say/],
    ["a no without anything that is not ok", judged("revise"), /revise, but all four say ok/],
    ["one of the four left out", judged("pass").replace(/"baselines":\{[^}]*\},/, ""), /baselines/],
    ["a word of its own", judged("pass").replace('"pass"', '"maybe"'), /decision/],
  ])("that answers %s is asked again", (_, text, why) => {
    expect(parseJudgement(text)).toMatchObject({ kind: "unusable" });
    expect(JSON.stringify(parseJudgement(text))).toMatch(why);
  });
});

describe("the reviewer", () => {
  test("answers each topic once, and quotes what is wrong", () => {
    expect(parseResearchReview(reviewed(fine))).toMatchObject({ kind: "usable" });
    expect(parseResearchReview(reviewed(late, [finding]))).toMatchObject({ kind: "usable" });
  });

  test.each([
    ["leaves the schedule out", reviewed(fine.filter(({ topic }) => topic !== "schedule")), /schedule is answered 0/],
    ["answers a topic twice", reviewed([...fine, ...fine.slice(0, 1)]), /plan is answered 2/],
    ["says no and shows nothing", reviewed(late), /schedule is not ok, but no finding/],
    ["shows something else", reviewed(late, [{ ...finding, topic: "bug" }]), /schedule is not ok/],
    ["quotes nothing", reviewed(late, [{ ...finding, quote: " " }]), /say why/],
  ])("that %s is asked again", (_, text, why) => {
    expect(parseResearchReview(text)).toMatchObject({ kind: "unusable" });
    expect(JSON.stringify(parseResearchReview(text))).toMatch(why);
  });
});
