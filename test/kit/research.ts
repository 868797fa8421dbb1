import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { openMill } from "../../src/compose/open-mill.ts";
import { baselinesStage } from "../../src/compose/research/baselines-stage.ts";
import { evaluationStage } from "../../src/compose/research/evaluation-stage.ts";
import { integrationStage } from "../../src/compose/research/integration-stage.ts";
import type { Stage } from "../../src/compose/research/world.ts";
import type { Wiring } from "../../src/compose/wiring.ts";
import type { ModelRequest } from "../../src/domain/model-call.ts";
import { sandboxed, silent, type Told } from "./story.ts";
import { approval, file } from "./sums.ts";
import { makeTarget, type Target } from "./target.ts";

export const PLAN = `---
name: mean
title: The mean of numbers
environment: { kind: system, interpreter: /usr/bin/python3 }
training: { steps: 10, batch: 2 }
subject:
  framework: other
  tests: { forward_pass: "true", short_training: "true", checkpoint_roundtrip: "true" }
---

# The plan

\`mean\` in src/mean.py is the arithmetic mean; of nothing it raises a ValueError.
`;

export const TASKS = `tasks:
  - id: core1
    title: The mean
    component: model
    purpose: What is tried
    files: [src/mean.py]
    tests: [test/test_mean.py]
    creates: [src/mean.py#mean]
    accept:
      - { id: AC1, text: "mean([1, 2, 6]) of src/mean.py returns 3.0" }
  - id: eval1
    title: The evaluation
    component: evaluation
    stage: evaluation
    purpose: What is measured
    needs: [core1]
    files: [src/evaluate.py]
    tests: [test/test_evaluate.py]
    creates: [src/evaluate.py#error_of]
    accept:
      - { id: AC2, text: "error_of(3.0, 2.0) of src/evaluate.py returns 1.0" }
`;

export const BASELINES = "baselines: []\n";

export const METRICS = `metrics:
  - name: error
    unit: absolute
    direction: lower
    computed: the distance between the mean and 2
    command: python3 src/evaluate.py
`;

const CONFIG = `models: { default: mailbox }
independence: none
suites:
  - { runner: pytest, command: /usr/bin/python3 -m pytest }
dependencies: { install: none }
types: off
lint: off
`;

export const DESIGN = {
  "design/plan.md": PLAN,
  "design/tasks.yaml": TASKS,
  "design/baselines.yaml": BASELINES,
  "design/metrics.yaml": METRICS,
} as const;

/** A tiny experiment in plain Python under the system's pytest. */
export function experiment(extra: Readonly<Record<string, string>> = {}): Target {
  return makeTarget({ "pytest.ini": "[pytest]\npythonpath = src\n", "millwright.yaml": CONFIG, ...DESIGN, ...extra });
}

export const MEAN = file("src/mean.py", "def mean(numbers):\n    return sum(numbers) / len(numbers)");

const ANSWERS: Readonly<Record<string, string>> = {
  "core1/tester": file(
    "test/test_mean.py",
    "from mean import mean\n\n\ndef test_AC1_mean():\n    assert mean([1, 2, 6]) == 3.0",
  ),
  "core1/developer": MEAN,
  "core1/reviewer": approval("AC1"),
  "eval1/tester": file(
    "test/test_evaluate.py",
    "from evaluate import error_of\n\n\ndef test_AC2_error():\n    assert error_of(3.0, 2.0) == 1.0",
  ),
  "eval1/developer": file("src/evaluate.py", "def error_of(left, right):\n    return abs(left - right)"),
  "eval1/reviewer": approval("AC2"),
};

export const TOPICS = ["plan", "accumulation", "schedule", "metrics", "bug"].map((topic) => ({
  topic,
  ok: true,
  because: "seen",
}));

export const REVIEWED = JSON.stringify({ topics: TOPICS, findings: [], summary: "It is the plan." });

