import { afterEach, expect, test } from "vitest";
import { parse } from "yaml";
import { startDesign } from "../../src/compose/research/start-design.ts";
import { available } from "../kit/available.ts";
import { experiment, experimented, METRICS, PLAN, REAL_STAGES, researching, wayOf } from "../kit/research.ts";
import { refusalText } from "../kit/story.ts";
import { file } from "../kit/sums.ts";
import { makeTarget, type Target } from "../kit/target.ts";

let target: Target;
let reference: Target | undefined;
afterEach(() => {
  target.remove();
  reference?.remove();
  reference = undefined;
});

/** No suite is named: pytest under the environment's own Python. */
const CONFIG = "models: { default: mailbox }\nindependence: none\ntypes: off\nlint: off\n";

const EVALUATE = file(
  "src/evaluate.py",
  `import json
import sys


def error_of(left, right):
    return abs(left - right)


if __name__ == "__main__":
    with open(sys.argv[1]) as config:
        steps = json.load(config)["steps"]
    print(json.dumps({"error": error_of(3.0, 2.0), "steps": steps}))`,
);

const STEPS = `  - name: steps
    unit: steps
    direction: higher
    computed: what the config says
    command: "{python} src/evaluate.py {config}"
`;

/** A baseline with a number of both metrics. */
function referred(): string {
  reference = makeTarget({ "run.py": `print('{"error": 0.5, "steps": 4}')\n` });
  return `baselines:
  - name: half
    paper: Half, 2020
    source: file://${reference.dir}
    commit: ${reference.git("rev-parse", "HEAD")}
    command: python3 run.py
    metrics: { error: { reported: 0.5 }, steps: { reported: 4 } }
`;
}

test("an experiment without PyTorch goes through all stages, and what could not be looked at is said, not passed", {
  timeout: 400_000,
}, async (context) => {
  if (!available.bwrap) context.skip("bubblewrap is not installed");
  const plan = PLAN.replace(
    'forward_pass: "true"',
    `forward_pass: "{python} -c 'import src.mean' && test -s {config}"`,
  );
  const metrics = METRICS.replace("command: python3 src/evaluate.py", 'command: "{python} src/evaluate.py {config}"');
  const extra = { "design/metrics.yaml": metrics + STEPS, "design/baselines.yaml": referred() };
  target = experiment({ "millwright.yaml": CONFIG, "design/plan.md": plan, ...extra });
  target.git("branch", "trunk");
  const told = await experimented(target, researching({ "eval1/developer": [EVALUATE] }), {
    stages: REAL_STAGES,
    land: "trunk",
  });
  expect(told.outcome, refusalText(told)).toEqual({ kind: "done", branch: "research/mean", land: "trunk" });
  expect(target.git("rev-parse", "trunk")).toBe(target.git("rev-parse", "research/mean"));
  expect(wayOf(told).map((line) => line.split(": ")[1])).toEqual(Array(7).fill("passed"));

  const show = (path: string) => target.git("show", `research/mean:experiments/exp-001/${path}`);
  const { tests } = parse(show("checklist.yaml"));
  expect(tests.map(({ name, status }: Record<string, string>) => `${name} ${status}`)).toEqual([
    "forward_pass pass",
    "short_training pass",
    "checkpoint_roundtrip pass",
    "evaluation_pipeline pass",
  ]);
  expect(tests[0].detail).toMatch(/believed by exit code alone; not looked at: .*gradients_reach/);
  expect(tests[1].detail).toMatch(/not looked at: .*loss_falls/);
  expect(tests[3].detail).toMatch(
    /metric error: 1 absolute \(as printed: nothing was computed again\).*not looked at: split_disjoint/,
  );
  const results = parse(show("results.yaml"));
  expect(results).toMatchObject({
    steps: 0,
    numbers: [
      { metric: "error", value: 1 },
      { metric: "steps", value: 10 },
    ],
  });
  expect(results.numbers[0]).not.toHaveProperty("measured_again");
  expect(results.beside).toEqual([
    { metric: "error", ours: 1, baseline: "half", theirs: 0.5, of: "measured", better: "theirs" },
    { metric: "steps", ours: 10, baseline: "half", theirs: 4, of: "measured", better: "ours" },
  ]);
  const page = show("handoff.md");
  expect(page).toContain("| error (lower is better) | 1 | half | 0.5 (measured) | **half** |");
  expect(page).toContain("![baselines-2-steps](baselines-2-steps.svg)");
  expect(show("baselines-2-steps.svg")).toContain("this experiment");
  expect(target.git("ls-tree", "-r", "--name-only", "research/mean", "src")).not.toContain(".gitkeep");
  expect(page).toContain("the checklist was believed by exit code alone, and numbers as they were printed");
  expect(page).toContain("not looked at, because only PyTorch is probed: ");
  expect(page).toContain("`/usr/bin/python3 src/evaluate.py experiments/exp-001/config.json`");
  expect(page).not.toMatch(/t-test|a short training/);
});

test("a command of the checklist that fails is refused by its name", {
  timeout: 400_000,
}, async (context) => {
  if (!available.bwrap) context.skip("bubblewrap is not installed");
  const plan = PLAN.replace('short_training: "true"', "short_training: python3 -m train").replace(
    "training:",
    "limits: { fixes: 0 }\ntraining:",
  );
  target = experiment({ "millwright.yaml": CONFIG, "design/plan.md": plan });
  const script = researching({
    "eval1/developer": [
      file(
        "src/evaluate.py",
        "def error_of(left, right):\n    return abs(left - right)\n\n\nprint('{\"error\": 1.0}')",
      ),
    ],
    "research-orchestrator": ['{"move": "person", "words": "Where is train.py?"}'],
  });
  const told = await experimented(target, script, { stages: REAL_STAGES });
  expect(told.outcome.kind, refusalText(told)).toBe("waiting");
  expect(wayOf(told).slice(-2)).toEqual(["integration 1: refused", "integration: orchestrator: person"]);
  const refused = told.entries.flatMap(({ event }) => (event.type === "research-stage" ? event.findings : []));
  expect(refused.map(({ rule, message }) => `${rule} ${message}`)).toEqual([
    expect.stringMatching(
      /^research\/short_training short_training: `python3 -m train`: exit code 1.*No module named train/,
    ),
  ]);
});

test("what `research init` writes is taken as it is: the run begins", { timeout: 60_000 }, async () => {
  target = makeTarget({ "README.md": "# An experiment\n", "millwright.yaml": CONFIG });
  await startDesign(target.dir, "mine");
  const died = Object.assign(new Error("killed"), { name: "Killed" });
  const environment = async () => {
    throw died;
  };
  await expect(experimented(target, researching(), { stages: { environment } })).rejects.toThrow("killed");
  expect(target.git("show", "research/mine:design/tasks.yaml")).toContain("id: evaluation");
});

test("an environment without pytest, and a metric that wants a checkpoint that nobody writes, begin nothing", {
  timeout: 60_000,
}, async () => {
  const plan = PLAN.replace("kind: system, interpreter: /usr/bin/python3", "kind: venv");
  target = experiment({ "millwright.yaml": CONFIG, "design/plan.md": plan });
  await expect(experimented(target, researching())).rejects.toThrow(/does not name pytest/);
  target.write(
    "design/metrics.yaml",
    METRICS.replace("python3 src/evaluate.py", '"{python} src/evaluate.py {checkpoint}"'),
  );
  await expect(experimented(target, researching())).rejects.toThrow(
    /error names \{checkpoint\}, but with subject\.framework: other/,
  );
});
