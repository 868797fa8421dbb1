import type { Event, JournalEntry } from "../../src/domain/event.ts";

/** Facts as a journal would keep them, one second apart. */
export function told(events: readonly Event[], run = "r20261121-pricing"): readonly JournalEntry[] {
  return events.map((event, index) => ({
    seq: index + 1,
    at: 1_000_000 + index * 1_000,
    run,
    key: `k${index + 1}`,
    event,
  }));
}

const usage = { input: 1_200, output: 300, cached: 800, counted: true };
const asked = (task: string, role: string, attempt: number): Event => ({
  type: "asked",
  task,
  role,
  attempt,
  model: "ollama/qwen",
});
const answered = (task: string, role: string, attempt: number): Event => ({
  type: "answered",
  task,
  role,
  attempt,
  model: "ollama/qwen",
  usage,
  reply: "a".repeat(64),
  request: "b".repeat(64),
});
const admitted = (role: string, attempt: number, path: string): Event => ({
  type: "proposal-admitted",
  task: "T1",
  role,
  attempt,
  commit: "c".repeat(40),
  paths: [path],
  notes: "",
});
const passed = (gate: string, ...notes: readonly string[]): Event => ({
  type: "gate-passed",
  task: "T1",
  gate,
  notes: [...notes],
});

/** A whole run: T1 is refused once by green and once by review, and lands; T2 is stuck. */
export const PRICING_RUN: readonly Event[] = [
  {
    type: "run-started",
    title: "Pricing: refuse negative prices",
    spec: { path: "specs/pricing.md", digest: "d".repeat(64) },
    workflow: "red-green",
    base: { commit: "0123456789abcdef0123456789abcdef01234567", branch: "main" },
    models: { tester: "ollama/qwen", developer: "ollama/qwen", reviewer: "ollama/llama" },
    independence: "model",
    sandbox: "bubblewrap 0.8.0",
    version: "0.1.0",
  },
  asked("plan", "architect", 1),
  answered("plan", "architect", 1),
  {
    type: "plan-refused",
    attempt: 1,
    findings: [{ rule: "plan/vague", answers: "architect", message: 'AC2 says "works".' }],
  },
  asked("plan", "architect", 2),
  answered("plan", "architect", 2),
  {
    type: "plan-accepted",
    plan: "pricing",
    path: "plans/2026-11-pricing.md",
    branch: "loop/pricing",
    tasks: [
      { id: "T1", title: "Refuse negative prices", kind: "feature", needs: [] },
      { id: "T2", title: "Convert currencies", kind: "feature", needs: ["T1"] },
    ],
  },
  {
    type: "task-started",
    task: "T1",
    title: "Refuse negative prices",
    kind: "feature",
    base: "0123456789",
    gates: ["door", "red", "lint", "green", "review", "current"],
    attempts: 6,
  },
  passed("door"),
  {
    type: "gate-refused",
    task: "T1",
    gate: "red",
    findings: [{ rule: "red/no-test", answers: "tester", message: "No test names AC1 yet." }],
  },
  asked("T1", "tester", 1),
  answered("T1", "tester", 1),
  admitted("tester", 1, "test/price.test.ts"),
  passed("door"),
  passed("red"),
  passed("lint"),
  {
    type: "gate-refused",
    task: "T1",
    gate: "green",
    findings: [{ rule: "green/failed", answers: "developer", message: "AC1 fails." }],
  },
  asked("T1", "developer", 1),
  answered("T1", "developer", 1),
  admitted("developer", 1, "src/price.ts"),
  passed("door"),
  passed("red"),
  passed("lint"),
  {
    type: "gate-refused",
    task: "T1",
    gate: "green",
    findings: [
      {
        rule: "green/failed",
        answers: "developer",
        message: "AC1 refuses -1 with RangeError failed.",
        path: "test/price.test.ts",
        line: 14,
        evidence: "expected RangeError\nreceived \u001b[31mundefined\u001b[0m",
      },
    ],
  },
  asked("T1", "developer", 2),
  answered("T1", "developer", 2),
  {
    type: "proposal-refused",
    task: "T1",
    role: "developer",
    attempt: 2,
    findings: [
      {
        rule: "door/outside",
        answers: "developer",
        message: "../secret is outside of the task's files.",
        path: "../secret",
      },
    ],
  },
  asked("T1", "developer", 3),
  answered("T1", "developer", 3),
  admitted("developer", 3, "src/price.ts"),
  passed("door"),
  passed("red"),
  passed("lint"),
  passed("green", "2 tests failed before and after; none of this task's business"),
  {
    type: "reviewed",
    task: "T1",
    judge: "ollama/llama",
    decision: "APPROVE",
    score: 100,
    reasons: ["AC1 met: line 14"],
  },
  passed("review"),
  passed("current"),
  {
    type: "landed",
    task: "T1",
    branch: "loop/pricing",
    commit: "fedcba9876543210fedcba9876543210fedcba98",
    tree: "e".repeat(40),
    tests: 13,
    paths: ["src/price.ts", "test/price.test.ts"],
  },
  { type: "task-ended", task: "T1", outcome: "landed", reason: "" },
  {
    type: "task-started",
    task: "T2",
    title: "Convert currencies",
    kind: "feature",
    base: "fedcba98",
    gates: ["door", "red"],
  },
  asked("T2", "tester", 1),
  answered("T2", "tester", 1),
  { type: "impossible", task: "T2", role: "tester", reason: "the spec names no exchange rate" },
  { type: "task-ended", task: "T2", outcome: "stuck", reason: "tester: the spec names no exchange rate" },
  { type: "goal-judged", round: 1, decision: "NOT MET", evidence: ["npm test: exit 0", "no conversion"] },
  { type: "run-ended", outcome: "stuck", reason: "T2 did not land" },
];
