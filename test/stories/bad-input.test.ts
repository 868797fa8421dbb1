import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InputError } from "../../src/domain/step-failure.ts";
import { facts, refusalText, silent, tell, within } from "../kit/story.ts";
import { planWith, SUBTRACT_PLAN, SUMS_CONFIG, subtracting, sums, type TaskDraft } from "../kit/sums.ts";
import { possessions, type Target } from "../kit/target.ts";

let target: Target;
let before: ReturnType<typeof possessions>;
beforeAll(() => {
  target = sums();
  before = possessions(target);
});
afterAll(() => target.remove());

/** What a run of an input is refused with, before anything begins; nothing of the user's has changed. */
async function refusalOf(
  input: string,
  files: Readonly<Record<string, string | Buffer>> = {},
  more = {},
): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    target.write(path, "");
    writeFileSync(join(target.dir, path), text);
  }
  const here = possessions(target);
  const problem: unknown = await within(target, { script: subtracting() }, async (mill) => {
    const runs = (await mill.runs()).length;
    const thrown = await mill.run({ input, ...more }, silent()).then(
      (end) => new Error(`it ran: ${JSON.stringify(end.outcome)}`),
      (error: unknown) => error,
    );
    expect((await mill.runs()).length, "a refused input leaves no run behind").toBe(runs);
    return thrown;
  }).catch((error: unknown) => error);
  expect(possessions(target)).toEqual(here);
  tidy();
  if (!(problem instanceof InputError)) throw problem;
  expect(target.git("for-each-ref", "refs/heads/loop")).toBe("");
  return problem.problems.join("\n");
}

/** The target as it was, but for the mill's own folder. */
function tidy(): void {
  target.git("checkout", "-q", "--", ".");
  target.git("clean", "-fdxq", "-e", ".millwright", "-e", "node_modules");
}

describe("a spec that is none", () => {
  test.each<[string, string, Readonly<Record<string, string | Buffer>>, RegExp]>([
    ["no such file", "specs/nowhere.md", {}, /no file specs\/nowhere\.md.*path of a spec or a plan/],
    ["a folder", "specs", {}, /is a folder; name the spec/],
    ["an empty file", "specs/bad.md", { "specs/bad.md": "" }, /is empty\. Write what you want/],
    ["a file of blanks and comments", "specs/bad.md", { "specs/bad.md": " \n\n<!-- later -->\n" }, /is empty/],
    ["a binary", "specs/bad.md", { "specs/bad.md": Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0, 0xff]) }, /binary/],
    ["not UTF-8", "specs/bad.md", { "specs/bad.md": Buffer.from([0xff, 0xfe, 0x41, 0xff, 0x42, 0xff]) }, /UTF-8/],
    ["5 MB", "specs/bad.md", { "specs/bad.md": "Many words. ".repeat(430_000) }, /4\.9 MiB.*Split it/],
    ["90 MB", "specs/bad.md", { "specs/bad.md": Buffer.alloc(90_000_000, "words ") }, /split/i],
  ])("%s", async (_name, input, ...[files, message]) => {
    expect(await refusalOf(input, files)).toMatch(message);
  });
});

