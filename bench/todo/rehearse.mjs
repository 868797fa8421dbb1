/**
 * A series on paper: the same maker and the same draws, the mill's own rules of moves, and instead of gates what the gates were seen to
 * say of each mistake. No sandbox, no git: thousands of answers in a second. How near it comes to real series of the same
 * seed is measured with it (`agreement`).
 */
import { load } from "../kit/house.mjs";
import { scriptedMaker } from "./maker.mjs";

const { nextMove } = await load("domain/moves.js");
const { doorRefusal, impossibleRefusal } = await load("domain/refused-answer.js");
const { signatureOf } = await load("domain/signature.js");
const { failingSet } = await load("domain/oscillation.js");
const { attemptsOf } = await load("domain/moves.js");
const { Limits } = await load("domain/limits.js");
const { testsAnew } = await load("domain/tests-anew.js");
const { NO_CHANGE, saidByGreen } = await load("domain/own-tests.js");

/** What the gates say of a mistake, as seen in real series; a test's mistake without a rule outlives red. */
const SAID = {
  "conftest-import": { gate: "red", rule: "red/missing-module", type: "environment" },
  "vacuous-test": { gate: "red", rule: "red/passes-on-base", type: "patch" },
  "session-import": { gate: "symbols", rule: "symbols/module-missing", type: "environment" },
  "post-without-201": { gate: "green", rule: "green/fails", type: "patch" },
  "put-201": { gate: "green", rule: "green/fails", type: "patch" },
  other: { gate: "green", rule: "green/fails", type: "patch" },
};
/** Ways of `other` in a test: no id, a wrong value (outlives red), a syntax error, an unknown name. */
const TESTERS_OTHER = ["red/no-id", undefined, "red/syntax", "red/error"];

/** Habits that a learned correction mends, by role; those of tests that red lets pass, once they were begun anew. */
const LEARNABLE = new Set([
  "developer session-import",
  "tester conftest-import",
  "tester own-client",
  "tester put-201",
  "developer post-without-201",
  "developer put-201",
]);

/** `corrected`: habits that are mended from the start (`role id`); `learns`: those that three landed tasks show are mended next. */
export function rehearse(project, { model, corrected = [], learns = false, mostWords = 600, limits = {} }) {
  const world = {
    project,
    maker: scriptedMaker(project, model),
    state: { landed: new Set(), base: new Set(["app/main.py"]), session: 0 },
    corrected: new Set(corrected),
    rows: [],
    cases: new Map(),
    deliveries: new Map(),
    resting: new Set(),
    approvals: [],
    words: 0,
    stops: 0,
    inRow: 0,
    limits: Limits.parse(limits),
  };
  session(world);
  while (world.state.landed.size < project.tasks.length && world.words < mostWords) {
    comeBack(world, learns ? learned(world) : []);
    session(world);
  }
  const { rows, words, stops, approvals } = world;
  return { rows, words, lineStops: stops, approvals, landed: world.state.landed.size };
}

/** What was learned lets all that rests come back; else a person's word the first of it. */
function comeBack(world, fresh) {
  const { project, resting, deliveries, corrected } = world;
  world.state.session += 1;
  world.approvals.push(...fresh);
  for (const habit of fresh) corrected.add(habit);
  const all = project.tasks.filter((task) => resting.has(task));
  if (fresh.length === 0) world.words += 1;
  for (const task of fresh.length > 0 ? all : all.slice(0, 1)) {
    resting.delete(task);
    deliveries.get(task).history.push(instructed("person"));
  }
}

/** Habits that were refused in three tasks that have landed since. */
function learned({ cases, state, corrected }) {
  return [...LEARNABLE].filter(
    (habit) =>
      !corrected.has(habit) && [...(cases.get(habit) ?? [])].filter((task) => state.landed.has(task)).length >= 3,
  );
}

/** All tasks in the order of the plans; a later plan waits for all of the one before. */
function session(world) {
  const { project, state } = world;
  for (const plan of project.waves) {
    for (const task of plan) {
      const ready = project.needs(task).every((need) => state.landed.has(need));
      if (state.landed.has(task) || world.resting.has(task) || !ready) continue;
      deliver(task, world);
    }
    if (plan.some((task) => !state.landed.has(task))) return;
  }
}

function deliver(task, world) {
  const known = world.deliveries.get(task) ?? { history: [], atDoor: undefined, tests: undefined, code: undefined };
  world.deliveries.set(task, known);
  for (let ended = false; !ended; ) {
    const refusal = judge(task, known, world);
    ended = refusal === undefined ? land(task, known, world) : respond({ task, refusal }, known, world);
  }
}

/** True when the task rests. */
function respond({ task, refusal }, known, world) {
  const move = nextMove(refusal, known.history, world.limits, () => 1);
  const anew = testsAnew(move, refusal, { history: known.history, state: stateOf(task, world) }, () => 1);
  if (anew) return beginAnew(task, anew, known, world);
  if (/^deadlock/.test(move.reason ?? "")) deadlocked(task, world);
  if (move.kind === "stop") return rest(task, world);
  if (move.kind === "retry") {
    answer({ task, ...move, refusal }, known, world);
    return false;
  }
  known.history.push(instructed(move.kind === "replan" ? "architect" : "orchestrator"));
  Object.assign(known, { atDoor: undefined, tests: undefined, code: undefined, current: undefined });
  return false;
}

/** What the rule of tests begun anew looks at; every test lies in one file. */
const stateOf = (task, { limits }) => ({
  task: { id: task, kind: "feature" },
  workflow: { makers: { tests: "tester", code: "developer" }, gates: [{ gate: "red" }] },
  config: { limits },
  profile: { manifests: [], suites: [{ infrastructure: [], tests: [TESTS] }] },
  work: { tests: [{ path: TESTS, blob: "tests", mode: "100644" }], code: [] },
});

