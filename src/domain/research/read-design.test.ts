import { expect, test } from "vitest";
import { BASELINES, METRICS, PLAN, TASKS } from "../../../test/kit/research.ts";
import { type DesignTexts, readDesign } from "./read-design.ts";
import { startingDesign } from "./starting-design.ts";

const WHOLE: DesignTexts = {
  "plan.md": PLAN,
  "tasks.yaml": TASKS,
  "baselines.yaml": BASELINES,
  "metrics.yaml": METRICS,
};

function problemsOf(texts: Partial<DesignTexts>): readonly string[] {
  const read = readDesign({ ...WHOLE, ...texts }, "design");
  return read.kind === "problems" ? read.problems : [];
}

test("a whole design is read, with what it leaves out", () => {
  const read = readDesign(WHOLE, "design");
  if (read.kind === "problems") throw new Error(read.problems.join("\n"));
  expect(read.design).toMatchObject({ name: "mean", seeds: [1, 2, 3], limits: { fixes: 3, revisions: 2 }, gates: {} });
  expect(read.design.tasks.map(({ id, stage }) => `${id} ${stage}`)).toEqual(["core1 core", "eval1 evaluation"]);
});

test("every file that is missing is named, with what makes one", () => {
  const none = {
    "plan.md": undefined,
    "tasks.yaml": undefined,
    "baselines.yaml": undefined,
    "metrics.yaml": undefined,
  };
  const problems = problemsOf(none);
  expect(problems.map((line) => line.split(" ")[0])).toEqual([
    "design/plan.md",
    "design/tasks.yaml",
    "design/baselines.yaml",
    "design/metrics.yaml",
  ]);
  expect(problems[0]).toContain("millwright research init");
});

test("problems of several files are told at once, each with file and line and the nearest right word", () => {
  const problems = problemsOf({
    "plan.md": PLAN.replace("title:", "titel:"),
    "tasks.yaml": TASKS.replace("needs: [core1]", "needs: [core2]").replace("    purpose: What is tried\n", ""),
  });
  expect(problems).toContainEqual(expect.stringMatching(/^design\/plan\.md: line 3: titel: .*Did you mean title\?/));
  expect(problems).toContainEqual(
    expect.stringMatching(/^design\/tasks\.yaml: line \d+: tasks\[0\]\.purpose: is missing/),
  );
});

test.each([
  [
    "an unknown id",
    { "tasks.yaml": TASKS.replace("needs: [core1]", "needs: [core2]") },
    /eval1 needs core2.*Did you mean core1/,
  ],
  [
    "a cycle",
    { "tasks.yaml": TASKS.replace("    files: [src/mean.py]", "    needs: [eval1]\n    files: [src/mean.py]") },
    /circle: core1 -> eval1 -> core1/,
  ],
  [
    "a need of a later stage",
    { "tasks.yaml": TASKS.replace("    files: [src/mean.py]", "    needs: [eval1]\n    files: [src/mean.py]") },
    /comes in the stage evaluation/,
  ],
  ["one id twice", { "tasks.yaml": TASKS.replace("id: eval1", "id: core1") }, /two tasks have the id core1/],
  ["one criterion twice", { "tasks.yaml": TASKS.replace("id: AC2", "id: AC1") }, /two criteria have the id AC1/],
  [
    "a metric twice",
    { "metrics.yaml": `${METRICS}${METRICS.slice(METRICS.indexOf("  - name"))}` },
    /error stands here twice/,
  ],
  [
    "a metric nobody computes",
    { "metrics.yaml": METRICS.replace("src/evaluate.py", "src/other.py") },
    /nobody computes error: its command runs src\/other\.py/,
  ],
  [
    "a rate after the end",
    { "plan.md": PLAN.replace("batch: 2 }", 'batch: 2, learning_rates: { "11": 0.1 } }') },
    /learning_rates names step 11, but training\.steps is 10/,
  ],
  [
    "a version that YAML reads as a number",
    { "plan.md": PLAN.replace("interpreter: /usr/bin/python3", "packages: { numpy: 1.10 }") },
    /line 4: environment\.packages\.numpy: must be a text, but is a number\. Put it in quotes, like "1\.10"/,
  ],
  [
    "a Python that YAML reads as a number",
    { "plan.md": PLAN.replace("interpreter: /usr/bin/python3", "python: 3.10") },
    /line 4: environment\.python: must be a text.*in quotes/,
  ],
  [
    "a module to probe that nobody writes",
    { "plan.md": PLAN.replace(/subject:[\s\S]*?(?=---)/, "") },
    /design\/plan\.md: line \d+: nobody writes src\/subject\.py \(subject\.path\)/,
  ],
  [
    "a test of the checklist that nobody writes",
    { "plan.md": PLAN.replace('forward_pass: "true"', "forward_pass: python3 checks/forward.py") },
    /subject\.tests\.forward_pass runs checks\/forward\.py, which is not there/,
  ],
  ["no prose", { "plan.md": `${PLAN.split("---\n").slice(0, 2).join("---\n")}---\n` }, /the plan itself is missing/],
  ["no front matter", { "plan.md": "# Only prose\n" }, /line 1: begin with YAML front matter/],
])("%s is refused by name", (_what, texts, expected) => {
  expect(problemsOf(texts)).toContainEqual(expect.stringMatching(expected));
});