describe("malformed YAML, wherever it is: every problem with its line, and nothing begun", () => {
  const plan = "plans/bad.md";
  test.each<[string, Readonly<Record<string, string>>, readonly RegExp[]]>([
    ["config that does not parse", { "millwright.yaml": "suites:\n  - runner: [\n" }, [/millwright\.yaml: line [23]/]],
    [
      "config with unknown keys and wrong values, all at once",
      { "millwright.yaml": "suite: []\nworkflow: 3\nlimits: { atempts: 5, goalRounds: none }\n" },
      [/line 1: .*suites/, /line 2: /, /line 3: .*attempts/, /goalRounds/],
    ],
    [
      "a plan whose front matter does not parse",
      { [plan]: "---\nplan: x\ntasks: [{\n---\n" },
      [/plans\/bad\.md: line \d/],
    ],
    ["a plan that is never closed", { [plan]: "---\nplan: x\ntasks:\n  - id: T1\n" }, [/bad\.md.*never closed/]],
    [
      "a plan with several faults",
      {
        [plan]:
          "---\nplan: Bad Name\ntitle: Some title\nspec: { digest: x }\nbase: y\ntasks:\n  - id: 7\n    kind: wish\n---\n",
      },
      [/line 2: /, /line 7: /, /line 8: /],
    ],
  ])("%s", async (_name, files, messages) => {
    const said = await refusalOf(plan in files ? plan : "specs/subtract.md", files);
    for (const message of messages) expect(said).toMatch(message);
  });

  test.each<[string, string, RegExp]>([
    ["that does not parse", "gates: [", /workflows\/own\.yaml.*line 1/],
    [
      "with an unknown gate",
      "name: own\ndescription: x\ngates:\n  - gate: gren\n",
      /workflows\/own\.yaml.*line 4.*green/s,
    ],
  ])("a workflow %s", async (_name, text, message) => {
    expect(await refusalOf("specs/subtract.md", { "workflows/own.yaml": text }, { workflow: "own" })).toMatch(message);
  });

  test("a workflow that is not there", async () => {
    expect(await refusalOf("specs/subtract.md", {}, { workflow: "redgreen" })).toMatch(
      /no workflow redgreen.*red-green/,
    );
  });

  test("a role of the repository's own without its front matter", async () => {
    const own = sums({
      ".agents/roles/developer.md": "---\nrole: [\n---\nDo it.\n",
    });
    const problem: unknown = await tell(own, subtracting()).catch((error: unknown) => error);
    const said = problem instanceof Error ? problem.message : refusalText(problem as Awaited<ReturnType<typeof tell>>);
    expect(said).toContain("developer.md");
    own.remove();
  });
});

describe("a plan that the rules refuse: from a person it ends the run with the reasons, before any model is asked", () => {
  const written = (tasks: readonly TaskDraft[], header = {}) =>
    planWith(tasks, { spec: { digest: "0".repeat(64) }, base: target.git("rev-parse", "HEAD"), ...header });
  const second = {
    id: "T2",
    accept: { AC2: "`two()` of `src/two.js` returns 2" },
    files: ["src/two.js"],
    tests: ["test/two.test.js"],
    creates: [],
  };

  test.each<[string, readonly TaskDraft[], RegExp]>([
    ["a cycle", [{ needs: ["T2"] }, { ...second, needs: ["T1"] }], /T1.*T2|T2.*T1/],
    ["a dependency that is not there", [{ needs: ["T7"] }], /T1 needs T7, which no plan has/],
    ["a task that needs itself", [{ needs: ["T1"] }], /T1/],
    ["two tasks of one id", [{}, { ...second, id: "T1" }], /Two tasks have the id T1/],
    [
      "two criteria of one id",
      [{}, { ...second, accept: { AC1: "`two()` returns 2" } }],
      /Two criteria have the id AC1/,
    ],
    [
      "a path outside of the repository",
      [{ files: ["../elsewhere.js", "src/subtract.js"] }],
      /files names "\.\.\/elsewhere\.js"/,
    ],
    ["an absolute path", [{ files: ["/etc/passwd", "src/subtract.js"] }], /\/etc\/passwd/],
    ["a path into .git", [{ files: [".git/hooks/post-commit", "src/subtract.js"] }], /\.git/],
    [
      "eleven tasks",
      Array.from({ length: 11 }, (_, at) => ({
        ...second,
        id: `T${at + 1}`,
        accept: { [`AC${at + 1}`]: `\`two(${at})\` returns ${at}` },
        files: [`src/two${at}.js`],
        tests: [`test/two${at}.test.js`],
      })),
      /11 tasks; a plan has at most 10\. Split it into linked plans/,
    ],
    ["a vague criterion", [{ accept: { AC1: "subtract works properly" } }], /AC1 is vague/],
    ["no tests for a feature", [{ tests: [] }], /needs tests/],
    ["the mill's own folder", [{ files: ["millwright.yaml", "src/subtract.js"] }], /millwright\.yaml/],
  ])("%s", async (_name, tasks, message) => {
    target.write("plans/refused.md", written(tasks));
    const told = await tell(target, subtracting(), { input: "plans/refused.md" });
    tidy();
    expect(told.outcome).toMatchObject({ kind: "stuck", reason: expect.stringMatching(message) });
    expect(facts(told, "asked")).toEqual([]);
    expect(possessions(target)).toEqual(before);
    expect(target.git("for-each-ref", "refs/heads/loop")).toBe("");
  });

  test("a linked plan that is not there", async () => {
    const said = await refusalOf("plans/linked.md", { "plans/linked.md": written([{}], { needs: ["nowhere"] }) });
    expect(said).toMatch(/needs the plan nowhere/);
  });

  test("linked plans that need each other", async () => {
    const one = written([{}], { plan: "one", needs: ["two"] });
    const two = written([second], { plan: "two", needs: ["one"] });
    target.write("plans/two.md", two);
    target.write("plans/one.md", one);
    const told = await tell(target, subtracting(), { input: "plans/one.md" });
    tidy();
    expect(told.outcome).toMatchObject({ kind: "stuck", reason: expect.stringMatching(/one.*two|two.*one/) });
  });

  test("a spec that the plan names and that is gone", async () => {
    const header = { spec: { path: "specs/gone.md", digest: "0".repeat(64) } };
    expect(await refusalOf("plans/gone.md", { "plans/gone.md": written([{}], header) })).toMatch(
      /specs\/gone\.md.*Restore it/,
    );
  });
});

