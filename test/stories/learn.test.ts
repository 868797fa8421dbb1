import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Candidate } from "../../src/domain/learn-candidate.ts";
import type { LearnDecisions } from "../../src/mill.ts";
import {
  BAD_MODULE,
  codeOf,
  GOOD_MODULE,
  SMALL_CONFIG,
  SMALL_INPUT,
  smallScript,
  smallTasks,
  wholeNumbers,
} from "../kit/small-tasks.ts";
import { facts, refusals, refusalText, silent, type Told, tell, within } from "../kit/story.ts";
import { possessions, type Target } from "../kit/target.ts";

/** The first answer takes `whole` from a module that is not there; the second one also says the same in other words. */
const forgetful = (name: string) => [
  codeOf(name, BAD_MODULE),
  codeOf(name, GOOD_MODULE, "return whole(value) === true;"),
];

const run = (
  target: Target,
  plan: string,
  names: readonly string[],
  code: (name: string) => readonly string[] = forgetful,
) => tell(target, smallScript(plan, smallTasks(names, code)), SMALL_INPUT);

const learn = (target: Target) => within(target, {}, (mill) => mill.learn({}, silent()));
const kept = (target: Target) => within(target, {}, (mill) => mill.candidates());
const decide = (target: Target, decisions: LearnDecisions) => within(target, {}, (mill) => mill.decide(decisions));
const effects = ({ evidence }: Candidate) => evidence.rows.map(({ effect }) => effect);
const developers = (told: Told) => facts(told, "answered").filter(({ role }) => role === "developer").length;

describe("the same mistake in three tasks", { timeout: 300_000 }, () => {
  let target: Target;
  let told: Told;
  let before: ReturnType<typeof possessions>;
  let id = "";

  beforeAll(async () => {
    target = wholeNumbers();
    before = possessions(target);
    told = await run(target, "three", ["even", "odd", "prime"]);
  });
  afterAll(() => target.remove());

  test("waits as a candidate once the run has ended, with its evidence; nothing of the person's has changed", async () => {
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    const [one, ...more] = (await kept(target)).filter(({ standing }) => standing === "offered");
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      state: "waiting",
      kind: "new",
      title: "import whole from ./check.js instead of ./checks.js",
    });
    expect(one?.cases.map(({ path, rule }) => `${path} ${rule}`)).toEqual(
      ["even", "odd", "prime"].map((name) => `src/${name}.js symbols/module-missing`),
    );
    expect(one && effects(one)).toEqual(["helped", "helped", "helped"]);
    expect(one?.evidence.rows[0]).toMatchObject({
      proposal: `${told.run}/T1/developer/1`,
      before: "refused by symbols: symbols/module-missing",
      after: "passed",
    });
    expect(one?.evidence).toMatchObject({ recorded: 9, untouched: 6, unreadable: 0 });
    expect(possessions(target)).toEqual(before);
    id = one?.id ?? "";
  });

  test("an edit that came with the mended one in every case is not the cause, and is not offered", async () => {
    const others = (await kept(target)).filter((candidate) => candidate.id !== id);
    expect(others.map(({ title }) => title)).toEqual(["whole(value) === true instead of whole(value)"]);
    expect(others[0]).toMatchObject({ standing: "helps-nothing" });
    expect(others[0] && new Set(effects(others[0]))).toEqual(new Set(["still-refused"]));
    await expect(decide(target, { approve: [others[0]?.id ?? ""] })).rejects.toThrow(/helps no recorded proposal/);
  });

  test("looking again finds the same, and runs nothing that was seen before", async () => {
    const first = await kept(target);
    const end = await learn(target);
    expect(end.waiting).toEqual(first.filter(({ standing }) => standing === "offered"));
    expect(end.others).toEqual(first.filter(({ standing }) => standing !== "offered"));
    expect(end).toMatchObject({ recorded: 9, cases: 3, decided: [], notes: [] });
  });

  test("approved, it is one commit of one file on the branch that is checked out, with its evidence", async () => {
    target.write("notes.txt", "mine");
    target.write("src/add.js", "// half-way\n");
    target.git("add", "src/add.js");
    const head = target.git("rev-parse", "HEAD");
    const [decision] = await decide(target, { approve: [id] });
    expect(decision).toEqual({
      id,
      decision: "approved",
      path: `corrections/${id}.yaml`,
      commit: target.git("rev-parse", "main"),
    });
    expect(target.git("rev-parse", "main^")).toBe(head);
    expect(target.git("show", "--format=", "--name-status", "main")).toBe(`A\tcorrections/${id}.yaml`);
    expect(target.git("status", "--porcelain").split("\n")).toEqual(["M  src/add.js", "?? notes.txt"]);
    const message = target.git("show", "-s", "--format=%B", "main");
    expect(message).toContain("3 refused, and pass with it the gate that refused them");
    expect(message).toContain(`${told.run}/T1/developer/1 src/even.js: symbols/module-missing`);
    expect(message).not.toContain("Number.isInteger");
    target.git("reset", "-q", "--hard");
    expect(await kept(target)).toContainEqual(expect.objectContaining({ id, state: "approved" }));
    expect((await learn(target)).waiting).toEqual([]);
  });

  test("a fourth task with the same mistake passes at its first answer", async () => {
    const fourth = await run(target, "four", ["square"]);
    expect(fourth.outcome.kind, refusalText(fourth)).toBe("done");
    expect(refusals(fourth).filter((line) => line.startsWith("symbols"))).toEqual([]);
    expect(developers(fourth)).toBe(1);
    expect(target.git("show", "loop/four:src/square.js")).toContain('from "./check.js"');
  });

  test("a correction is proposed for retirement when it has changed nothing for long, and switched off on approval", async () => {
    target.write("millwright.yaml", `${SMALL_CONFIG}limits: { retireAfter: 10 }\n`);
    target.commit("Retire soon");
    expect((await learn(target)).waiting).toEqual([]);
    await run(target, "five", ["tens", "hundreds", "cubes", "twins", "lucky"], (name) => [codeOf(name, GOOD_MODULE)]);
    const idle = (await kept(target)).filter(({ state, kind }) => state === "waiting" && kind === "retire");
    expect(idle.map((candidate) => candidate.id)).toEqual([`retire-${id}`]);
    const { waiting } = await learn(target);
    expect(waiting).toEqual([expect.objectContaining({ id: `retire-${id}`, kind: "retire" })]);
    expect(waiting[0]?.reason).toContain("changed none of the last 10 recorded proposals");
    await decide(target, { approve: "all" });
    expect(target.git("show", `main:corrections/${id}.yaml`)).toContain("state: off");
    expect(target.git("show", "--format=", "--name-status", "main")).toBe(`M\tcorrections/${id}.yaml`);
    expect((await learn(target)).waiting).toEqual([]);
  });

  test("whatever a person decided is a fact, and changes no outcome", async () => {
    const entries = await within(target, {}, async (mill) => {
      const runs = await mill.runs();
      expect(runs.map(({ outcome }) => outcome)).toEqual(["done", "done", "done"]);
      return (await Promise.all(runs.map((one) => mill.entries(one.id)))).flat();
    });
    const decided = entries.flatMap(({ event }) => (event.type === "correction-decided" ? [event] : []));
    expect(decided).toEqual([
      { type: "correction-decided", correction: id, kind: "new", decision: "approved" },
      { type: "correction-decided", correction: `retire-${id}`, kind: "retire", decision: "approved" },
    ]);
  });
});