test("what is wrong between the files is told with what is wrong in them, each with its line", () => {
  const problems = problemsOf({
    "plan.md": PLAN.replace("training: { steps: 10,", "training: { steps: ten,").replace("forward_pass", "forward"),
    "tasks.yaml": TASKS.replace("    title: The mean\n", "")
      .replace("needs: [core1]", "needs: [core2, eval1]")
      .replace("id: AC2", "id: AC1"),
    "metrics.yaml": `${METRICS.replace("    unit: absolute\n", "")}${METRICS.slice(METRICS.indexOf("  - name"))}`,
    "baselines.yaml": BASELINE.replace("paper:", "papers:").replace(
      "error: { reported: 0 }",
      "errors: { reported: 1 }",
    ),
  });
  const lineIn = (text: string, part: string) => text.slice(0, text.indexOf(part)).split("\n").length;
  const wanted: readonly (readonly [string, number, RegExp])[] = [
    ["plan.md", 5, /training\.steps: must be a number, but is a text/],
    ["plan.md", 8, /subject\.tests\.forward: there is no such key\. Did you mean forward_pass/],
    ["plan.md", 8, /subject\.tests\.forward_pass is missing/],
    ["tasks.yaml", 2, /tasks\[0\]\.title: is missing/],
    ["tasks.yaml", lineIn(TASKS, "needs:") - 1, /eval1 needs core2, which is no task here/],
    ["tasks.yaml", lineIn(TASKS, "needs:") - 1, /in a circle: eval1 -> eval1/],
    ["tasks.yaml", lineIn(TASKS, "id: AC2") - 1, /two criteria have the id AC1/],
    ["baselines.yaml", 3, /papers: there is no such key/],
    ["baselines.yaml", 7, /two reports errors.*Did you mean error\?/],
    ["metrics.yaml", 2, /unit: is missing/],
    ["metrics.yaml", lineIn(METRICS, "command:") + 1 - 1, /error stands here twice/],
  ];
  for (const [file, line, message] of wanted)
    expect(problems).toContainEqual(
      expect.stringMatching(new RegExp(`^design/${file.replace(".", "\\.")}: line ${line}: .*${message.source}`)),
    );
  expect(problems.join("\n")).not.toMatch(/nobody computes|names step/);
});

test("what rests on a part that cannot be read is not made up", () => {
  const problems = problemsOf({ "tasks.yaml": TASKS.replace("files: [src/evaluate.py]", "files: src/evaluate.py") });
  expect(problems).toEqual([
    expect.stringMatching(/^design\/tasks\.yaml: line \d+: tasks\[1\]\.files: must be a list/),
  ]);
  const nameless = problemsOf({ "tasks.yaml": TASKS.replace("id: core1", "name: core1") });
  expect(nameless.join("\n")).not.toContain("is no task here");
});

test("a key that is not there names those that are, and a share written in percent its number", () => {
  const unknown = problemsOf({
    "plan.md": PLAN.replace('checkpoint_roundtrip: "true"', "loading: python3 load.py"),
  }).join("\n");
  expect(unknown).not.toContain("load.py");
  expect(unknown).toContain(
    "subject.tests.loading: there is no such key. There are: forward_pass, short_training, checkpoint_roundtrip, evaluation_pipeline.",
  );
  const share = BASELINE.replace("reported: 0", "reported: 2, tolerance: 5%");
  expect(problemsOf({ "baselines.yaml": share })).toEqual([
    expect.stringMatching(/line 7: .*tolerance: must be a number or a mapping\. 5 % is written 0\.05\./),
  ]);
});

const BASELINE = `baselines:
  - name: two
    paper: The number two, 2020
    source: ../two
    commit: ${"a1".repeat(20)}
    command: python3 run.py
    metrics: { error: { reported: 0 } }
`;

test("a baseline that reports 0 needs a tolerance, and one that reports something else than the metrics is refused", () => {
  expect(problemsOf({ "baselines.yaml": BASELINE })).toContainEqual(expect.stringMatching(/tolerance: is missing/));
  const other = BASELINE.replace("error: { reported: 0 }", "errors: { reported: 1 }");
  expect(problemsOf({ "baselines.yaml": other })).toContainEqual(
    expect.stringMatching(/reports errors.*Did you mean error/),
  );
});

test("what `research init` writes is a design that can be read", () => {
  const files = new Map(startingDesign("mine").map(({ path, text }) => [path.replace("design/", ""), text]));
  const texts = Object.fromEntries(files) as unknown as DesignTexts;
  const read = readDesign(texts, "design");
  expect(read.kind === "problems" ? read.problems : []).toEqual([]);
});
