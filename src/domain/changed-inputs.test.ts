import { describe, expect, it } from "vitest";
import { type CheckEnds, trialOf, unmoved } from "./changed-inputs.ts";
import type { VisibleCall } from "./visible-call.ts";

/** A call with `count` variants, under its own text. */
const call = (text: string, count: number, observed = "half()"): VisibleCall => ({
  observed,
  from: "../src/half.ts",
  line: 3,
  setup: [],
  call: text,
  variants: Array.from({ length: count }, (_, at) => ({ setup: [], call: `${text}+${at}`, what: "8 became 9" })),
});

/** How the calls answer: each as it stands, then its variants. */
function said(calls: readonly VisibleCall[], answers: readonly string[]): string {
  const trial = trialOf(calls, 40);
  const ends: CheckEnds = new Map(
    answers.map((got, at) => [at + 1, got === "!" ? { end: "raised", got: "x" } : { end: "differs", got }]),
  );
  return unmoved("test/half.test.ts", trial, ends).join("\n");
}

const two = [call("half(8)", 2), call("half(2)", 2)];
const three = [call("half(8)", 3), call("half(2)", 3)];

describe("changed inputs", () => {
  it("are noticed where every answer is the same though the tests' own differ", () => {
    expect(said(two, ["4", "0", "0", "1", "0", "0"])).toBe(
      "half() (test/half.test.ts:3): 4 changed inputs, and for each the answer is 0; the tests' own have 2 different ones. It may know no others.",
    );
    expect(said(three, ["4", "!", "!", "!", "1", "!", "!", "!"])).toContain("for each the answer is an error");
  });

  it.each([
    ["answers differ", two, ["4", "0", "0", "1", "0", "2"]],
    ["too few changed", [call("half(8)", 1), call("half(2)", 2)], ["4", "0", "1", "0", "0"]],
    ["too few without any answer", two, ["4", "null", "null", "1", "null", "null"]],
    ["yes and no", two, ["true", "false", "false", "false", "false", "false"]],
    [
      "what nobody can read to its end",
      two,
      ["4", ...Array(2).fill("x".repeat(150)), "1", ...Array(2).fill("x".repeat(150))],
    ],
    ["the visible answers are errors", two, ["!", "0", "0", "!", "0", "0"]],
  ] as const)("say nothing where %s", (_why, calls, answers) => {
    expect(said(calls, answers)).toBe("");
  });

  it("are noticed where an answer stays what the one test expects, if that tells anything", () => {
    const one = [call("half(8)", 4)];
    expect(said(one, ["4", "4", "4", "4", "4"])).toContain("the answer stays 4. It may not look at its inputs.");
    for (const usual of ["1", "true", "null", '""', "[4]"]) expect(said(one, Array(5).fill(usual))).toBe("");
    expect(said([call("s.size", 4, "Stack().size")], Array(5).fill("4"))).toBe("");
  });

  it("are at most as many as are asked for, every call's first before any call's second, and never a visible one", () => {
    const trial = trialOf([call("half(8)", 5), call("half(2)", 1)], 3);
    expect(trial.calls.map(({ changed }) => changed.length)).toEqual([2, 1]);
    const same = { ...call("half(8)", 0), variants: [{ setup: [], call: "half( 2 )", what: "8 became 2" }] };
    expect(trialOf([same, call("half(2)", 1)], 9).calls.map(({ call: { call: text } }) => text)).toEqual(["half(2)"]);
  });
});
