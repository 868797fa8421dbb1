import { describe, expect, test } from "vitest";
import { facts, refusals, refusalText, tell } from "../kit/story.ts";
import { approval, byTask, edit, file, planWith, sums, testOf } from "../kit/sums.ts";

const SPEC = "# More\n\nWe want more of what there is.\n";
const ask = { input: "specs/more.md" };
const target = (files: Readonly<Record<string, string>> = {}) => sums({ "specs/more.md": SPEC, ...files });
const accept = { AC1: "`add(2, 2)` of `src/add.js` returns 4" };
const bare = { accept, files: ["src/add.js"], tests: [], creates: [] } as const;

describe("each kind of task is proven in its own way", () => {
  test("a bug is reproduced first, then fixed", async () => {
    const repository = target({
      "src/add.js": "export function add(left, right) {\n  return left + Math.abs(right);\n}\n",
    });
    const plan = planWith([
      {
        ...bare,
        kind: "bug",
        accept: { AC1: "`add(2, -2)` of `src/add.js` returns 0" },
        tests: ["test/negative.test.js"],
      },
    ]);
    const told = await tell(
      repository,
      byTask(plan, {
        T1: {
          tester: [
            file("test/negative.test.js", testOf("add", "AC1 adds a positive number", "assert.equal(add(2, 2), 4);")),
            file("test/negative.test.js", testOf("add", "AC1 adds a negative number", "assert.equal(add(2, -2), 0);")),
          ],
          developer: [edit("src/add.js", "  return left + Math.abs(right);", "  return left + right;")],
        },
      }),
      ask,
    );
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(refusals(told)).toContain("red: red/passes-on-base");
    repository.remove();
  });

  test("a refactoring stays green; one that changes behaviour is refused", async () => {
    const repository = target();
    const told = await tell(
      repository,
      byTask(
        planWith([{ ...bare, kind: "refactor", accept: { AC1: "`add(1, 2)` of `src/add.js` still returns 3" } }]),
        {
          T1: {
            developer: [
              edit("src/add.js", "  return left + right;", "  return left - right;"),
              edit("src/add.js", "  return left - right;", "  const sum = left + right;\n  return sum;"),
            ],
          },
        },
      ),
      ask,
    );
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(refusals(told).join()).toMatch(/(green|unchanged): (green|unchanged)\//);
    expect(facts(told, "answered").some(({ role }) => role === "tester")).toBe(false);
    repository.remove();
  });

  test("a moved test file keeps its assertions; one that loses them is refused", async () => {
    const repository = target();
    const moved = testOf("add", "adds", "assert.equal(add(1, 2), 3);");
    const plan = planWith([
      {
        ...bare,
        kind: "move",
        accept: { AC1: "`test/sum/add.test.js` holds the test `adds`" },
        files: [],
        tests: ["test/sum/add.test.js"],
        more: { moves: [{ from: "test/add.test.js", to: "test/sum/add.test.js" }] },
      },
    ]);
    const at = (text: string) =>
      `${file("test/sum/add.test.js", text.replace("../src", "../../src"))}\n### DELETE test/add.test.js\n`;
    const gutted = at(moved.replace("add(1, 2), 3", "1, 1"));
    const right = at(moved).replace("### DELETE test/add.test.js", "");
    const told = await tell(
      repository,
      byTask(plan, { T1: { tester: [gutted, right], developer: [gutted, right] } }),
      ask,
    );
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(
      refusals(told).filter((refusal) => !refusal.endsWith("nothing-proposed")),
      refusalText(told),
    ).not.toEqual([]);
    expect(repository.git("ls-tree", "-r", "--name-only", "loop/subtract", "test")).toBe("test/sum/add.test.js");
    repository.remove();
  });

  test("new tests pass on the base and kill a mutant; a test that notices nothing is refused", async () => {
    const repository = target();
    const plan = planWith([
      { ...bare, kind: "test", files: [], tests: ["test/more.test.js"], more: { lines: ["src/add.js:2-2"] } },
    ]);
    const told = await tell(
      repository,
      byTask(plan, {
        T1: {
          tester: [
            file("test/more.test.js", testOf("add", "AC1 adds twos", "assert.ok(add.name);")),
            file("test/more.test.js", testOf("add", "AC1 adds twos", "assert.equal(add(2, 2), 4);")),
          ],
        },
      }),
      ask,
    );
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(refusals(told)).toContain("kills: kills/survivors");
    expect(facts(told, "landed")[0]?.paths).toEqual(["test/more.test.js"]);
    repository.remove();
  });

  test.each([
    ["docs", "documenter", "docs/add.md", "grep -q 'add(2, 2)' docs/add.md", "`add(2, 2)` is 4"],
    ["config", "developer", "settings.json", "grep -q 'add(2, 2)' settings.json", '{ "add(2, 2)": 4 }'],
  ])("a task of kind %s passes the check that failed before", async (kind, ...[maker, path, check, text]) => {
    const repository = target();
    const plan = planWith([
      { ...bare, kind, accept: { AC1: `\`${path}\` says \`add(2, 2)\`` }, files: [path], more: { check } },
    ]);
    const told = await tell(repository, byTask(plan, { T1: { [maker]: [file(path, "{}"), file(path, text)] } }), ask);
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(refusals(told)).toContain("check: check/fails");
    repository.remove();
  });

  test("a check that passes on the base already proves nothing: the architect plans the task again", async () => {
    const repository = target();
    const draft = { ...bare, kind: "docs", accept: { AC1: "`docs/add.md` says `add(2, 2)`" }, files: ["docs/add.md"] };
    const again = planWith([{ ...draft, more: { check: "grep -q 'add(2, 2)' docs/add.md" } }]);
    const task = `---\n${JSON.stringify(JSON.parse(/^tasks: ([\s\S]*?)\n---/m.exec(again)?.[1] ?? "")[0])}\n---\nWrite the page.\n`;
    const told = await tell(
      repository,
      byTask(planWith([{ ...draft, more: { check: "true" } }]), {
        T1: { architect: [task], documenter: [file("docs/add.md", "`add(2, 2)` is 4")] },
      }),
      ask,
    );
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(refusals(told)).toContain("check: check/passes-before");
    repository.remove();
  });
});

const CHECKED = (decision: string, reason: string) =>
  JSON.stringify({
    headings: Object.fromEntries(
      ["scope", "tests", "quality", "spec", "documentation"].map((heading) => [
        heading,
        heading === "quality" ? { decision, reasons: [reason] } : { decision: "APPROVE", reasons: ["seen"] },
      ]),
    ),
  });

describe("each workflow", () => {
  const tests = file("test/twos.test.js", testOf("add", "AC1 adds twos", "assert.equal(add(2, 2), 5);"));
  const right = tests.replace("5)", "4)");
  const code = edit("src/add.js", "  return left + right;", "  // Numbers only.\n  return left + right;");
  const plan = planWith([{ ...bare, tests: ["test/twos.test.js"] }]);

  test("score: one developer writes both, the score of the review is computed", async () => {
    const repository = target();
    const rejection = JSON.stringify({ criteria: [{ id: "AC1", met: false, evidence: "", reason: "no comment" }] });
    const told = await tell(
      repository,
      byTask(plan, {
        T1: {
          developer: [`${tests}\n${code}`, right, edit("src/add.js", "  // Numbers only.", "  // Only numbers.")],
          reviewer: [rejection, approval("AC1")],
        },
      }),
      { ...ask, workflow: "score" },
    );
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "reviewed").map(({ score }) => score)).toEqual([0, 100]);
    expect(refusals(told).join()).toContain("green: green/");
    repository.remove();
  });

  test("maker-checker: one REJECT under five headings rejects, and its reason reaches the maker", async () => {
    const repository = target();
    const briefs: string[] = [];
    const script = byTask(plan, {
      T1: {
        developer: [`${right}\n${code}`, edit("src/add.js", "  // Numbers only.", "  // Only numbers.")],
        checker: [CHECKED("REJECT", "the comment is unclear"), CHECKED("APPROVE", "clear")],
      },
    });
    const told = await tell(
      repository,
      (request) => {
        if (request.role === "developer") briefs.push(request.user);
        return script(request);
      },
      { ...ask, workflow: "maker-checker" },
    );
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "reviewed").map(({ decision }) => decision)).toEqual(["REJECT", "APPROVE"]);
    expect(briefs.at(-1)).toContain("the comment is unclear");
    repository.remove();
  });

  test("a workflow of the user's own, with a command gate whose output is the finding", async () => {
    const own = [
      "name: licensed",
      "description: Every file says whose it is.",
      "makers: { tests: developer, code: developer }",
      "gates:",
      "  - gate: door",
      "  - gate: green",
      "  - { gate: command, name: licence, run: ./scripts/licence.sh }",
      "  - gate: current",
      "goal: { judge: false }",
      "",
    ].join("\n");
    const script = '#!/bin/sh\ngrep -q Copyright src/add.js || { echo "src/add.js names no owner"; exit 3; }\n';
    const repository = target({ "workflows/licensed.yaml": own, "scripts/licence.sh": script });
    repository.git("update-index", "--chmod=+x", "scripts/licence.sh");
    repository.git("commit", "-q", "-m", "Make it a program");
    const told = await tell(
      repository,
      byTask(plan, {
        T1: { developer: [`${right}\n${code}`, edit("src/add.js", "  // Numbers only.", "  // Copyright: ours.")] },
      }),
      { ...ask, workflow: "workflows/licensed.yaml" },
    );
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(refusals(told)).toContain("licence: command/licence");
    expect(refusalText(told)).toContain("src/add.js names no owner");
    repository.remove();
  });
});
