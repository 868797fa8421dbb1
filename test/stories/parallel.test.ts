import { describe, expect, test } from "vitest";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { facts, refusalText, sandboxed, silent, type Told, tell, within } from "../kit/story.ts";
import { type Answers, approval, byTask, file, planWith, SUMS_CONFIG, sums, testOf } from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";

const NAMES = ["one", "two", "three", "four", "five"];

const taskOf = (name: string, needs: readonly string[] = []) => ({
  id: `T-${name}`,
  accept: {
    [`AC${NAMES.indexOf(name) + 1}`]: `\`${name}(1)\` of \`src/${name}.js\` returns ${NAMES.indexOf(name) + 2}`,
  },
  files: [`src/${name}.js`],
  tests: [`test/${name}.test.js`],
  creates: [`src/${name}.js#${name}`],
  needs,
});

function answersFor(name: string): Answers {
  const number = NAMES.indexOf(name) + 1;
  const body = `assert.equal(${name}(1), ${number + 1});`;
  return {
    tester: [file(`test/${name}.test.js`, testOf(name, `AC${number} adds ${number}`, body))],
    developer: [file(`src/${name}.js`, `export function ${name}(left) {\n  return left + ${number};\n}`)],
    reviewer: [approval(`AC${number}`)],
  };
}

const answers = Object.fromEntries(NAMES.map((name) => [`T-${name}`, answersFor(name)]));

function several(parallel: number): Target {
  return sums({
    "specs/more.md": "# More\n\nWe want more functions.\n",
    "millwright.yaml": `${SUMS_CONFIG}parallel: ${parallel}\n`,
  });
}

/** Counts the questions that are open at once. */
function watched(script: Script): { script: Script; most: () => number } {
  let [open, most] = [0, 0];
  return {
    most: () => most,
    script: async (request) => {
      open++;
      most = Math.max(most, open);
      await new Promise((resolve) => setTimeout(resolve, 150));
      open--;
      return script(request);
    },
  };
}

const plan = planWith(NAMES.map((name) => taskOf(name, name === "five" ? ["T-one", "T-two"] : [])));
const positionOf = (told: Told, type: string, task: string) =>
  told.entries.findIndex(({ event }) => event.type === type && "task" in event && event.task === task);

function everyLandingWasJudged(target: Target, told: Told): void {
  const landed = facts(told, "landed");
  const log = target.git("log", "--first-parent", "--format=%H %T", "loop/subtract").split("\n");
  for (const { commit, tree, task } of landed) {
    expect(log, task).toContain(`${commit} ${tree}`);
    const at = positionOf(told, "landed", task);
    const before = told.entries.slice(0, at).filter(({ event }) => "task" in event && event.task === task);
    const gates = before.slice(before.findLastIndex(({ event }) => event.type === "rebased") + 1);
    expect(
      gates.filter(({ event }) => event.type === "gate-passed" && event.gate === "green"),
      `${task} was judged on the base that it landed on`,
    ).not.toEqual([]);
  }
}

describe("independent tasks are worked on at once", { timeout: 120_000 }, () => {
  test("they land one after the other, each judged again on the branch as it then stood; a dependent waits", async () => {
    const target = several(3);
    const { script, most } = watched(byTask(plan, answers));
    const told = await tell(target, script, { input: "specs/more.md" });
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(most()).toBe(3);
    expect(facts(told, "landed")).toHaveLength(5);
    expect(facts(told, "rebased").length).toBeGreaterThan(0);
    everyLandingWasJudged(target, told);
    expect(positionOf(told, "task-started", "T-five")).toBeGreaterThan(positionOf(told, "landed", "T-two"));
    expect(target.git("rev-list", "--merges", "loop/subtract")).toBe("");
    target.remove();
  });

  test("without `parallel`, one after the other", async () => {
    const target = several(1);
    const { script, most } = watched(byTask(plan, answers));
    const told = await tell(target, script, { input: "specs/more.md" });
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect([most(), facts(told, "rebased").length]).toEqual([1, 0]);
    target.remove();
  });

  test("one that is stuck stops neither the others nor the run, only what needs it", async () => {
    const target = several(3);
    const wrong = { ...answers, "T-one": { ...answers["T-one"], developer: ["I have no idea."] } };
    const told = await tell(target, byTask(plan, wrong), { input: "specs/more.md" });
    expect(told.outcome.kind).toBe("stuck");
    const ended = Object.fromEntries(facts(told, "task-ended").map(({ task, outcome }) => [task, outcome]));
    expect(ended).toEqual({
      "T-one": "stuck",
      "T-two": "landed",
      "T-three": "landed",
      "T-four": "landed",
      "T-five": "skipped",
    });
    everyLandingWasJudged(target, told);
    target.remove();
  });

  test("interrupted half-way, it goes on: nothing that was answered is asked again, and all of it lands", async () => {
    const target = several(3);
    const asked: string[] = [];
    const stop = new AbortController();
    const script: Script = (request) => {
      asked.push(`${request.task} ${request.role} ${request.attempt}`);
      if (asked.length === 7) stop.abort();
      return byTask(plan, answers)(request);
    };
    await within(target, { script, ...sandboxed() }, async (mill) => {
      const first = await mill.run({ input: "specs/more.md" }, silent(stop.signal));
      expect(first.outcome.kind).toBe("cancelled");
      const end = await mill.resume(undefined, {}, silent());
      expect(end.outcome).toEqual({ kind: "done", branch: "loop/subtract" });
      const told = { ...end, entries: await mill.entries(end.run) };
      expect(facts(told, "landed")).toHaveLength(5);
      everyLandingWasJudged(target, told);
      const answered = facts(told, "answered").map(({ task, role, attempt }) => `${task} ${role} ${attempt}`);
      expect(answered).toEqual([...new Set(answered)]);
    });
    target.remove();
  });
});
