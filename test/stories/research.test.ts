import { afterEach, expect, test } from "vitest";
import {
  DESIGN,
  experiment,
  experimented,
  judged,
  MEAN,
  moved,
  PLAN,
  REVIEWED,
  researching,
  TOPICS,
  wanting,
  wayOf,
  wentOn,
} from "../kit/research.ts";
import { facts, refusalText, silent, within } from "../kit/story.ts";
import { approval, edit, file } from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";

let target: Target;
afterEach(() => target.remove());

test("an experiment goes through its seven stages, and its branch holds code, design and pipeline", {
  timeout: 400_000,
}, async () => {
  target = experiment();
  const told = await experimented(target, researching());
  expect(told.outcome, refusalText(told)).toEqual({ kind: "done", branch: "research/mean" });
  expect(wayOf(told)).toEqual([
    "environment 1: passed",
    "core 1: passed",
    "baselines 1: passed",
    "evaluation 1: passed",
    "integration 1: passed",
    "review 1: passed",
    "gate 1: passed",
  ]);
  const files = target.git("ls-tree", "-r", "--name-only", "research/mean").split("\n");
  expect(files).toEqual(expect.arrayContaining(["src/mean.py", "src/evaluate.py", "pipeline.yaml", "design/plan.md"]));
  expect(target.git("show", "research/mean:pipeline.yaml")).toContain("gate: auto-judge");
});

const EMPTY = edit(
  "src/mean.py",
  "def mean(numbers):\n",
  'def mean(numbers):\n    if not numbers:\n        raise ValueError("no numbers")\n',
);

test("the judge sends the work back to core, and the coder is told why", { timeout: 400_000 }, async () => {
  target = experiment();
  const prompts: string[] = [];
  const told = await experimented(
    target,
    researching({
      "gate-1/research-judge": ["It is fine, I think.", judged("revise", "mean([]) has to raise a ValueError.")],
      "revise-2/developer": ({ user }) => {
        prompts.push(user);
        return EMPTY;
      },
    }),
  );
  expect(told.outcome.kind, refusalText(told)).toBe("done");
  expect(wayOf(told).slice(6)).toEqual([
    "gate 1: refused",
    "core 2: passed",
    "baselines 2: passed",
    "evaluation 2: passed",
    "integration 2: passed",
    "review 2: passed",
    "gate 2: passed",
  ]);
  expect(prompts[0]).toContain("mean([]) has to raise a ValueError.");
  expect(target.git("show", "research/mean:src/mean.py")).toContain("raise ValueError");
  expect(target.git("show", "research/mean:pipeline.yaml")).toContain("visit 1: refused (revise)");
});

test("three fixes fail, the orchestrator sees them all and asks a person, whose words the next fix gets", {
  timeout: 400_000,
}, async () => {
  target = experiment();
  const asked: string[] = [];
  const stages = { integration: wanting("src/mean.py", "ValueError") };
  let isAnswered = false;
  const comment = (n: number) =>
    edit("src/mean.py", "def mean(numbers):\n", `def mean(numbers):\n    numbers = list(numbers)  # ${n}\n`);
  const script = researching({
    developer: ({ task, user }) => {
      if (task === "core1") return MEAN;
      if (task === "eval1") return researching()({ task, role: "developer" } as never) as string;
      if (isAnswered) asked.push(user);
      return isAnswered ? EMPTY : comment(Number(task.slice(-1)));
    },
    "research-orchestrator": ({ user }) => {
      asked.push(user);
      return moved("person", "Is mean of nothing 0 or an error?");
    },
  });
  const told = await experimented(target, script, { stages });
  expect(told.outcome.kind, refusalText(told)).toBe("waiting");
  expect(wayOf(told).slice(4, 8)).toEqual([
    "integration 1: refused",
    "integration fix 1: landed",
    "evaluation 2: passed",
    "integration 2: refused",
  ]);
  expect(wayOf(told).filter((line) => line.startsWith("integration"))).toEqual([
    "integration 1: refused",
    "integration fix 1: landed",
    "integration 2: refused",
    "integration fix 2: landed",
    "integration 3: refused",
    "integration fix 3: landed",
    "integration 4: refused",
    "integration: orchestrator: person",
  ]);
  expect(asked[0]).toContain("fix 3: landed, and the stage refused again");
  await within(target, { script }, async (mill) => {
    const { waiting } = await mill.approvals.look(told.run);
    expect(waiting.map(({ about }) => about)).toEqual(["research-integration-2"]);
    await mill.approvals.say({ run: told.run }, { decision: "approved", by: "Ada", note: "An error." });
  });
  isAnswered = true;
  const end = await wentOn(target, script, { stages });
  expect(end.outcome.kind, refusalText(end)).toBe("done");
  expect(asked.at(-1)).toContain("The person says: An error.");
  const errors = target.git("show", "research/mean:logs/errors.log");
  expect(errors).toContain("integration | fix 1 |");
  expect(errors).toContain("orchestrator: person: Is mean of nothing 0 or an error?");
});