function beginAnew(task, { role, rung, refusal }, known, world) {
  const doubted = world.rows.findLast((row) => row.task === task && row.role === role);
  if (doubted?.verdict === "pass")
    Object.assign(doubted, { verdict: "refuse", type: "patch", signature: signatureOf(refusal) });
  known.history.push(instructed("mill"));
  Object.assign(known, { atDoor: undefined, tests: undefined, code: undefined, current: undefined });
  answer({ task, role, rung, refusal }, known, world);
  return false;
}

function land(task, known, world) {
  settle(known);
  world.inRow = 0;
  world.state.landed.add(task);
  for (const path of world.project.paths(task)) world.state.base.add(path);
  return true;
}

function rest(task, world) {
  world.resting.add(task);
  world.inRow += 1;
  if (world.inRow === 3) world.stops += 1;
  world.inRow %= 3;
  return true;
}

const instructed = (role) => ({
  ...{ role, gate: "impossible", signature: "none", failing: 0, outcome: "admitted", rung: 0, said: "" },
});

function deadlocked(task, { rows }) {
  const row = rows.findLast((one) => one.task === task && ["refuse", "deadlock"].includes(one.verdict));
  if (row) Object.assign(row, { verdict: "deadlock" });
}

const TESTS = "tests";

const finding = (rule, answers, message, path) => ({ rule, answers, message, path });

function judge(task, delivery, { project }) {
  if (delivery.atDoor) return delivery.atDoor;
  const { tests, code } = delivery;
  const criteria = project.criteria(task);
  const all = (gate, rule, role) => ({
    gate,
    findings: criteria.map((id) => finding(rule, role, `${id} ${rule} ${task}`, gate === "green" ? TESTS : undefined)),
  });
  if (!tests) return { gate: "red", findings: [finding("red/no-tests-yet", "tester", "There is no test yet.")] };
  const early = tests.made.find((one) => one.rule);
  if (early) return hold(delivery, all("red", early.rule, "tester"), "tester", early.type);
  if (!code) {
    settle(delivery);
    return {
      gate: "green",
      findings: [
        finding("green/nothing-yet", "developer", "No code yet."),
        ...criteria.map((id) => finding("green/not-yet", "developer", id)),
      ],
    };
  }
  const order = ["symbols", "green"];
  const wrong = code.made.toSorted((a, b) => order.indexOf(a.gate) - order.indexOf(b.gate))[0];
  if (wrong) return hold(delivery, all(wrong.gate, wrong.rule, "developer"), "developer", wrong.type);
  const outlived = tests.made.length > 0;
  return outlived ? hold(delivery, all("green", "green/fails", "developer"), "developer", "patch") : undefined;
}

/** What is held against the answer that is judged now. */
function hold(delivery, refusal, role, type) {
  const { current } = delivery;
  if (current && current.role === role && current.verdict === "open")
    Object.assign(current, { verdict: "refuse", type, signature: signatureOf(refusal) });
  return refusal;
}

function settle({ current }) {
  if (current?.verdict === "open") current.verdict = "pass";
}

function answer({ task, role, rung, refusal }, delivery, world) {
  const { maker, state, project, rows, corrected } = world;
  const reply = maker.answer(task, role, state);
  const { ids, ways } = maker.log.at(-1);
  const row = { task, role, verdict: "open", type: undefined, corrections: corrected.size, signature: undefined };
  rows.push(row);
  delivery.current = row;
  const asked = {
    role,
    gate: refusal.gate,
    signature: signatureOf(refusal),
    failing: refusal.findings.length,
    rung,
    said: "",
    failures: failingSet(refusal),
    green: saidByGreen(refusal, stateOf(task, world)),
  };
  if (reply.startsWith("IMPOSSIBLE")) {
    row.verdict = "impossible";
    delivery.history.push({ ...asked, outcome: "impossible" });
    delivery.atDoor = impossibleRefusal("a test is wrong");
    return;
  }
  for (const id of ids) note(world.cases, `${role} ${id}`, task);
  const made = ids.map((id, at) => fateOf(id, role, ways[at])).filter((one) => !corrected.has(`${role} ${one.id}`));
  const text = JSON.stringify([made.map(({ id, way }) => `${id} ${way}`), [...state.landed]]);
  const layer = role === "tester" ? "tests" : "code";
  const path = role === "tester" ? TESTS : project.paths(task).at(-1);
  const door = (rule, message, type) => {
    delivery.history.push({ ...asked, outcome: "refused", insists: rule === NO_CHANGE });
    const findings = [finding(rule, role, message, path)];
    delivery.atDoor = doorRefusal(findings, refusal, attemptsOf(role, delivery.history));
    Object.assign(row, { verdict: "refuse", type, signature: signatureOf(delivery.atDoor) });
  };
  if (made.some(({ id }) => id === "overwrite"))
    return door("door/dropped-code", "Sending it whole drops much.", "patch");
  if (delivery[layer]?.text === text) return door(NO_CHANGE, "The edits leave every file as it is.", "patch");
  delivery[layer] = { text, made };
  delivery.atDoor = undefined;
  delivery.history.push({ ...asked, outcome: "admitted", tree: `${delivery.tests?.text}|${delivery.code?.text}` });
}

function fateOf(id, role, way) {
  if (role === "tester" && id === "other") return { id, way, rule: TESTERS_OTHER[way], type: "patch" };
  if (role === "tester" && ["own-client", "put-201"].includes(id)) return { id, way };
  return { id, way, ...SAID[id] };
}

function note(cases, habit, task) {
  cases.set(habit, (cases.get(habit) ?? new Set()).add(task));
}
