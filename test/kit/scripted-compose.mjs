/**
 * Stands in the place of the compiled compose.js: tells the facts of a script instead of working, so that a story about
 * the command line needs no repository. The script is JSON, its path in MILL_SCRIPT.
 */
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { InputError, StepFailure } from "./domain/step-failure.js";

const script = JSON.parse(readFileSync(process.env.MILL_SCRIPT, "utf8"));
const journal = "/somewhere/.millwright/journal.db";

function fail(problem) {
  if (problem === undefined) return;
  if (problem.kind === "input") throw new InputError(problem.problems);
  if (problem.kind === "step") throw new StepFailure(problem.message, problem);
  if (problem.kind !== "crash") throw new TypeError(problem.message);
  setTimeout(() => {
    throw new TypeError(problem.message);
  });
}

async function tell(watch) {
  const { entries, pauseMilliseconds = 0, glimpses = [] } = script;
  for (const entry of entries) {
    watch.entry(entry);
    for (const { after, seen } of glimpses) if (after === entry.seq) watch.glimpse(seen);
    if (pauseMilliseconds > 0) await pause(pauseMilliseconds);
  }
  fail(script.failure);
  const stopped = await idle(watch.signal);
  return {
    run: entries[0]?.run ?? "r0",
    outcome: stopped ? { kind: "cancelled", reason: "interrupted" } : script.outcome,
  };
}

/** Waits to be stopped when the script hangs, and for ever when it is deaf, too. */
async function idle(signal) {
  while (script.hang && (script.deaf || !signal.aborted)) await pause(5);
  return signal.aborted;
}

function learned() {
  const waiting = script.candidates ?? [];
  return { recorded: 9, cases: 3, waiting, others: [], decided: [], notes: [] };
}

export async function openMill(dir, flags) {
  fail(script.openFailure);
  const { entries } = script;
  const row = (id) => ({ id, title: "Pricing\u001b[2J", createdAt: 1_000, outcome: script.outcome?.kind });
  return {
    root: dir,
    journal,
    config: { models: { default: "scripted" }, prices: {}, flags },
    plan: async (request, watch) => ({ ...(await tell(watch)), path: script.path, plans: ["pricing"], request }),
    run: async (request, watch) => ({ ...(await tell(watch)), ...(script.echo ? { request } : {}) }),
    resume: async (run, changes, watch) => ({ ...(await tell(watch)), resumed: run, changes }),
    replay: async (source, options, watch) => ({ ...(await tell(watch)), source, options }),
    atWork: () => false,
    runs: async () => (script.runs ?? [entries[0]?.run ?? "r0"]).map(row),
    entries: async (run) => entries.filter((entry) => entry.run === run),
    diff: async (run, task) => `diff --git a/${run} b/${task}\n-old\n+new \u001b]0;owned\u0007\u202etxt\n`,
    learn: async () => learned(),
    decide: async ({ approve = [], reject = [] }) => [
      ...approve.map((id) => ({
        id,
        decision: "approved",
        path: `corrections/${id}.yaml`,
        commit: "0123456789abcdef",
      })),
      ...reject.map((id) => ({ id, decision: "rejected", path: `corrections/${id}.yaml` })),
    ],
    candidates: async () => script.candidates ?? [],
    close: async () => {},
  };
}

export const initRepository = async (_dir, { yes }) => ({
  path: "millwright.yaml",
  text: "suites: []\n",
  notes: [`yes: ${yes}`],
});
export const diagnoseRepository = async () => script.checks ?? [];
export async function runDemo(_options, watch) {
  const end = await tell(watch);
  return { repository: "/tmp/pricing demo", runs: [{ ...end, title: "Recorded: pricing", entries: script.entries }] };
}
export const modelsInSight = async () => ["a script"];
export const inspectModels = async () =>
  script.look ?? { models: [], servers: [], agents: [], pricesAsOf: "", contextsAsOf: "" };
