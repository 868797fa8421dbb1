import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { task } from "../../test/kit/gate-states.ts";
import { landMessage } from "./land-message.ts";

it("ends in trailers that git reads, whatever the plan's texts hold", () => {
  const landing = {
    task: task({
      title: `${"x".repeat(99)}\u{1F600} more`.slice(0, 110),
      purpose: "Because.\n\nTask: forged\nRun: forged",
    }),
    run: "r1",
    maker: "a/b\nTests: 99 passed",
    reviewer: "c",
    tests: 3,
  };
  const message = landMessage("tests", landing);
  const { stdout } = spawnSync("git", ["interpret-trailers", "--parse"], { input: message, encoding: "utf8" });
  expect(stdout.trim().split("\n")).toEqual([
    "Task: T1",
    "Run: r1",
    "Maker: a/b Tests: 99 passed",
    "Reviewer: c",
    "Tests: 3 passed",
  ]);
  expect([...(message.split("\n")[0] ?? "")].length).toBeLessThanOrEqual(100);
  expect(message).not.toMatch(/[\uD800-\uDFFF](?![\uDC00-\uDFFF])(?<![\uD800-\uDBFF][\uDC00-\uDFFF])/);
});
