import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { available } from "../kit/available.ts";
import { facts, refusals, refusalText, tell } from "../kit/story.ts";
import { approval, byTask, file, planWith, SUMS_CONFIG } from "../kit/sums.ts";
import { makeTarget } from "../kit/target.ts";
import { APP, APP_ADDING, APP_UNKEPT, PAGE, STYLES, TASKS, TASKS_TEST, UNWIRED } from "../kit/todo-web.ts";

const EXAMPLE = resolve(import.meta.dirname, "../../examples/todo-web");
const missing = available.chromium ? "" : "chromium is not installed";
const story = (what: string, tale: () => Promise<void>) =>
  test(what, { timeout: 600_000 }, async (context) => {
    if (missing !== "") context.skip(missing);
    await tale();
  });

const STARTING = ["gitignore", "AGENTS.md", "index.html", "millwright.yaml", "package.json", "specs/todo-web.md"];
const example = () =>
  makeTarget(
    Object.fromEntries(
      STARTING.map((path) => [path.replace(/^gitignore$/, ".gitignore"), readFileSync(join(EXAMPLE, path), "utf8")]),
    ),
  );
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

const LIVE = `<!doctype html><html lang="en"><title>Count</title><button id="more">More</button><output id="sum">0</output>
<script type="module">
const sum = document.querySelector("#sum");
document.querySelector("#more").addEventListener("click", () => { sum.textContent = String(Number(sum.textContent) + 1); });
</script></html>`;
const DEAD = LIVE.replace("#more", "#nowhere").replace('querySelector("#nowhere")', 'querySelector("#nowhere")?');
const BASE = LIVE.replace(/<script[\s\S]*<\/script>/, "");

const COUNTS = {
  id: "AC1",
  text: 'Clicking the button "More" twice makes the element with the id `sum` say 2',
  browser: {
    steps: [
      { click: { role: "button", name: "More" } },
      { click: { role: "button", name: "More" } },
      { see: "#sum", text: "2" },
    ],
  },
};

/** A page under test first, without any suite. */
function page(settings: Readonly<Record<string, unknown>> = {}) {
  const [before = ""] = SUMS_CONFIG.split("suites:");
  const config = `${before}dependencies: { install: none }\nbrowser: ${JSON.stringify({ waitSeconds: 1, ...settings })}\n`;
  return makeTarget({
    "index.html": BASE,
    "specs/count.md": "# Count\n\nThe button counts.\n",
    "millwright.yaml": config,
  });
}

const counting = (accept: readonly unknown[]) =>
  planWith([{ files: ["index.html"], tests: [], creates: [], more: { accept } }]);

describe("a task whose criteria are all seen in a browser", () => {
  story(
    "asks for no test: that it fails on the base is its red; a dead page is refused, a live one lands",
    async () => {
      const target = page();
      const developer = [file("index.html", DEAD), file("index.html", LIVE)];
      const told = await tell(target, byTask(counting([COUNTS]), { T1: { developer } }), { input: "specs/count.md" });
      expect(told.outcome.kind, refusalText(told)).toBe("done");
      expect(refusals(told)).toEqual(["green: green/nothing-yet", "browser: browser/fails"]);
      const [red] = facts(told, "gate-refused");
      expect(red?.findings.map(({ message }) => message).join("\n")).toContain('Expected: the text "2". Seen: "0".');
      expect(facts(told, "answered").some(({ role }) => role === "tester")).toBe(false);
      target.remove();
    },
  );

  story("whose criterion holds already goes back to the architect, who may call it a guard", async () => {
    const target = page();
    const guard = {
      id: "AC2",
      text: "The element with the id `sum` says 0 at first",
      browser: { steps: [{ see: "#sum", text: "0" }] },
    };
    const always = { ...guard, browser: { ...guard.browser, holds: "always" } };
    const [first = ""] = /^tasks: ([\s\S]*?)\n---/m.exec(counting([COUNTS, always]))?.slice(1) ?? [];
    const revised = `---\n${JSON.stringify((JSON.parse(first) as unknown[])[0], null, 2)}\n---\nAC2 is a guard.\n`;
    const told = await tell(
      target,
      byTask(counting([COUNTS, guard]), {
        T1: { architect: [revised], developer: [file("index.html", LIVE)], reviewer: [approval("AC1", "AC2")] },
      }),
      { input: "specs/count.md" },
    );
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(refusals(told)[0]).toBe("red: browser/passes-on-base");
    target.remove();
  });
});

test("where there is no browser, the run waits and says what to install; nothing lands", {
  timeout: 120_000,
}, async () => {
  const target = page({ executable: "/nowhere/chrome" });
  const told = await tell(target, byTask(counting([COUNTS]), { T1: { developer: [file("index.html", LIVE)] } }), {
    input: "specs/count.md",
  });
  expect(told.outcome.kind).toBe("waiting");
  expect(refusalText(told)).toContain("apt-get install -y chromium");
  expect(facts(told, "landed")).toEqual([]);
  target.remove();
});
