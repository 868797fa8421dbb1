import { systemClock } from "../adapters/clock/system.ts";
import type { Mill } from "../mill.ts";
import { benchIndex } from "./index-bench.ts";
import { memoryOf } from "./memory.ts";
import { verdictText } from "./memory-index.ts";
import { applyRules, type RulesPlace, refuseRules } from "./memory-rules.ts";

type Locked = <Result>(command: string, work: () => Promise<Result>) => Promise<Result>;

/** What an app may ask of the mill's memory. */
export function memoriesOf(
  place: RulesPlace,
  locked: Locked,
): Pick<Mill, "memory" | "applyRules" | "refuseRules" | "benchIndex"> {
  return {
    memory: () => memoryOf(place),
    applyRules: () => locked("memory", () => applyRules(place, Math.floor(systemClock().now() / 1000))),
    refuseRules: (ids) => locked("memory", () => refuseRules(place, ids)),
    benchIndex: (told) =>
      locked("index bench", async () => {
        const verdict = await benchIndex(place, told);
        return { verdict, text: verdictText(verdict) };
      }),
  };
}
