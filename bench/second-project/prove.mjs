/**
 * Is the second project what it claims to be? First all reference answers through the whole mill: every task lands at the
 * first try. Then, with `mistakes`, each mistake wherever it applies, as the answer before the reference.
 *
 *   node bench/second-project/prove.mjs [honest|mistakes] [task...]
 */
import { join } from "node:path";
import { row, scratch } from "../kit/house.mjs";
import { approval, goalMet, scriptedRun } from "../kit/target.mjs";
import { plans, reference, setUp, spec, tasks } from "./index.mjs";

const dir = join(scratch(), "target");
setUp(dir);
const byId = new Map(tasks.map((task) => [task.id, task]));
const script = ({ role, task }) => {
  if (role === "architect") return plans.join("\n");
  if (role === "goal-checker") return goalMet;
  if (role === "reviewer") return approval(byId.get(task).criteria, `${byId.get(task).files[0]}: stands there`);
  return reference(task, role);
};
const start = performance.now();
const told = await scriptedRun(dir, {
  input: spec,
  script,
  entry: ({ event }) => {
    if (event.type === "landed") row("landed", event.task, (performance.now() - start) / 1000);
    if (event.type === "gate-refused" || event.type === "proposal-refused")
      for (const one of event.findings)
        if (!/nothing-yet|not-yet|no-tests-yet/.test(one.rule))
          row(event.type, event.task, one.rule, one.message, one.evidence);
  },
});
console.log(dir, told.outcome);
