import { expect, test } from "vitest";
import { parse } from "yaml";
import { BaselinesReport, baselinesMarkdown, baselinesYaml } from "./baseline-report.ts";
import { comparedWith, measuredIn } from "./measured.ts";

const metrics = { perplexity: { reported: 10 } };

test("the last line that is one JSON object counts, whatever is printed around it", () => {
  const output = 'loading {1}\n{"perplexity": 99}\nepoch 1\n  {"perplexity": 10.2, "note": "ok"} \ndone\n';
  expect(measuredIn(output)).toEqual({ kind: "measured", values: { perplexity: 10.2, note: "ok" } });
  expect(measuredIn('[1]\n{"a": }\n')).toMatchObject({ kind: "nothing" });
});

test("NaN and infinity are seen as what they are, and never as a number", () => {
  const [nan] = comparedWith({ metrics }, measuredIn('{"a": 1, "perplexity": NaN}'));
  expect(nan).toMatchObject({ within: false, problem: "perplexity is NaN, which is no number" });
  const [infinite] = comparedWith({ metrics }, measuredIn('{"perplexity": -Infinity}'));
  expect(infinite).toMatchObject({ within: false, problem: expect.stringContaining("-Infinity") });
  const [text] = comparedWith({ metrics }, measuredIn('{"perplexity": "10"}'));
  expect(text).toMatchObject({ within: false });
});

test("a metric that is missing is named beside those that are there", () => {
  const [one] = comparedWith({ metrics }, measuredIn('{"ppl": 10}'));
  expect(one).toMatchObject({ within: false, problem: "the output has no metric perplexity; it has: ppl" });
  expect(comparedWith({ metrics }, measuredIn('{"toString": 1}'))[0]?.problem).toContain("no metric perplexity");
});

test("within 5 % unless the metric says otherwise, both ways", () => {
  const at = (measured: number, tolerance?: number) =>
    comparedWith(
      { metrics: { perplexity: { reported: 10, tolerance } } },
      { kind: "measured", values: { perplexity: measured } },
    )[0];
  expect(at(10.5)).toMatchObject({ within: true });
  expect(at(11.2)).toMatchObject({ within: false, deviation: expect.closeTo(0.12) });
  expect(at(8.8)).toMatchObject({ within: false });
  expect(at(11.2, 0.15)).toMatchObject({ within: true });
});

test("the report says in YAML and in words what was measured, and never breaks a table", () => {
  const report = BaselinesReport.parse({
    environment: "e".repeat(64),
    hardware: "CPU",
    baselines: [
      {
        name: "bigram",
        paper: "A | paper",
        status: "flagged",
        metrics: comparedWith({ metrics }, measuredIn('{"perplexity": 11.2}')),
        decision: "use-as-is",
        reason: "Its number was\nnever right.",
        notes: [],
      },
      { name: "lost", paper: "Another", status: "no-code", metrics: [], notes: [] },
    ],
  });
  expect(BaselinesReport.parse(parse(baselinesYaml(report)))).toEqual(report);
  const text = baselinesMarkdown(report);
  expect(text).toContain("| perplexity | 10 | 11.2 | +12 % | 5 % | flagged |");
  expect(text).toContain("**use-as-is**. Its number was never right.");
  expect(text).toContain("lost: no code is available; it is deprioritised");
});
