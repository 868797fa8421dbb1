/**
 * The browser gate on pages that have everything and do not work: the finished to-do page with one fault each, and its
 * twin that does the same thing right in another way. The criteria are those of the task of examples/todo-web/plans that
 * speaks of it, and for the finished page those of all tasks. A real Chromium looks at the files in bubblewrap, and the
 * gate judges what it saw, on the work alone.
 *
 *   node bench/browser.mjs [name of a fault]
 *
 * page,variant,verdict,criteria that do not hold,criteria,seconds per criterion (median),seconds in all,looks
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { FAULTS, withChanges } from "./kit/browser-faults.mjs";
import { load, median, root, row, scratch } from "./kit/house.mjs";

const { openChromium } = await load("adapters/browser/chromium/open-chromium.js");
const { openBubblewrap } = await load("adapters/sandbox/bubblewrap/open-bubblewrap.js");
const { Config } = await load("domain/config.js");
const { parsePlan } = await load("domain/plan-text.js");
const { browser: gate } = await load("domain/gates/browser.js");
const { needKey } = await load("domain/need.js");
const { browserChecks } = await load("domain/task.js");

const PARTS = ["index.html", "src/app.js", "src/tasks.js", "styles.css"];
const finished = Object.fromEntries(
  PARTS.map((path) => [path, readFileSync(join(root, "test/fixtures/todo-web", path), "utf8")]),
);
const planned = parsePlan(readFileSync(join(root, "examples/todo-web/plans/todo-web.md"), "utf8"));
if (planned.kind !== "plan") throw new Error(planned.problems.join("\n"));
const seenInBrowser = (tasks) => tasks.flatMap(({ accept }) => accept).filter(({ browser }) => browser);
const [task] = planned.plan.tasks;
const sandbox = await openBubblewrap();
const config = Config.parse({ browser: {} });
const path = `${dirname(process.execPath)}:${process.env.PATH}`;

/** Asks the gate as the loop does, until it asks for nothing new. */
async function judge(files, accept) {
  const dir = scratch();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  const mounts = [{ source: dir, target: "/target", access: "write" }];
  const env = { PATH: path, HOME: "/tmp/home", TMPDIR: "/tmp" };
  const place = async () => ({ root: "/target", mounts, env, dispose: async () => undefined });
  const chromium = openChromium({ config, sandbox, place, packages: async () => "", path });
  const state = {
    // A guard is looked at on the work alone: what the base lacks is another question.
    task: { ...task, accept: accept.map((one) => ({ ...one, browser: { ...one.browser, holds: "always" } })) },
    work: {
      base: { commit: "base", tree: "base" },
      tests: [],
      code: [{ path: "index.html", blob: "x", mode: "100644" }],
      trees: { red: "base", work: "work" },
    },
    workflow: { name: "score", makers: { tests: "developer", code: "developer" }, gates: [{ gate: "browser" }] },
    config,
  };
  const seen = new Map();
  const seconds = [];
  for (;;) {
    const need = gate.needs(state, seen, { gate: "browser" }).find((one) => !seen.has(needKey(one)));
    if (need === undefined) break;
    const report = await chromium.look(need);
    if (seen.size === 0) seconds.push(...report.checks.map((end) => end.seconds));
    seen.set(needKey(need), report);
  }
  return { verdict: gate.judge(state, seen, { gate: "browser" }), seconds, looks: seen.size };
}

async function tell(name, variant, files, wantedTask) {
  const tasks = planned.plan.tasks.filter(({ id }) => wantedTask === undefined || id === wantedTask);
  const accept = seenInBrowser(tasks);
  const start = performance.now();
  const { verdict, seconds, looks } = await judge(files, accept);
  const ids = verdict.kind === "refuse" ? verdict.findings.map(({ message }) => message.split(" ")[0]) : [];
  const said = verdict.kind === "refuse" ? "refused" : "passed";
  const all = (performance.now() - start) / 1000;
  row(name, variant, said, ids.join(" "), browserChecks({ accept }).length, median(seconds).toFixed(2), all, looks);
  return { said, wanted: variant === "fault" ? "refused" : "passed", seconds };
}

const [wanted] = process.argv.slice(2);
row(
  "page",
  "variant",
  "verdict",
  "criteria that do not hold",
  "criteria",
  "seconds per criterion",
  "seconds in all",
  "looks",
);
const told = [];
if (!wanted) told.push(await tell("finished", "as it is", finished));
for (const { name, task: of, fault, twin } of FAULTS.filter((one) => !wanted || one.name === wanted)) {
  told.push(await tell(name, "fault", withChanges(finished, fault), of));
  told.push(await tell(name, "twin", withChanges(finished, twin), of));
}
const wrong = told.filter(({ said, wanted: right }) => said !== right).length;
const each = told.filter(({ wanted: right }) => right === "passed").flatMap(({ seconds }) => seconds);
console.log(
  `# ${told.length} pages, ${wrong} judged wrong; where all holds, a criterion takes ${median(each).toFixed(2)} s (median)`,
);
await sandbox.close?.();
