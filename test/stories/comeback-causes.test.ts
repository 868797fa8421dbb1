import { afterEach, describe, expect, test } from "vitest";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import type { Wiring } from "../../src/compose/wiring.ts";
import type { CorrectionFile } from "../../src/domain/correction-file.ts";
import { printCorrection } from "../../src/domain/correction-text.ts";
import type { Changes } from "../../src/mill.ts";
import { storyOf } from "../../src/views/story.ts";
import { startModelServer } from "../kit/model-server.ts";
import { facts, refusalText, sandboxed, silent, type Told, tell, within } from "../kit/story.ts";
import { file, SUBTRACT_CODE, SUMS_CONFIG, subtracting, sums } from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";

const LIMITS = "limits: { sameSignature: 2, orchestrations: 0, testsAnew: 0 }\n";
const wrong = SUBTRACT_CODE.replace("left - right", "right - left");
const guessed = file(
  "src/subtract.js",
  'import { add } from "./sum.js";\n\nexport function subtract(left, right) {\n  return add(left, -right);\n}',
);
const ADD_MODULE: CorrectionFile = {
  id: "add-module",
  title: "add comes from src/add.js",
  why: { reason: "Models guess src/sum.js.", runs: [], signatures: [], cases: [] },
  languages: ["javascript"],
  files: ["src/**"],
  state: "on",
  does: { kind: "rewrite-import", from: "/src/sum.js", to: "/src/add.js" },
  examples: {
    valid: [{ path: "src/a.js", text: 'import { add } from "./add.js";\n' }],
    invalid: [
      { path: "src/a.js", text: 'import { add } from "./sum.js";\n', expected: 'import { add } from "./add.js";\n' },
    ],
  },
};

let target: Target;
afterEach(() => target.remove());

async function resume(wiring: Wiring, changes: Changes = {}): Promise<Told> {
  return within(target, wiring, async (mill) => {
    const run = (await mill.runs()).at(-1)?.id;
    const end = await mill.resume(run, changes, silent());
    return { ...end, entries: await mill.entries(end.run) };
  });
}

describe("a stuck task comes back", { timeout: 240_000 }, () => {
  test("for a new correction, which is named; without it, it rests", async () => {
    target = sums({ "millwright.yaml": `${SUMS_CONFIG}${LIMITS}` });
    const script = subtracting({ developer: [guessed] });
    const first = await tell(target, script);
    expect(first.outcome.kind, refusalText(first)).toBe("stuck");
    await expect(resume({ script })).rejects.toThrow(/T1 rests/);
    target.write("corrections/add-module.yaml", printCorrection(ADD_MODULE));
    target.commit("Correct a guess");
    const told = await resume({ script });
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "task-reopened")).toMatchObject([{ reason: "the correction add-module is new" }]);
  });

  test("for a correction that was committed while the mill was open: a resume looks at the head anew", async () => {
    target = sums({ "millwright.yaml": `${SUMS_CONFIG}${LIMITS}` });
    await within(target, { ...sandboxed(), script: subtracting({ developer: [guessed] }) }, async (mill) => {
      const { run, outcome } = await mill.run({ input: "specs/subtract.md" }, silent());
      expect(outcome.kind).toBe("stuck");
      target.write("corrections/add-module.yaml", printCorrection(ADD_MODULE));
      await expect(mill.resume(run, {}, silent())).rejects.toThrow(/T1 rests/);
      target.commit("Correct a guess");
      expect((await mill.resume(run, {}, silent())).outcome.kind).toBe("done");
      const entries = await mill.entries(run);
      expect(entries.flatMap(({ event }) => (event.type === "task-reopened" ? [event.reason] : []))).toEqual([
        "the correction add-module is new",
      ]);
    });
  });

  test("for another model of its maker in millwright.yaml, and climbs the ladder that it has then", async () => {
    const honest = subtracting();
    const server = await startModelServer({
      models: ["weak", "strong", "judge"],
      answer: async ({ role, task, attempt, model }) =>
        role === "developer" && model !== "strong" ? wrong : String(await honest({ role, task, attempt } as never)),
    });
    const config = (developer: string) =>
      `${SUMS_CONFIG.replace("{ default: mailbox }", `{ default: local/judge, developer: ${developer} }`)}servers: { local: { kind: openai-compatible, url: "${server.openAiUrl}" } }\n${LIMITS}`;
    target = sums({ "millwright.yaml": config("local/weak") });
    const first = await within(target, sandboxed(), async (mill) => mill.run({ input: "specs/subtract.md" }, silent()));
    expect(first.outcome.kind).toBe("stuck");
    await expect(resume({})).rejects.toThrow(/T1 rests/);
    target.write("millwright.yaml", config("[local/weak, local/strong]"));
    const told = await resume({});
    await server.close();
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "task-reopened")).toMatchObject([
      { reason: "the developer's models are local/weak, then local/strong and were local/weak" },
    ]);
    const answers = facts(told, "answered").filter(({ role }) => role === "developer");
    expect(answers.at(-1)?.model).toBe("local/strong");
  });
});

describe("a comeback that is killed", { timeout: 480_000 }, () => {
  const script = (right: boolean): Script => subtracting({ developer: [right ? SUBTRACT_CODE : wrong] });
  const retry = { task: "T1", word: "take the right one from the left one" };
  const AT = ["reopened/T1/", "resumed/", "breakers", "done/answer/T1/developer/5", "landed/T1", "ended/2"];

  /** Dies, once, right before or after the nth write of the life. */
  function dying(point: string, how: "before" | "after"): Wiring {
    let dead = false;
    return {
      wrapJournal: (journal) => ({
        ...journal,
        append: async (key, event) => {
          const hit = !dead && key.includes(point) && !(await journal.find(key));
          dead ||= hit;
          if (dead && !(hit && how === "after")) throw new Error("killed");
          await journal.append(key, event);
          if (hit) throw new Error("killed");
        },
      }),
    };
  }

  test("tells the same story as one that was not, wherever it is killed", async () => {
    target = sums({ "millwright.yaml": `${SUMS_CONFIG}${LIMITS}` });
    await tell(target, script(false));
    const whole = storyOf((await resume({ script: script(true) }, { retry })).entries);
    for (const [index, point] of AT.entries()) {
      target.remove();
      target = sums({ "millwright.yaml": `${SUMS_CONFIG}${LIMITS}` });
      await tell(target, script(false));
      const how = index % 2 === 0 ? "after" : "before";
      await expect(resume({ script: script(true), ...dying(point, how) }, { retry }), point).rejects.toThrow("killed");
      const rests = facts(await entriesOf(), "task-reopened").length === 0;
      const told = await resume({ script: script(true) }, rests ? { retry } : {});
      expect(told.outcome.kind, point).toBe("done");
      expect(timeless(storyOf(told.entries)), point).toEqual(timeless(whole));
    }
  });

  async function entriesOf(): Promise<Told> {
    return within(target, sandboxed(), async (mill) => {
      const run = (await mill.runs()).at(-1)?.id ?? "";
      return { run, outcome: { kind: "stuck", reason: "" }, entries: await mill.entries(run) };
    });
  }

  const timeless = (story: readonly string[]) =>
    story.map((line) => line.replace(/[0-9a-f]{10}|INC-[\w-]+|r\d{8}-\d{6}-\w{4}/g, "#"));
});
