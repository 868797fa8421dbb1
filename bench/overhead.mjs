/**
 * What the mill itself costs, on a repository of 500 files with node:test suites; the model is scripted and answers at
 * once (no language model takes part).
 *
 *   node bench/overhead.mjs [tasks] [starts]
 *
 * what,of,unit,median,p90,max,number
 *
 * Attempt: from a maker's question to the next question, or to the landing. `wall` is what is left of it without the time
 * in which a sandbox ran (install, suites, their start); `cpu own` is the mill's process, `cpu git` the git programs that
 * it started (10 ms ticks, so single values are coarse and sums are not). Start: from the start of `millwright run` to the
 * first request at a server on loopback. Memory: the most that the process of `millwright run` ever held.
 */

import { readFileSync } from "node:fs";
import { modelServer, runCommand } from "./kit/command-line.mjs";
import { load, median, product, quantile, row } from "./kit/house.mjs";
import { busy, purpose, spawned } from "./kit/spawned.mjs"; // first: it must see every start
import { approval, file, goalMet, planText, repository, scriptedRun } from "./kit/target.mjs";

const TASKS = Number(process.argv[2] ?? 6);
const STARTS = Number(process.argv[3] ?? 15);

function bigRepository(models) {
  const files = {
    "package.json": '{ "name": "target", "type": "module", "private": true }\n',
    "specs/more.md": "# More\n\nMore numbers.\n",
    "AGENTS.md": "Plain functions.\n",
    "millwright.yaml": `${models}independence: none\nsuites: [{ runner: node-test }]\ndependencies: { install: none }\n`,
  };
  for (let n = 0; n < 476; n += 1)
    files[`src/part${n % 20}/m${n}.js`] =
      `/** Case ${n}. */\nexport function value${n}(amount) {\n  return amount * ${n} + 1;\n}\n`;
  for (let n = 0; n < 20; n += 1)
    files[`test/m${n}.test.js`] =
      `import assert from "node:assert/strict";\nimport { test } from "node:test";\nimport { value${n} } from "../src/part${n}/m${n}.js";\n\ntest("value ${n}", () => assert.equal(value${n}(1), ${n + 1}));\n`;
  return repository(files);
}

const tasks = Array.from({ length: TASKS }, (_, n) => ({
  id: `T${n + 1}`,
  title: `Add the number ${n + 1}`,
  files: [`src/new${n + 1}.js`],
  tests: [`test/new${n + 1}.test.js`],
  creates: [`src/new${n + 1}.js#number${n + 1}`],
  accept: [[`AC${n + 1}`, `number${n + 1}(2) of src/new${n + 1}.js returns ${n + 3}`]],
}));
const plan = planText({ plan: "more", title: "More numbers", tasks });

/** The tester forgets the criterion once; the developer leaves its files once and is wrong once: refusals of each sort. */
function script({ role, task, attempt }) {
  const n = Number(task.slice(1));
  const name = attempt === 1 ? "a number" : `AC${n} a number`;
  const tests = `import assert from "node:assert/strict";\nimport { test } from "node:test";\nimport { number${n} } from "../src/new${n}.js";\n\ntest("${name}", () => assert.equal(number${n}(2), ${n + 2}));\n`;
  const code = (sum) => file(`src/new${n}.js`, `export function number${n}(amount) {\n  return amount + ${sum};\n}\n`);
  switch (role) {
    case "architect":
      return plan;
    case "tester":
      return file(`test/new${n}.test.js`, tests);
    case "developer":
      return [file("src/part0/m0.js", "export {};\n"), code(n + 1), code(n)][Math.min(attempt, 3) - 1];
    case "reviewer":
      return approval([`AC${n}`], `src/new${n}.js: amount + ${n}`);
    default:
      return goalMet;
  }
}

/** What an answer led to: where the next refusal or the landing came from. */
function kindOf(facts) {
  const last = facts.findLast(({ event }) =>
    ["gate-refused", "proposal-refused", "landed"].includes(event.type),
  )?.event;
  const role = facts[0].event.role;
  if (last === undefined) return role;
  if (last.type === "landed") return `${role}, then review and landing`;
  return `${role}, then ${last.type === "proposal-refused" ? "the door" : last.gate} refuses`;
}

function summary(what, of, unit, numbers) {
  row(what, of, unit, median(numbers), quantile(numbers, 0.9), Math.max(...numbers), numbers.length);
}

