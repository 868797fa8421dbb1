/**
 * Is the second project what it claims to be? All answers through the whole mill (a script in the model's place): `honest`,
 * every task lands at the first try; `mistakes`, each maker is wrong once in each task, drawn at the published rates by a
 * seed, and right the next time: every mistake is refused, every task lands. (Tests that outlive red are left out: there is
 * no second answer to them, somebody has to say IMPOSSIBLE.)
 *
 *   node bench/second-project/prove.mjs [honest|mistakes] [seed]
 */
import { join } from "node:path";
import { row, scratch } from "../kit/house.mjs";
import { approval, goalMet, scriptedRun } from "../kit/target.mjs";
import { mistakes, plans, rates, reference, setUp, spec, tasks } from "./index.mjs";

const [mode = "honest", seed = "1"] = process.argv.slice(2);
const byId = new Map(tasks.map((task) => [task.id, task]));

/** Numbers from 0 to 1, the same for the same seed. */
function numbers(start) {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** One mistake for each task and maker: first its kind by the published rate, then one of those that apply. */
function drawn() {
  const next = numbers(Number(seed));
  const found = new Map();
  for (const { id } of tasks)
    for (const role of ["tester", "developer"]) {
      const kind = next() < rates.environment ? "environment" : "patch";
      const all = mistakes.filter((one) => !one.outlivesRed && one.appliesTo(id, role));
      const ofKind = all.filter((one) => one.kind === kind);
      const pool = ofKind.length > 0 ? ofKind : all;
      found.set(`${id} ${role}`, pool[Math.floor(next() * pool.length)]);
    }
  return found;
}

const wrong = mode === "mistakes" ? drawn() : new Map();
const answers = [];
let current;

function script({ role, task, attempt }) {
  if (role === "architect") return plans.join("\n");
  if (role === "goal-checker") return goalMet;
  if (role === "examiner") return '{"checks": []}';
  if (role === "reviewer") return approval(byId.get(task).criteria, `${byId.get(task).files[0]}: stands there`);
  const mistake = attempt === 1 ? wrong.get(`${task} ${role}`) : undefined;
  current = { role, task, attempt, mistake, refusals: [] };
  answers.push(current);
  return mistake ? mistake.apply(reference(task, role)) : reference(task, role);
}

const dir = join(scratch(), "target");
setUp(dir);
const told = await scriptedRun(dir, {
  input: spec,
  script,
  entry: ({ event }) => {
    if (event.type !== "gate-refused" && event.type !== "proposal-refused") return;
    for (const one of event.findings) if (one.answers === current?.role) current.refusals.push(one.rule);
  },
});
row("task", "role", "attempt", "mistake", "refused by");
for (const { task, role, attempt, mistake, refusals } of answers)
  row(task, role, attempt, mistake?.name ?? "", [...new Set(refusals)].join("; "));
const landed = told.entries.filter(({ event }) => event.type === "landed").length;
const missed = answers.filter((one) => one.mistake && one.refusals.length === 0).length;
console.log(
  `# ${landed} of ${tasks.length} tasks landed (${told.outcome.kind}); answers ${answers.length}, mistakes that nothing refused ${missed}`,
);