test("an import that was in the way is learned to be left out", async () => {
  const target = wholeNumbers();
  const surplus = (name: string) =>
    codeOf(name, GOOD_MODULE).replace("import", 'import { gone } from "./gone.js";\nimport');
  await run(target, "three", ["even", "odd", "prime"], (name) => [surplus(name), codeOf(name, GOOD_MODULE)]);
  const [one, ...more] = (await learn(target)).waiting;
  expect(more).toEqual([]);
  expect(one?.title).toBe("no import from ./gone.js");
  expect(one && effects(one)).toEqual(["helped", "helped", "helped"]);
  target.remove();
});

describe("what is not learned", () => {
  let target: Target;
  afterEach(() => target.remove());

  test("two cases, and one of them again in another run", async () => {
    target = wholeNumbers();
    await run(target, "two", ["even", "odd"]);
    await run(target, "again", ["even"], () => [codeOf("even", BAD_MODULE), codeOf("even", GOOD_MODULE)]);
    expect(await kept(target)).toEqual([]);
    expect(await learn(target)).toMatchObject({ cases: 2, waiting: [], others: [] });
  });

  test("three copies of one text in one task's retries", async () => {
    target = wholeNumbers();
    const code = [BAD_MODULE, BAD_MODULE, BAD_MODULE, GOOD_MODULE].map((module) => codeOf("even", module));
    const told = await tell(
      target,
      smallScript(
        "one",
        smallTasks(["even"], () => [code[0] ?? "", `${code[1]}\n\n`, `${code[2]}\n`, code[3] ?? ""]),
      ),
      SMALL_INPUT,
    );
    expect(developers(told)).toBeGreaterThan(1);
    expect(await learn(target)).toMatchObject({ waiting: [], others: [] });
  });

  test("what a passed proposal would be broken by", async () => {
    target = wholeNumbers();
    const literal = (name: string) => [
      codeOf(name, GOOD_MODULE, "return whole(value / 4);"),
      codeOf(name, GOOD_MODULE, "return whole(value / 1);"),
    ];
    const fourth = [codeOf("square", GOOD_MODULE, "return whole(value) && value < 4;")];
    const tasks = smallTasks(["even", "odd", "prime", "square"], (name) =>
      name === "square" ? fourth : literal(name),
    );
    const told = await tell(target, smallScript("four", tasks), SMALL_INPUT);
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    const { waiting, others } = await learn(target);
    const breaking = [...waiting, ...others].find(({ title }) => title.startsWith("1 instead of 4"));
    expect(breaking && effects(breaking)).toEqual(["helped", "helped", "helped", "broken"]);
    expect(breaking).toMatchObject({ standing: "breaks" });
    expect(waiting).not.toContainEqual(breaking);
    await expect(decide(target, { approve: [breaking?.id ?? ""] })).rejects.toThrow(/breaks a proposal that passed/);
  });

  test("anything, when learning is switched off", async () => {
    target = wholeNumbers({ "millwright.yaml": `${SMALL_CONFIG}learn: off\n` });
    await run(target, "three", ["even", "odd", "prime"]);
    expect(await kept(target)).toEqual([]);
    expect((await learn(target)).waiting).toHaveLength(1);
  });
});

