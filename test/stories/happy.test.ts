import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { facts, refusalText, silent, type Told, tell, within } from "../kit/story.ts";
import {
  approval,
  byTask,
  file,
  planWith,
  SUBTRACT_CODE,
  SUBTRACT_PLAN,
  SUMS_CONFIG,
  subtracting,
  sums,
} from "../kit/sums.ts";
import { possessions, type Target } from "../kit/target.ts";

describe("a spec becomes landed commits", () => {
  let target: Target;
  let before: ReturnType<typeof possessions>;
  let told: Told;
  const wrong = SUBTRACT_CODE.replace("left - right", "right - left");
  const heads = () => target.git("rev-list", "--reverse", "main..loop/subtract").split("\n");

  beforeAll(async () => {
    target = sums();
    before = possessions(target);
    told = await tell(target, subtracting({ developer: [wrong, SUBTRACT_CODE] }));
  });
  afterAll(() => target.remove());

  test("the run is done, and says on which branch", () => {
    expect(told.outcome, refusalText(told)).toEqual({ kind: "done", branch: "loop/subtract" });
  });

  test("the user's checkout, index, config and branches are as they were, to the byte", () => {
    expect(possessions(target)).toEqual(before);
    expect(target.git("status", "--porcelain")).toBe("");
  });

  test("the plan, the tests and the code are three commits in this order", () => {
    const [plan, tests, code, ...more] = heads();
    const changed = (commit = "") => target.git("show", "--format=", "--name-only", commit);
    expect(changed(plan)).toMatch(/^plans\/\d{4}-\d{2}-subtract\.md$/);
    expect(changed(tests)).toBe("test/subtract.test.js");
    expect(changed(code)).toBe("src/subtract.js");
    expect(more).toEqual([]);
  });

  test("every landed commit has the trailers", () => {
    for (const commit of heads().slice(1)) {
      const trailers = target.git("show", "-s", "--format=%(trailers:only,unfold)", commit);
      expect(trailers).toContain("Task: T1");
      expect(trailers).toContain(`Run: ${told.run}`);
      for (const name of ["Maker", "Reviewer", "Tests"]) expect(trailers).toMatch(new RegExp(`^${name}: \\S`, "m"));
    }
  });

  test("the tree that landed is the tree that was judged", () => {
    const [landed] = facts(told, "landed");
    expect(target.git("rev-parse", "loop/subtract^{tree}")).toBe(landed?.tree);
    expect(target.git("rev-parse", "loop/subtract")).toBe(landed?.commit);
    expect(landed?.tests).toBe(2);
  });

  test("red refused nothing-yet, then the tester answered; green refused wrong code, then the developer answered again", () => {
    const attempts = facts(told, "answered").map(({ role, attempt }) => `${role} ${attempt}`);
    expect(attempts).toEqual([
      "architect 1",
      "tester 1",
      "developer 1",
      "developer 2",
      "examiner 1",
      "reviewer 1",
      "goal-checker 1",
    ]);
  });

  test("the refused attempt stays reachable under refs/millwright, and on no branch", () => {
    const refs = target.git("for-each-ref", "--format=%(refname)", "refs/millwright").split("\n");
    const refused = refs.find((ref) => ref.endsWith("T1/developer-1")) ?? "";
    expect(target.git("show", `${refused}:src/subtract.js`)).toContain("right - left");
    expect(target.git("branch", "--all", "--contains", refused)).toBe("");
  });

  test("the worktree of the task is shown beside the repository, as it landed", () => {
    const shown = join(dirname(target.dir), "loop-subtract/T1");
    expect(readFileSync(join(shown, "src/subtract.js"), "utf8")).toContain("left - right");
    expect(readdirSync(shown)).toContain("test");
  });

  test("diff shows what landed, and a task by its id", async () => {
    const whole = await within(target, {}, (mill) => mill.diff(told.run));
    expect(whole).toContain("+  return left - right;");
    expect(await within(target, {}, (mill) => mill.diff(told.run, "T1"))).toContain("+++ b/test/subtract.test.js");
  });

  test("a replay of the run, offline, ends with the same tree", async () => {
    const again = await within(target, {}, async (mill) => {
      return mill.replay({ run: told.run }, { strict: true }, silent());
    });
    expect(again.outcome).toEqual({ kind: "done", branch: "loop/subtract-2" });
    expect(target.git("rev-parse", "loop/subtract-2^{tree}")).toBe(target.git("rev-parse", "loop/subtract^{tree}"));
  });
});