test("a question of the coder goes to the orchestrator, and the answer into the design", {
  timeout: 400_000,
}, async () => {
  target = experiment();
  let states: readonly string[] = [];
  const script = researching({
    "core1/developer": ["IMPOSSIBLE: QUESTION: AC1: is the mean an int or a float?", MEAN],
    "core1/orchestrator": ["INSTRUCTIONS: A float, as the division makes it."],
  });
  const told = await experimented(target, async (request) => {
    if (request.role === "orchestrator")
      states = (await within(target, {}, (mill) => mill.researchLook(undefined))).stages.map(({ state }) => state);
    return script(request);
  });
  expect(states.slice(0, 3)).toEqual(["passed", "open", "waiting"]);
  expect(told.outcome.kind, refusalText(told)).toBe("done");
  const plan = target.git("show", "research/mean:design/plan.md");
  expect(plan).toContain("is the mean an int or a float?");
  expect(plan).toContain("A float, as the division makes it.");
});

test("a question that only a person can answer stops no line, and what is answered lands", {
  timeout: 400_000,
}, async () => {
  target = experiment();
  const script = researching({
    "core1/developer": ["IMPOSSIBLE: QUESTION: AC1: is the mean of nothing 0 or an error?", MEAN],
    "core1/orchestrator": ["PERSON: Which of the two does the paper mean?"],
  });
  const told = await experimented(target, script);
  expect(told.outcome.kind, refusalText(told)).toBe("waiting");
  expect(facts(told, "incident-opened")).toEqual([]);
  const end = await wentOn(target, script, { retry: { task: "core1", word: "An error." } });
  expect(end.outcome.kind, refusalText(end)).toBe("done");
});

test("a run that is killed between stages goes on behind the last one and asks nobody twice", {
  timeout: 400_000,
}, async () => {
  target = experiment();
  const asked: string[] = [];
  const script = researching({
    "research-reviewer": ({ task }) => {
      asked.push(task);
      return REVIEWED;
    },
  });
  const died = Object.assign(new Error("killed"), { name: "Killed" });
  const stages = {
    integration: async () => {
      throw died;
    },
  };
  await expect(experimented(target, script, { stages })).rejects.toThrow("killed");
  const told = await wentOn(target, script);
  expect(told.outcome.kind, refusalText(told)).toBe("done");
  expect(wayOf(told)).toHaveLength(7);
  expect(asked).toEqual(["review-1"]);
  expect(facts(told, "landed").map(({ task }) => task)).toEqual(["core1", "eval1"]);
});

test("the gate is a person's when the plan says so, and can be changed while it waits", {
  timeout: 400_000,
}, async () => {
  target = experiment({ "design/plan.md": PLAN.replace("training:", "gates: { gate: human }\ntraining:") });
  const told = await experimented(target, researching());
  expect(told.outcome.kind, refusalText(told)).toBe("waiting");
  const hint = "reason" in told.outcome ? told.outcome.reason : "";
  expect(hint).toContain("task --task research-gate");
  await within(target, { script: researching() }, async (mill) => {
    const look = await mill.researchGate(undefined, { stage: "gate", gate: "auto", by: "Ada" });
    expect(look.stages.find(({ stage }) => stage === "gate")).toMatchObject({ gate: "auto", state: "waiting" });
    const changed = await mill.researchGate(undefined, { stage: "core", gate: "human", by: "Ada" });
    const core = { gate: "human", visitedUnder: "auto", state: "passed" };
    expect(changed.stages.find(({ stage }) => stage === "core")).toMatchObject(core);
  });
  const end = await wentOn(target, researching());
  expect(end.outcome.kind, refusalText(end)).toBe("done");
  expect(target.git("show", "research/mean:pipeline.yaml")).toContain("auto: the review was skipped");
});

