import { afterEach, describe, expect, test } from "vitest";
import type { CorrectionFile } from "../../src/domain/correction-file.ts";
import { printCorrection } from "../../src/domain/correction-text.ts";
import { InputError } from "../../src/domain/step-failure.ts";
import { correctionCounts } from "../../src/views/correction-counts.ts";
import { foldResults } from "../../src/views/results.ts";
import { storyOf } from "../../src/views/story.ts";
import { wholeNumbers } from "../kit/small-tasks.ts";
import { facts, goOn, refusals, refusalText, silent, tell, within } from "../kit/story.ts";
import { file, planWith, subtracting, sums, testOf } from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";

/** The developer's mistake: a module that is not there. */
const GUESSED = file(
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

const NO_LEGACY: CorrectionFile = {
  ...ADD_MODULE,
  id: "no-legacy",
  title: "Nothing goes into src/legacy",
  languages: [],
  files: ["src/sub*.js"],
  does: { kind: "reject-path", message: "Write src/minus.js instead: names with sub are taken." },
  examples: { valid: [{ path: "src/minus.js" }], invalid: [{ path: "src/subtract.js" }] },
};

const withFiles = (...corrections: readonly CorrectionFile[]) =>
  Object.fromEntries(corrections.map((one) => [`corrections/${one.id}.yaml`, printCorrection(one)]));

describe("corrections in the loop", () => {
  let target: Target;
  afterEach(() => target.remove());

  test("turn a mistake before anybody judges it: the run lands without a refusal, and says what was done", async () => {
    target = sums(withFiles(ADD_MODULE));
    const told = await tell(target, subtracting({ developer: [GUESSED] }));
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    // The beginning of every task: nothing is there yet.
    expect(refusals(told)).toEqual(["red: red/no-tests-yet", "green: green/nothing-yet"]);
    expect(facts(told, "corrected")).toMatchObject([
      { role: "developer", attempt: 1, corrections: [{ id: "add-module", path: "src/subtract.js", times: 1 }] },
    ]);
    expect(facts(told, "run-started")[0]?.corrections).toEqual(["add-module"]);
    expect(foldResults(told.entries).rows.filter(({ role }) => role === "developer")).toMatchObject([
      { corrections: 1, verdict: "pass" },
    ]);
    expect(storyOf(told.entries)).toContain("T1: corrected: add-module in src/subtract.js");
    expect(target.git("show", "loop/subtract:src/subtract.js")).toContain('"./add.js"');
  });

  test("switched off, the same mistake is refused", async () => {
    target = sums(withFiles({ ...ADD_MODULE, state: "off" }));
    const told = await tell(target, subtracting({ developer: [GUESSED] }), { budget: { attempts: 4 } });
    expect(told.outcome.kind).not.toBe("done");
    expect(facts(told, "corrected")).toEqual([]);
    expect(facts(told, "run-started")[0]?.corrections).toBeUndefined();
    expect(facts(told, "gate-refused").some(({ findings }) => findings[0]?.answers === "developer")).toBe(true);
  });

  test("count as they stand in the base's commit, not in the folder", async () => {
    target = sums(withFiles(ADD_MODULE));
    target.write("corrections/add-module.yaml", "nonsense");
    const told = await tell(target, subtracting({ developer: [GUESSED] }));
    expect(told.outcome.kind, refusalText(told)).toBe("done");
  });

  test("refuse a path at the door in their own words, to whoever wrote it", async () => {
    target = sums(withFiles(NO_LEGACY));
    const told = await tell(target, subtracting(), { budget: { attempts: 3 } });
    const [refused] = facts(told, "proposal-refused");
    expect(refused).toMatchObject({
      role: "developer",
      findings: [{ rule: "correction/no-legacy", answers: "developer", message: expect.stringContaining("minus.js") }],
    });
  });

  test("that are broken refuse the run at its start, with every problem", async () => {
    const [invalid] = ADD_MODULE.examples.invalid;
    const examples = { ...ADD_MODULE.examples, invalid: [{ ...invalid, expected: "import {} from './add.js';\n" }] };
    const wrong: CorrectionFile = { ...ADD_MODULE, id: "wrong", examples };
    target = sums({
      ...withFiles(ADD_MODULE),
      "corrections/a.yaml": "id: a\n",
      "corrections/wrong.yaml": printCorrection(wrong),
    });
    const refused = await tell(target, subtracting()).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InputError);
    const { problems } = refused as InputError;
    expect(problems).toContainEqual(expect.stringContaining("corrections/a.yaml: line 1: title: is missing"));
    expect(problems).toContainEqual(
      expect.stringMatching(/corrections\/wrong\.yaml: examples\.invalid\[0\]: it becomes/),
    );
    expect(await within(target, { script: subtracting() }, (mill) => mill.runs())).toHaveLength(1);
  });

  test("are not written by makers", async () => {
    target = sums(withFiles(ADD_MODULE));
    const told = await tell(target, subtracting({ developer: [file("corrections/add-module.yaml", "state: off")] }), {
      budget: { attempts: 3 },
    });
    expect(facts(told, "proposal-refused")[0]?.findings[0]?.rule).toBe("door/protected");
  });

  test("a run that was killed between correcting and saying so tells the same story", async () => {
    target = sums(withFiles(ADD_MODULE));
    let killed = false;
    const wrapJournal: NonNullable<Parameters<typeof tell>[3]>["wrapJournal"] = (journal) => ({
      ...journal,
      append: async (key, event) => {
        if (key.startsWith("corrected/") && !killed) {
          killed = true;
          throw new Error("killed");
        }
        return journal.append(key, event);
      },
    });
    const script = subtracting({ developer: [GUESSED] });
    await expect(tell(target, script, {}, { wrapJournal })).rejects.toThrow("killed");
    const told = await goOn(target, script);
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    const again = sums(withFiles(ADD_MODULE));
    const whole = await tell(again, script);
    again.remove();
    expect(facts(told, "corrected")).toEqual(facts(whole, "corrected"));
    const replayed = await within(target, {}, (mill) => mill.replay({ run: told.run }, { strict: true }, silent()));
    expect(replayed.outcome.kind).toBe("done");
  });
});