describe("a person's no", { timeout: 300_000 }, () => {
  test("stands until there are new cases", async () => {
    const target = wholeNumbers();
    await run(target, "three", ["even", "odd", "prime"]);
    const [one] = (await learn(target)).waiting;
    await decide(target, { reject: [one?.id ?? ""] });
    expect((await learn(target)).waiting).toEqual([]);
    await run(target, "more", ["even"]);
    expect((await learn(target)).waiting).toEqual([]);
    await run(target, "news", ["square"]);
    const { waiting } = await learn(target);
    expect(waiting.map(({ id, cases }) => [id, cases.length])).toEqual([[one?.id, 5]]);
    expect(target.git("log", "--format=%s", "main")).toBe("Begin");
    target.remove();
  });
});

describe("an approval that cannot be", () => {
  let target: Target;
  let id = "";
  beforeAll(async () => {
    target = wholeNumbers();
    await run(target, "three", ["even", "odd", "prime"]);
    id = (await kept(target)).find(({ standing }) => standing === "offered")?.id ?? "";
  });
  afterAll(() => target.remove());

  test("on a detached HEAD says so, and writes nothing", async () => {
    target.git("switch", "-q", "--detach");
    await expect(decide(target, { approve: [id] })).rejects.toThrow(/HEAD is detached/);
    expect(target.git("status", "--porcelain")).toBe("");
    target.git("switch", "-q", "main");
  });

  test("on a path that holds something else says so, and leaves it", async () => {
    mkdirSync(join(target.dir, "corrections"));
    writeFileSync(join(target.dir, `corrections/${id}.yaml`), "mine\n");
    await expect(decide(target, { approve: [id] })).rejects.toThrow(/is not committed/);
    expect(target.git("status", "--porcelain")).toBe("?? corrections/");
    target.git("clean", "-fdq", "corrections");
  });

  test("in the middle of a merge, or of an unknown id, says so", async () => {
    writeFileSync(join(target.dir, ".git/MERGE_HEAD"), `${target.git("rev-parse", "HEAD")}\n`);
    await expect(decide(target, { approve: [id] })).rejects.toThrow(/under way/);
    target.git("merge", "--quit");
    await expect(decide(target, { approve: [id, "nobody"] })).rejects.toThrow(/nobody: there is no such candidate/);
    expect(target.git("log", "--format=%s", "main")).toBe("Begin");
  });

  test("when it was cut off half-way, the next one ends with the same commit and a clean checkout", async () => {
    const [candidate] = (await kept(target)).filter((one) => one.id === id);
    target.write(`corrections/${id}.yaml`, candidate?.text ?? "");
    target.git("add", "corrections");
    await decide(target, { approve: [id] });
    expect(target.git("status", "--porcelain")).toBe("");
    expect(target.git("rev-list", "--count", "main")).toBe("2");
    const folder = join(target.dir, ".millwright");
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
    expect(existsSync(join(folder, "candidates", id, "candidate.json"))).toBe(true);
  });
});
