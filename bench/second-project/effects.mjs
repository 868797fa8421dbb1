/**
 * What each mistake does, wherever it applies: plain pytest, without the mill. A line for each mistake: in how many tasks it is
 * refused by scope or by pytest, and in how many it does no harm (`harmless`: the mill may rightly land it).
 *
 *   node bench/second-project/effects.mjs [tester|developer] [part of a name] [most tasks a mistake]
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { row } from "../kit/house.mjs";
import { mistakes, reference, tasks } from "./index.mjs";
import { applied, bases, writtenPaths } from "./trees.mjs";

function runner() {
  const script = fileURLToPath(new URL("./effects.py", import.meta.url));
  const child = spawn("/usr/bin/python3", ["-B", script], {
    env: { PATH: "/usr/bin:/bin" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async run(tree) {
      child.stdin.write(`${JSON.stringify(tree)}\n`);
      return JSON.parse((await lines.next()).value);
    },
    end: () => child.stdin.end(),
  };
}

const starts = bases();
const [role = "", wanted = "", most = "25"] = process.argv.slice(2);

/** `scope`, `not red` (a tester's), `wrong` (red, and the right code fails it), `fails` (a developer's) or `harmless`. */
async function effectOf(python, mistake, task) {
  const reply = mistake.apply(reference(task.id, mistake.role));
  const allowed = mistake.role === "tester" ? task.tests : task.files;
  if (writtenPaths(reply).some((path) => !allowed.includes(path))) return "scope";
  const base = starts.get(task.id);
  if (mistake.role === "developer") {
    const seen = await python.run(applied(applied(base, reference(task.id, "tester")), reply));
    return seen.code === 0 ? "harmless" : "fails";
  }
  const red = applied(base, reply);
  const seen = await python.run(red);
  const own = Object.entries(seen.outcomes).filter(([id]) => task.tests.some((path) => id.startsWith(path)));
  const proves = (criterion) =>
    own.some(([id, outcome]) => outcome === "failed" && new RegExp(`_${criterion}_`, "i").test(id));
  const isBroken = own.some(([, outcome]) => outcome === "broken" || outcome === "skipped");
  const right = await python.run(applied(red, reference(task.id, "developer")));
  if (isBroken && right.code !== 0) return "broken";
  if (!task.criteria.every(proves) && !isBroken) return "not red";
  return right.code === 0 && !Object.values(right.outcomes).includes("skipped") ? "harmless" : "wrong";
}

async function measure(mistake, python) {
  const told = new Map();
  const all = tasks.filter(({ id }) => mistake.appliesTo(id, mistake.role));
  const step = Math.max(1, all.length / Number(most));
  for (const task of all.filter((_task, at) => at === Math.ceil(Math.floor(at / step) * step))) {
    const effect = await effectOf(python, mistake, task);
    told.set(effect, [...(told.get(effect) ?? []), task.id]);
  }
  const said = [...told].map(([effect, ids]) => `${effect} ${ids.length} (${ids.join(" ")})`).join("; ");
  row(mistake.role, mistake.kind, mistake.family, mistake.name, said);
}

row("role", "kind", "family", "mistake", "effects");
const queue = mistakes.filter((one) => one.role.includes(role) && one.name.includes(wanted));
await Promise.all(
  [1, 2].map(async () => {
    const python = runner();
    for (let mistake = queue.shift(); mistake; mistake = queue.shift()) await measure(mistake, python);
    python.end();
  }),
);