/** Too far: not whatever answers 200 should answer 201. */
const ALWAYS_201: CorrectionFile = {
  ...ADD_MODULE,
  id: "always-201",
  title: "Answers are 201",
  does: { kind: "replace-literal", from: [200], to: 201 },
  examples: {
    valid: [{ path: "src/a.js", text: "export const answer = 201;\n" }],
    invalid: [{ path: "src/a.js", text: "export const answer = 200;\n", expected: "export const answer = 201;\n" }],
  },
};

describe("a correction that goes too far", { timeout: 120_000 }, () => {
  let target: Target;
  afterEach(() => target.remove());

  test("is told to the maker whose answer it changed, and left out of the task after the second refusal", async () => {
    target = wholeNumbers(withFiles(ALWAYS_201));
    const plan = planWith([
      {
        accept: { AC1: "`search()` of `src/search.js` returns 200" },
        files: ["src/search.js"],
        tests: ["test/search.test.js"],
        creates: ["src/search.js#search"],
      },
    ]);
    const tests = file("test/search.test.js", testOf("search", "AC1 searches", "assert.equal(search(), 200);"));
    const code = file("src/search.js", "export function search() {\n  return 200;\n}");
    const honest = subtracting({ architect: [plan], tester: [tests], developer: [code] });
    const questions: string[] = [];
    const told = await tell(
      target,
      (request) => {
        if (request.role === "developer") questions.push(request.user);
        return honest(request);
      },
      { input: "People want to search" },
    );
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(target.git("show", "loop/subtract:src/search.js")).toContain("return 200;");
    expect(facts(told, "correction-suspended")).toMatchObject([
      { task: "T1", correction: "always-201", reason: expect.stringContaining("refused twice in the same way") },
    ]);
    expect(facts(told, "corrected").map(({ attempt }) => attempt)).toEqual([1, 2]);
    const changed =
      'The mill\'s correction always-201 changed your answer before it was judged: src/search.js:2, "return 200;" -> "return 201;"';
    expect(questions.map((question) => question.includes(changed))).toEqual([false, true, true]);
    expect(questions[2]).toContain("left out for the rest of this task");
    expect(storyOf(told.entries).join("\n")).toContain(
      "T1: the correction always-201 is left out for the rest of the task",
    );
    expect(correctionCounts(told.entries).get("always-201")).toMatchObject({ times: 2, suspended: 1 });
  });
});
