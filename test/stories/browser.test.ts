import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { available } from "../kit/available.ts";
import { facts, refusals, refusalText, tell } from "../kit/story.ts";
import { approval, byTask, file } from "../kit/sums.ts";
import { makeTarget } from "../kit/target.ts";
import { APP, APP_ADDING, APP_UNKEPT, PAGE, STYLES, TASKS, TASKS_TEST, UNWIRED } from "../kit/todo-web.ts";

const EXAMPLE = resolve(import.meta.dirname, "../../examples/todo-web");
const missing = available.chromium ? "" : "chromium is not installed";
const story = (what: string, tale: () => Promise<void>) =>
  test(what, { timeout: 600_000 }, async (context) => {
    if (missing !== "") context.skip(missing);
    await tale();
  });

const STARTING = [".gitignore", "AGENTS.md", "index.html", "millwright.yaml", "package.json", "specs/todo-web.md"];
const example = () =>
  makeTarget(Object.fromEntries(STARTING.map((path) => [path, readFileSync(join(EXAMPLE, path), "utf8")])));
const plan = readFileSync(join(EXAMPLE, "plans/todo-web.md"), "utf8");

const BARE = "body {\n  margin: 0;\n}\n";
const STRUCK = ".done .text {\n  text-decoration: line-through;\n}\n";

describe("examples/todo-web", () => {
  story("the published failure, a perfect addTask() wired to nothing, is refused; the wired page lands", async () => {
    const target = example();
    const page = file("index.html", PAGE);
    const told = await tell(
      target,
      byTask(plan, {
        T1: {
          developer: [file("src/tasks.js", TASKS) + file("test/tasks.test.js", TASKS_TEST)],
          reviewer: [approval("AC1", "AC2", "AC3")],
        },
        // The reviewer would let the dead page pass: it is never asked.
        T2: {
          developer: [page + file("styles.css", BARE) + file("src/app.js", UNWIRED), file("src/app.js", APP_ADDING)],
          reviewer: [approval("AC4", "AC5", "AC6", "AC7")],
        },
        T3: {
          developer: [file("src/app.js", APP_UNKEPT) + file("styles.css", BARE + STRUCK)],
          reviewer: [approval("AC8", "AC9", "AC10")],
        },
        T4: { developer: [file("src/app.js", APP)], reviewer: [approval("AC11", "AC12")] },
        T5: { developer: [file("styles.css", STYLES)], reviewer: [approval("AC13", "AC14", "AC15")] },
      }),
      { input: "specs/todo-web.md" },
    );
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(refusals(told).filter((refusal) => refusal.startsWith("browser"))).toEqual(["browser: browser/fails"]);
    const [refused] = facts(told, "gate-refused").filter(({ gate }) => gate === "browser");
    expect(refused?.findings.map(({ message }) => message.slice(0, 3))).toEqual(["AC4", "AC5", "AC6", "AC7"]);
    expect(refused?.findings[0]?.message).toContain("step 3");
    expect(refused?.findings[0]?.evidence).toContain("<- here");
    expect(facts(told, "landed")).toHaveLength(5);
    target.remove();
  });
});