/** The judge's word; what is not ok is `correctness`. */
export function judged(decision: "pass" | "revise" | "trouble", words = "It may go on."): string {
  const ok = { ok: true, because: "seen" };
  const correctness = { ok: decision === "pass", because: words };
  return JSON.stringify({ tests: ok, design: ok, correctness, baselines: ok, decision, words });
}

export function moved(move: string, words: string): string {
  return JSON.stringify({ move, words });
}

/** Answers honestly, but for what is given by `task/role`, as a list by attempt or a function. */
export function researching(
  wrong: Readonly<Record<string, readonly string[] | ((request: ModelRequest) => string)>> = {},
): Script {
  return (request) => {
    const key = `${request.task}/${request.role}`;
    const own = wrong[key] ?? wrong[request.role];
    if (typeof own === "function") return own(request);
    if (own !== undefined) return own[Math.min(request.attempt, own.length) - 1] ?? "";
    if (request.role === "research-reviewer") return REVIEWED;
    if (request.role === "research-judge") return judged("pass");
    return ANSWERS[key] ?? `IMPOSSIBLE: nobody has scripted ${key}`;
  };
}

/** A stage that says yes. */
export const passing: Stage = async ({ name }) => ({
  kind: "passed",
  summary: `${name} looked`,
  files: [],
  report: {},
});

/** A stage that refuses until the code says what is wanted. */
export function wanting(path: string, text: string): Stage {
  return async ({ context, tree, name }) => {
    const found = (await context.ports.repository(undefined).git.read(tree, path)) ?? "";
    if (found.includes(text)) return { kind: "passed", summary: `${name} looked`, files: [], report: { found: text } };
    const message = `${path} does not say ${text}`;
    const findings = [{ rule: "integration/wanted", answers: "developer", message, path } as const];
    return { kind: "refused", summary: message, findings, files: [], report: {} };
  };
}

/** Baselines, evaluation and integration as they are, where a story does not let them pass. */
export const REAL_STAGES = {
  baselines: baselinesStage,
  evaluation: evaluationStage,
  integration: integrationStage,
} as const;

const EASY = { baselines: passing, evaluation: passing, integration: passing } as const;

/** Takes the experiment through its stages, with the real environment, core, review and gate. */
export async function experimented(
  target: Target,
  script: Script,
  { land, ...wiring }: Wiring & { readonly land?: string } = {},
): Promise<Told> {
  return telling(target, script, wiring, (mill) => mill.research({ dir: target.dir, land }, silent()));
}

/** Goes on with the newest run, with a person's word for the task that waits for one. */
export async function wentOn(
  target: Target,
  script: Script,
  { retry, ...wiring }: Wiring & { readonly retry?: { readonly task: string; readonly word: string } } = {},
): Promise<Told> {
  return telling(target, script, wiring, (mill) => mill.resume(undefined, { retry }, silent()));
}

type Opened = Awaited<ReturnType<typeof openMill>>;

async function telling(
  target: Target,
  script: Script,
  wiring: Wiring,
  work: (mill: Opened) => ReturnType<Opened["resume"]>,
): Promise<Told> {
  const stages = { ...EASY, ...wiring.stages };
  const mill = await openMill(target.dir, {}, { script, ...sandboxed(), ...wiring, stages });
  try {
    const end = await work(mill);
    return { ...end, entries: await mill.entries(end.run) };
  } finally {
    await mill.close();
  }
}

/** `stage visit: outcome`, `stage fix n: outcome` and `stage: who: move`, in order. */
export function wayOf(told: Told): readonly string[] {
  return told.entries.flatMap(({ event }) => {
    if (event.type === "research-stage") return [`${event.stage} ${event.visit}: ${event.outcome}`];
    if (event.type === "research-fix") return [`${event.stage} fix ${event.number}: ${event.outcome}`];
    if (event.type === "research-decided") return [`${event.stage}: ${event.by}: ${event.move}`];
    return [];
  });
}