test("a judge that only writes prose is a person's matter", {
  timeout: 400_000,
}, async () => {
  target = experiment();
  const prose = await experimented(target, researching({ "research-judge": ["All good from my side!"] }));
  expect(prose.outcome).toMatchObject({ kind: "waiting", reason: expect.stringContaining("gave no usable answer") });
});

test("a reviewer's finding sends the work back where its quotation stands, whatever the judge says", {
  timeout: 400_000,
}, async () => {
  const finding = (quote: string) => ({
    topic: "bug",
    path: "src/mean.py",
    quote,
    message: "Of nothing it divides by zero.",
  });
  const topics = TOPICS.map((topic) => (topic.topic === "bug" ? { ...topic, ok: false } : topic));
  const findings = [finding("return sum(numbers) / len(numbers)"), finding("return 42")];
  const review = JSON.stringify({ topics, findings, summary: "One bug." });
  target = experiment();
  const script = researching({ "review-1/research-reviewer": [review], "revise-2/developer": [EMPTY] });
  const told = await experimented(target, script);
  expect(told.outcome.kind, refusalText(told)).toBe("done");
  const refused = facts(told, "research-stage").find(({ outcome }) => outcome === "refused");
  expect(refused).toMatchObject({ stage: "gate", wants: "revise" });
  expect(refused?.findings.map(({ message, line }) => `${line} ${message}`)).toEqual([
    "2 Of nothing it divides by zero.",
  ]);
});

test("a design that is wrong begins nothing, and every problem of every file is told", {
  timeout: 400_000,
}, async () => {
  target = experiment({
    ...DESIGN,
    "design/metrics.yaml": "metrics: []\n",
    "design/tasks.yaml": DESIGN["design/tasks.yaml"].replace("needs: [core1]", "needs: [core9]"),
  });
  await within(target, { script: researching() }, async (mill) => {
    await expect(mill.research({ dir: target.dir }, silent())).rejects.toThrow(
      /^design\/tasks\.yaml: line 16: eval1 needs core9.*Did you mean core1\?\ndesign\/metrics\.yaml: line 1: metrics/,
    );
    expect(await mill.runs()).toEqual([]);
  });
});

const CORE2 = `  - id: core2
    title: Nothing has no mean
    component: model
    purpose: What the plan says of nothing
    needs: [core1]
    files: [src/mean.py]
    tests: [test/test_nothing.py]
    accept:
      - { id: AC3, text: "mean([]) of src/mean.py raises ValueError" }
`;

test("the orchestrator has the design planned anew: only what is new is made, and the tasks on the branch are the new ones", {
  timeout: 400_000,
}, async () => {
  target = experiment({ "design/plan.md": PLAN.replace("training:", "limits: { fixes: 0 }\ntraining:") });
  const tasks = DESIGN["design/tasks.yaml"].replace("  - id: eval1", `${CORE2}  - id: eval1`);
  const script = researching({
    "research-orchestrator": [moved("re-plan", "Nobody was told to look at nothing.")],
    architect: [
      `\`\`\`yaml\n${tasks.replace("needs: [core1]", "needs: [core7]")}\`\`\`\n`,
      `\`\`\`yaml\n${tasks}\`\`\`\n`,
    ],
    "core2-2/tester": [
      file(
        "test/test_nothing.py",
        "import pytest\n\nfrom mean import mean\n\n\ndef test_AC3_nothing():\n    with pytest.raises(ValueError):\n        mean([])",
      ),
    ],
    "core2-2/developer": [EMPTY],
    "core2-2/reviewer": [approval("AC3")],
  });
  const told = await experimented(target, script, { stages: { integration: wanting("src/mean.py", "ValueError") } });
  expect(told.outcome.kind, refusalText(told)).toBe("done");
  expect(wayOf(told).slice(4, 8)).toEqual([
    "integration 1: refused",
    "integration: orchestrator: re-plan",
    "integration: architect: re-plan",
    "core 2: passed",
  ]);
  expect(facts(told, "landed").map(({ task }) => task)).toEqual(["core1", "eval1", "core2-2"]);
  expect(target.git("show", "research/mean:design/tasks.yaml")).toContain("id: core2");
});