describe("an architect's plan is refused by the same rules, and the architect hears why", () => {
  test.each<[string, string, RegExp]>([
    ["prose", "First I would subtract, then add.", /There is no plan in this reply|no plan in this reply/],
    ["nothing", "", /no plan/],
    ["a plan that is cut off", SUBTRACT_PLAN.slice(0, 300), /never closed|cut off/],
    ["a cycle", planWith([{ needs: ["T1"] }]), /T1/],
  ])("%s, then a good one", async (_name, bad, message) => {
    const own = sums();
    const briefs: string[] = [];
    const script = subtracting({ architect: [bad, SUBTRACT_PLAN] });
    const end = await within(
      own,
      {
        script: (request) => {
          briefs.push(request.user);
          return script(request);
        },
      },
      (mill) => mill.plan({ input: "specs/subtract.md" }, silent()),
    );
    expect(end.path).toMatch(/subtract\.md$/);
    expect(briefs).toHaveLength(2);
    expect(briefs[1]).toMatch(message);
    own.remove();
  });

  test("never a good one: three answers, then stuck, with the last reasons", async () => {
    const own = sums();
    const told = await tell(own, subtracting({ architect: [planWith([{ files: ["../x.js"] }])] }));
    expect(told.outcome).toMatchObject({ kind: "stuck", reason: expect.stringContaining("../x.js") });
    expect(facts(told, "plan-refused")).toHaveLength(3);
    expect(own.git("for-each-ref", "refs/heads/loop")).toBe("");
    own.remove();
  });
});

test("a budget that makes no sense, and models that are none, are refused with what to write", async () => {
  const said = await refusalOf("specs/subtract.md", {
    "millwright.yaml": SUMS_CONFIG.replace("default: mailbox", "default: 'two words'"),
  });
  expect(said).toMatch(/line 2: .*backend\/model/);
});

test("a cloud model under local-only is refused for where it is, and not for its missing key", async () => {
  const cloud = SUMS_CONFIG.replace("default: mailbox", "default: mailbox, orchestrator: openai/x");
  const own = sums({ "millwright.yaml": `${cloud}network: local-only\n` });
  const refused: unknown = await within(own, {}, (mill) =>
    mill.run({ input: "specs/subtract.md" }, silent()).catch((error: unknown) => error),
  );
  own.remove();
  expect(String(refused)).toMatch(/orchestrator: openai\/x is refused by `network: local-only`/);
  expect(String(refused)).not.toMatch(/OPENAI_API_KEY/);
});
