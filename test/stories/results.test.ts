import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import type { WorkingMemory } from "../../src/views/working-memory.ts";
import { facts, goOn, refusalText, sandboxed, silent, tell, within } from "../kit/story.ts";
import { file, SUBTRACT_CODE, SUMS_CONFIG, subtracting, sums } from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";
import { wholeCli } from "../kit/whole-cli.ts";

const cli = wholeCli();
let target: Target;
afterEach(() => target.remove());

const kept = (name: string) => join(target.dir, ".millwright", name);
const table = () => {
  const [head = "", ...lines] = readFileSync(kept("results.tsv"), "utf8").trimEnd().split("\n");
  const names = head.split("\t");
  return lines.map((line) => Object.fromEntries(line.split("\t").map((cell, index) => [names[index] ?? "", cell])));
};
const short = () =>
  table().map((row) => [row.role, row.attempt, row.gate, row.verdict, row.type, row.category].join(" "));
const memory = () => JSON.parse(readFileSync(kept("working-memory.json"), "utf8")) as WorkingMemory;

const wrong = SUBTRACT_CODE.replace("left - right", "right - left");
const stray = file("src/other.js", "export const other = 1;");
const PLANNED = "architect 1 plan pass - -";

describe("what the mill keeps of a run", { timeout: 120_000 }, () => {
  test("a line an attempt with what was behind it, and no open loop when the run has ended", async () => {
    target = sums();
    const told = await tell(target, subtracting({ developer: [stray, wrong, SUBTRACT_CODE] }));
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(short()).toEqual([
      PLANNED,
      "tester 1 types pass - -",
      "developer 1 door refuse localization path",
      "developer 2 green refuse patch assertion",
      "developer 3 current pass - -",
    ]);
    for (const row of table()) expect(Number(row.tokens)).toBeGreaterThan(0);
    expect(memory()).toEqual({ run: told.run, title: expect.any(String), state: "done", loops: [] });
  });

  test("the loop that is open, while a person is awaited; a resume writes on, nothing lost and nothing twice", async () => {
    target = sums({ "millwright.yaml": `${SUMS_CONFIG}budget: { task: { attempts: 2 } }\n` });
    const script = subtracting({ developer: [wrong, SUBTRACT_CODE] });
    const first = await tell(target, script);
    expect(first.outcome.kind, refusalText(first)).toBe("waiting");
    const before = readFileSync(kept("results.tsv"), "utf8");
    expect(short().at(-1)).toBe("developer 1 green refuse patch assertion");
    await within(target, { script, ...sandboxed() }, async (mill) => {
      const end = await mill.resume(undefined, { budget: { task: { attempts: 20 } } }, silent());
      expect(end.outcome.kind).toBe("done");
    });
    expect(readFileSync(kept("results.tsv"), "utf8").startsWith(before)).toBe(true);
    expect(short()).toHaveLength(4);
    const metrics = await cli.call(target, ["metrics", "--json"]);
    expect(JSON.parse(metrics.stdout)).toMatchObject({ interventions: { manual: 1, waiting: 0 } });
  });

  test("the open loop of a run that was cut off, and the whole of it after the resume", async () => {
    target = sums();
    const stop = new AbortController();
    const script = subtracting({ developer: [wrong, SUBTRACT_CODE] });
    const cut: Script = (request) => {
      if (request.role === "developer" && request.attempt === 2) stop.abort();
      return script(request);
    };
    await within(target, { script: cut, ...sandboxed() }, async (mill) => {
      const end = await mill.run({ input: "specs/subtract.md" }, silent(stop.signal));
      expect(end.outcome.kind).toBe("cancelled");
    });
    expect(memory().loops).toEqual([]);
    expect(short().slice(0, 3)).toEqual([
      PLANNED,
      "tester 1 types pass - -",
      "developer 1 green refuse patch assertion",
    ]);
    const told = await goOn(target, script);
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(short().filter((line) => line.startsWith("developer"))).toEqual([
      "developer 1 green refuse patch assertion",
      "developer 2 current pass - -",
    ]);
  });

  test("a maker that fails the same way again is a deadlock; the first failure has the same signature in another folder", async () => {
    const limits = `${SUMS_CONFIG}limits: { sameSignature: 2, orchestrations: 0, testsAnew: 0 }\n`;
    target = sums({ "millwright.yaml": limits });
    const told = await tell(target, subtracting({ developer: [wrong] }));
    expect(told.outcome.kind, refusalText(told)).toBe("stuck");
    const failed = table().filter((row) => row.role === "developer");
    expect(failed.map((row) => `${row.gate} ${row.verdict}`)).toEqual([
      "green refuse",
      "door refuse", // the same code once more leaves every file as it is
      "door deadlock",
      "door deadlock",
    ]);
    expect(new Set(failed.slice(1).map((row) => row.signature)).size).toBe(1);
    const here = failed[0]?.signature;
    target.remove();
    target = sums({ "millwright.yaml": limits });
    await tell(target, subtracting({ developer: [wrong] }));
    expect(table().find((row) => row.role === "developer")?.signature).toBe(here);
  });
});

describe("millwright metrics", { timeout: 120_000 }, () => {
  test("says of two runs what landed, what failed, what repeats and what a landed task costs", async () => {
    target = sums();
    const script = subtracting({ developer: [wrong, SUBTRACT_CODE] });
    const [first, second] = [await tell(target, script), await tell(target, script)];
    const asked = await cli.call(target, ["metrics", "--json", "--csv", "numbers"]);
    expect(asked.exit, asked.stderr).toBe(0);
    const metrics = JSON.parse(asked.stdout);
    const answers = [first, second].flatMap((told) => facts(told, "answered"));
    expect(metrics).toMatchObject({
      runs: 2,
      attempts: { total: 6, passed: 4, failed: 2, deadlocked: 0 },
      types: { patch: 2 },
      categories: { assertion: 2 },
      repeatRate: 0.5,
      finalTests: 2,
      bill: { landed: 2, tokens: answers.reduce((sum, { usage }) => sum + usage.input + usage.output, 0) },
    });
    for (const path of metrics.written) expect(existsSync(path)).toBe(true);
    expect(metrics.written).toHaveLength(8);
    const text = await cli.call(target, ["metrics"]);
    expect(text.stdout).toContain("cost per landed task");
  });

  test("of a repository in which nothing ran yet are zero, not an error", async () => {
    target = sums();
    const asked = await cli.call(target, ["metrics"]);
    expect(asked.exit, asked.stderr).toBe(0);
    expect(asked.stdout).toContain("nothing has landed");
  });
});
