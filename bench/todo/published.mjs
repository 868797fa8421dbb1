/**
 * What the seed publishes of its run, and the maker that it takes to see these numbers in the seed's own loop: every cycle
 * asks for a test and for code anew; the cycle ends in a commit or is discarded; three failures in a row with one signature are a
 * deadlock, and the task is picked up again.
 *
 *   node bench/todo/published.mjs        fits the three free numbers again, by simulation
 */
import { pathToFileURL } from "node:url";
import { ROLES, ratesIn, waysOf } from "./maker.mjs";

export const PUBLISHED = {
  attempts: 164,
  passed: 11,
  failed: 116,
  deadlocked: 37,
  interventions: 3,
  bands: [
    ["0 to 5", 0.056],
    ["6", 0],
    ["7 to 10", 0.4],
    ["11 to 13", 0.625],
  ],
  types: { patch: 99, environment: 54 },
  tests: 35,
};

/** Mistakes that can be made in each task, when all tasks before it have landed. */
function possibleIn(project) {
  const landed = new Set();
  const base = new Set();
  return project.tasks.map((task) => {
    const context = { landed: new Set(landed), base: new Set(base), task };
    const can = new Set(
      project.mistakes.flatMap((mistake) =>
        ROLES.filter((role) => waysOf(mistake, role, project.honest(task, role, context), context).length > 0).map(
          (role) => `${mistake.id} ${role}`,
        ),
      ),
    );
    landed.add(task);
    for (const path of project.paths(task)) base.add(path);
    return (mistake, role) => can.has(`${mistake.id} ${role}`);
  });
}

/** What many runs of the seed's loop come to; `corrected` mistakes never reach the files. An import that fails hides the rest. */
function loopOf(project, possible, model, corrected) {
  const count = { attempts: 0, passed: 0, deadlocked: 0, environment: 0 };
  const random = randomFrom(7);
  for (let run = 0; run < 150; run++)
    for (const can of possible) deliver(ratesIn(project.mistakes, can, model), { model, corrected, count, random });
  const failed = count.attempts - count.passed;
  return {
    pass: count.passed / count.attempts,
    deadlock: count.deadlocked / failed,
    environment: count.environment / failed,
    attempts: count.attempts / 150,
  };
}

function deliver(rates, { model, corrected, count, random }) {
  let before;
  let [signature, same] = ["", 0];
  for (let number = 1; number <= 400; number++) {
    const made = ROLES.flatMap((role) => {
      if (before && random() < model.repeats) return before.filter((one) => one.role === role);
      return rates.filter((rate) => rate.role === role && random() < 1 - Math.exp(-rate.mean));
    });
    before = made;
    count.attempts += 1;
    const left = made.filter(({ mistake }) => !corrected.has(mistake.id));
    const first = left.find(({ mistake }) => mistake.kind === "environment") ?? left[0];
    if (first === undefined) {
      count.passed += 1;
      return;
    }
    if (first.mistake.kind === "environment") count.environment += 1;
    const now = `${first.role} ${first.mistake.id}`;
    same = now === signature ? same + 1 : 1;
    signature = now;
    if (same < 3) continue;
    count.deadlocked += 1;
    same = 0;
  }
}

/** Mulberry32. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The value for which `seen` meets `wanted`; `seen` falls or rises steadily from `low` to `high`. */
function meet(low, high, seen, wanted) {
  const rises = seen(high) > seen(low);
  for (let round = 0; round < 12; round++) {
    const middle = (low + high) / 2;
    if (seen(middle) > wanted === rises) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/** The rates with which the seed's loop shows the published numbers, for a maker that repeats itself so often. */
export function fitted(project, repeats) {
  const possible = possibleIn(project);
  const mended = new Set(project.mistakes.filter(({ kind }) => kind !== "gated").map(({ id }) => id));
  let [total, environment, gated] = [2, 0.2, 0.1];
  const model = (change) => {
    const now = { total, environment, gated, ...change };
    return {
      repeats,
      total: now.total,
      shares: { environment: now.environment, patch: 1 - now.environment - now.gated, gated: now.gated },
    };
  };
  const loop = (change, corrected) => loopOf(project, possible, model(change), corrected);
  const none = new Set();
  for (let round = 0; round < 4; round++) {
    total = meet(0.1, 12, (value) => loop({ total: value }, none).pass, 0.056);
    environment = meet(0.01, 0.6, (value) => loop({ environment: value }, none).environment, 54 / 153);
    gated = meet(0.005, 0.5, (value) => loop({ gated: value }, mended).pass, 0.625);
  }
  return { model: model({}), without: loop({}, none), last: loop({}, mended) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { project } = await import("./project.mjs");
  const asked = process.argv.slice(2).map(Number);
  for (const repeats of asked.length > 0 ? asked : [0, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9])
    console.log(JSON.stringify(fitted(project, repeats)));
}