async function measureAttempts() {
  const target = bigRepository("models: { default: mailbox }\n");
  const facts = [];
  const entry = (one) => facts.push({ ...one, at: performance.now(), cpu: process.cpuUsage() });
  const told = await scriptedRun(target.dir, { input: "specs/more.md", script, entry });
  if (told.outcome.kind !== "done") throw new Error(JSON.stringify(told.outcome));
  const asked = facts.flatMap(({ event }, at) =>
    event.type === "asked" && ["tester", "developer"].includes(event.role) ? [at] : [],
  );
  const attempts = asked.map((from, n) => {
    const landing = facts.findIndex(({ event }, at) => at > from && event.type === "landed");
    const to = Math.min(landing, asked[n + 1] ?? Number.POSITIVE_INFINITY);
    return attemptOf(facts.slice(from, to + 1));
  });
  report("every attempt", attempts);
  for (const kind of new Set(attempts.map((one) => one.kind)))
    report(
      kind,
      attempts.filter((one) => one.kind === kind),
    );
  reportPrograms(attempts);
  target.remove();
}

function attemptOf(facts) {
  const [first, last] = [facts[0], facts.at(-1)];
  const within = spawned.filter((one) => one.start >= first.at && one.start <= last.at);
  const sandboxes = spawned.filter((one) => purpose(one) === "sandbox");
  const git = within.filter((one) => one.program === "git");
  const whole = last.at - first.at;
  const own = last.cpu.user + last.cpu.system - first.cpu.user - first.cpu.system;
  return {
    kind: kindOf(facts),
    whole,
    wall: whole - busy(sandboxes, first.at, last.at),
    inGit: busy(git, first.at, last.at),
    own: own / 1000,
    gitTime: git.reduce((sum, one) => sum + one.cpu, 0),
    within,
    facts: facts.length,
  };
}

function report(kind, attempts) {
  const of = (pick) => attempts.map(pick);
  summary(
    "attempt: wall without sandbox",
    kind,
    "ms",
    of((one) => one.wall),
  );
  summary(
    "attempt: wall in git",
    kind,
    "ms",
    of((one) => one.inGit),
  );
  summary(
    "attempt: cpu own",
    kind,
    "ms",
    of((one) => one.own),
  );
  summary(
    "attempt: cpu git",
    kind,
    "ms",
    of((one) => one.gitTime),
  );
  summary(
    "attempt: whole",
    kind,
    "ms",
    of((one) => one.whole),
  );
  summary(
    "attempt: programs started",
    kind,
    "number",
    of((one) => one.within.length),
  );
}

/** Which programs an attempt starts, on average. */
function reportPrograms(attempts) {
  const byPurpose = new Map();
  for (const one of attempts.flatMap((attempt) => attempt.within)) {
    const seen = byPurpose.get(purpose(one)) ?? { count: 0, wall: 0 };
    byPurpose.set(purpose(one), { count: seen.count + 1, wall: seen.wall + (one.end ?? one.start) - one.start });
  }
  for (const [name, seen] of [...byPurpose].sort((a, b) => b[1].wall - a[1].wall))
    console.log(
      `# an attempt starts ${(seen.count / attempts.length).toFixed(1)} x ${name}, ${(seen.wall / seen.count).toFixed(1)} ms each`,
    );
}

async function measureStart() {
  const server = await modelServer(script);
  const target = bigRepository(
    `models: { default: bench/scripted }\nservers: { bench: { kind: openai-compatible, url: "${server.url}" } }\n`,
  );
  const times = [];
  const cpu = [];
  for (let n = 0; n < STARTS; n += 1) {
    const request = server.next();
    const running = runCommand(await product(), ["run", "specs/more.md"], target.dir);
    await Promise.race([request, running.ended.then(({ errors }) => Promise.reject(new Error(errors)))]);
    times.push(performance.now() - running.started);
    cpu.push(cpuOf(running.pid));
    running.kill();
    await running.ended;
  }
  summary("start: to the first model request", "millwright run", "ms", times.slice(1));
  summary("start: cpu", "millwright run", "ms", cpu.slice(1));
  row("start: first of all, caches cold", "millwright run", "ms", times[0], times[0], times[0], 1);
  target.remove();
  await server.close();
}

/** User and system time of a running process and its ended children, in milliseconds. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * 10;
}

async function measureMemory() {
  const server = await modelServer(script);
  const target = bigRepository(
    `models: { default: bench/scripted }\nservers: { bench: { kind: openai-compatible, url: "${server.url}" } }\n`,
  );
  const { ended } = runCommand(await product(), ["run", "specs/more.md", "--json"], target.dir);
  const { code, errors, peak } = await ended;
  if (code !== 0) throw new Error(`millwright run: ${code} ${errors}`);
  row("memory: most resident", `millwright run, ${TASKS} tasks`, "MB", peak, peak, peak, 1);
  target.remove();
  await server.close();
}

await load("compose/open-mill.js");
row("what", "of", "unit", "median", "p90", "max", "number");
await measureAttempts();
if (STARTS > 0) await measureStart();
if (STARTS > 0) await measureMemory();
