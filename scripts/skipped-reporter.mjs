/** A vitest reporter: which tests were not run, and the reason they gave. The JSON reporter leaves the reason out. */
import { writeFileSync } from "node:fs";

export default class SkippedReporter {
  onTestRunEnd(modules) {
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests()]
        .filter((test) => ["skipped", "pending"].includes(test.result().state))
        .map((test) => ({ file: module.relativeModuleId, name: test.fullName, why: reason(test) })),
    );
    writeFileSync(process.env.MILLWRIGHT_SKIPPED_REPORT, JSON.stringify(skipped));
  }
}

function reason(test) {
  if (test.options.mode === "todo") return "to do";
  return test.result().note ?? "no reason given: use context.skip(reason)";
}
