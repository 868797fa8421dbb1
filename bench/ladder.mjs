/**
 * Specs of 5, 10, 20 and 40 criteria, one tiny function each, through the whole loop: where does it break, and how does it
 * say so? The model is scripted (no language model): it solves everything at the first try, in linked plans of at most 10
 * tasks. One last rung asks for 11 tasks in one plan, and must be refused.
 *
 *   node bench/ladder.mjs [criteria...]
 *
 * criteria,plans,tasks landed,outcome,wall s,wall without sandbox s,cpu own s,facts,questions,prompt tokens (chars/4),tokens a task,first task s,last task s,most resident MB,said
 */

import { row } from "./kit/house.mjs";
import { numbers, plansOf, scriptOf } from "./kit/numbers.mjs";
import { busy, purpose, spawned } from "./kit/spawned.mjs"; // first: it must see every start
import { scriptedRun } from "./kit/target.mjs";

const rungs = process.argv.slice(2).length > 0 ? process.argv.slice(2).map(Number) : [5, 10, 20, 40];

async function climb(criteria, size) {
  const target = numbers(criteria);
  const facts = [];
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const plans = plansOf(criteria, size, { linked: true });
  const entry = (one) => facts.push({ event: one.event, at: performance.now() });
  const told = await scriptedRun(target.dir, { input: "specs/numbers.md", script: scriptOf(plans), entry });
  const end = performance.now();
  const own = process.cpuUsage(cpu);
  const sandboxes = spawned.filter((one) => purpose(one) === "sandbox");
  const of = (type) => facts.filter(({ event }) => event.type === type);
  const tokens = of("answered").reduce((sum, { event }) => sum + event.usage.input, 0);
  const landed = of("landed");
  const begun = of("task-started");
  const seconds = (at) => ((landed[at]?.at ?? 0) - (begun[at]?.at ?? 0)) / 1000;
  row(
    size > 10 ? `${criteria} in one plan` : criteria,
    plans.length,
    landed.length,
    told.outcome.kind,
    (end - start) / 1000,
    (end - start - busy(sandboxes, start, end)) / 1000,
    (own.user + own.system) / 1e6,
    facts.length,
    of("answered").length,
    tokens,
    landed.length === 0 ? "" : Math.round(tokens / landed.length),
    seconds(0),
    seconds(landed.length - 1),
    process.resourceUsage().maxRSS / 1024,
    (told.outcome.reason ?? "").slice(0, 400),
  );
  target.remove();
}

row(
  "criteria",
  "plans",
  "tasks landed",
  "outcome",
  "wall s",
  "wall without sandbox s",
  "cpu own s",
  "facts",
  "questions",
  "prompt tokens (chars/4)",
  "tokens a task",
  "first task s",
  "last task s",
  "most resident MB",
  "said",
);
for (const criteria of rungs) await climb(criteria, 10);
await climb(11, 11);
console.log(
  "# scripted model: it measures the loop, not a model; memory is of the bench's process, over all rungs so far",
);