describe("what a person asks for beside it", () => {
  test("--land moves the named branch to the result, and only that one", async () => {
    const target = sums();
    target.git("branch", "release");
    const told = await tell(target, subtracting(), { land: "release" });
    expect(told.outcome, refusalText(told)).toEqual({ kind: "done", branch: "loop/subtract", land: "release" });
    expect(target.git("rev-parse", "release")).toBe(target.git("rev-parse", "loop/subtract"));
    expect(target.git("rev-list", "--count", "main")).toBe("1");
    target.remove();
  });

  test("a sentence is a spec", async () => {
    const target = sums();
    const told = await tell(target, subtracting(), { input: "We want `subtract` in `src/subtract.js`, please" });
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    target.remove();
  });

  test("uncommitted changes are left alone, are not in the base, and a notice says so", async () => {
    const target = sums();
    target.write("src/add.js", "broken(");
    target.write("notes.txt", "mine");
    const before = possessions(target);
    const told = await tell(target, subtracting());
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(possessions(target)).toEqual(before);
    expect(facts(told, "notice").map(({ message }) => message)).toContainEqual(
      expect.stringContaining("2 uncommitted change(s)"),
    );
    target.remove();
  });

  test("plan writes the plan file and changes nothing else", async () => {
    const target = sums();
    const before = possessions(target);
    const end = await within(target, { script: subtracting() }, (mill) =>
      mill.plan({ input: "specs/subtract.md" }, silent()),
    );
    expect(end.path).toMatch(/^plans\/\d{4}-\d{2}-subtract\.md$/);
    expect(existsSync(join(target.dir, end.path ?? ""))).toBe(true);
    const { [end.path ?? ""]: plan, ...rest } = possessions(target);
    expect(rest).toEqual(before);
    expect(Buffer.from(plan ?? "", "base64").toString()).toContain(target.git("rev-parse", "main"));
    expect(target.git("for-each-ref", "refs/heads/loop")).toBe("");
    target.remove();
  });
});

describe("whoever judges", () => {
  test("a reviewer who rejects and then approves costs the maker one attempt, with the reason in its brief", async () => {
    const target = sums();
    const rejection = JSON.stringify({
      criteria: [{ id: "AC1", met: false, evidence: "", reason: "say why it is pure" }],
      findings: [],
      summary: "Not yet.",
    });
    const briefs: string[] = [];
    const script = subtracting({
      developer: [SUBTRACT_CODE, SUBTRACT_CODE.replace("export", "/** Pure. */\nexport")],
      reviewer: [rejection, approval("AC1")],
    });
    const told = await tell(target, (request) => {
      if (request.role === "developer") briefs.push(request.user);
      return script(request);
    });
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "reviewed").map(({ decision, score }) => [decision, score])).toEqual([
      ["REJECT", 0],
      ["APPROVE", 100],
    ]);
    expect(briefs).toHaveLength(2);
    expect(briefs[1]).toContain("say why it is pure");
    target.remove();
  });

  test("a reviewer who always rejects ends the task after the attempts of the config, and nothing lands", async () => {
    const target = sums();
    const rejection = (n: number) =>
      JSON.stringify({ criteria: [{ id: "AC1", met: false, evidence: "", reason: `flaw ${"abcdefg"[n]}` }] });
    const code = [1, 2, 3, 4, 5, 6].map((n) => SUBTRACT_CODE.replace("export", `// Version ${n}.\nexport`));
    const told = await tell(
      target,
      subtracting({ developer: code, reviewer: [0, 1, 2, 3, 4, 5].map((n) => rejection(n)) }),
    );
    expect(told.outcome).toMatchObject({
      kind: "stuck",
      reason: expect.stringContaining("T1: developer has used its"),
    });
    expect(facts(told, "answered").filter(({ role }) => role === "developer")).toHaveLength(5);
    expect(target.git("ls-tree", "-r", "--name-only", "loop/subtract")).not.toContain("subtract.js");
    target.remove();
  });

  test("NOT MET: what is missing becomes the next round's plan, and the run is done in the last round that there may be", async () => {
    const target = sums({ "millwright.yaml": `${SUMS_CONFIG}limits: { goalRounds: 2 }\n` });
    const plan2 = planWith(
      [
        {
          id: "T2",
          kind: "docs",
          accept: { AC2: "`docs/subtract.md` names `subtract(5, 3)`" },
          files: ["docs/subtract.md"],
          tests: [],
          creates: [],
          more: { check: "grep -q 'subtract(5, 3)' docs/subtract.md" },
        },
      ],
      { plan: "document" },
    );
    const briefs: string[] = [];
    const script = byTask(SUBTRACT_PLAN, {
      plan: { architect: [SUBTRACT_PLAN, plan2] },
      T2: {
        documenter: [file("docs/subtract.md", "# Subtract\n\n`subtract(5, 3)` is 2.")],
        reviewer: [approval("AC2")],
      },
      goal: {
        "goal-checker": [
          JSON.stringify({ decision: "NOT MET", evidence: ["there is no page about subtract"] }),
          JSON.stringify({ decision: "MET", evidence: ["docs/subtract.md"] }),
        ],
      },
    });
    const told = await tell(target, (request) => {
      if (request.role === "architect") briefs.push(request.user);
      return script(request);
    });
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(briefs[1]).toContain("there is no page about subtract");
    expect(facts(told, "goal-judged").map(({ round, decision }) => [round, decision])).toEqual([
      [1, "NOT MET"],
      [2, "MET"],
    ]);
    expect(
      target.git("ls-tree", "-r", "--name-only", told.outcome.kind === "done" ? told.outcome.branch : ""),
    ).toContain("docs/subtract.md");
    target.remove();
  });

  test("a goal that is never met ends the run after its rounds, with the evidence", async () => {
    const target = sums({ "millwright.yaml": `${SUMS_CONFIG}limits: { goalRounds: 1 }\n` });
    const told = await tell(
      target,
      subtracting({ "goal-checker": [JSON.stringify({ decision: "NOT MET", evidence: ["no page"] })] }),
    );
    expect(told.outcome).toMatchObject({ kind: "stuck", reason: expect.stringContaining("no page") });
    target.remove();
  });
});
