import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { facts, refusalText, silent, tell, within } from "../kit/story.ts";
import {
  approval,
  byTask,
  file,
  planWith,
  SUBTRACT_CODE,
  SUBTRACT_PLAN,
  subtracting,
  sums,
  testOf,
} from "../kit/sums.ts";
import { makeTarget, possessions, type Target } from "../kit/target.ts";

/** Asks for a plan and hands back its path and text. */
async function planned(target: Target): Promise<{ path: string; text: string }> {
  const end = await within(target, { script: subtracting() }, (mill) =>
    mill.plan({ input: "specs/subtract.md" }, silent()),
  );
  const path = end.path ?? "";
  return { path, text: readFileSync(join(target.dir, path), "utf8") };
}

const noArchitect = subtracting({ architect: ["nobody should ask"] });

describe("a plan file is a person's to edit", () => {
  test("it is run as it stands, without asking the architect", async () => {
    const target = sums();
    const { path, text } = await planned(target);
    target.write(path, text.replace("Do T1", "Subtract, as a person said it"));
    const told = await tell(target, noArchitect, { input: path });
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "task-started").map(({ title }) => title)).toEqual(["Subtract, as a person said it"]);
    expect(facts(told, "answered").map(({ role }) => role)).not.toContain("architect");
    expect(facts(told, "notice").map(({ message }) => message)).not.toContainEqual(expect.stringContaining("changed"));
    target.remove();
  });

  test("a spec and a base that have moved on are said, and a new literal of the spec is demanded", async () => {
    const target = sums();
    const { path } = await planned(target);
    target.write("specs/subtract.md", "# Subtract\n\nWe want `subtract` in `src/subtract.js`, in `#2563eb`.\n");
    target.commit("Drift");
    const told = await tell(target, noArchitect, { input: path });
    const notices = facts(told, "notice").map(({ message }) => message);
    expect(notices).toContainEqual(expect.stringMatching(/spec.*chang|chang.*spec/i));
    expect(notices).toContainEqual(expect.stringMatching(/commit|code|base/i));
    expect(told.outcome).toMatchObject({ kind: "stuck", reason: expect.stringContaining("#2563eb") });
    expect(facts(told, "asked")).toEqual([]);
    target.remove();
  });

  test("linked plans are one run, in the order of their needs, each on its branch", async () => {
    const target = sums();
    const base = target.git("rev-parse", "HEAD");
    const head = { spec: { digest: "0".repeat(64) }, base };
    const double = {
      id: "T2",
      accept: { AC2: "`double(4)` of `src/double.js` returns 8" },
      needs: ["subtract/T1"],
      files: ["src/double.js"],
      tests: ["test/double.test.js"],
      creates: ["src/double.js#double"],
    };
    target.write("plans/subtract.md", planWith([{}], head));
    target.write("plans/double.md", planWith([double], { ...head, plan: "double", needs: ["subtract"] }));
    const script = byTask("nobody should ask", {
      T2: {
        tester: [file("test/double.test.js", testOf("double", "AC2 doubles", "assert.equal(double(4), 8);"))],
        developer: [file("src/double.js", "export function double(one) {\n  return one * 2;\n}")],
        reviewer: [approval("AC2")],
      },
    });
    const told = await tell(target, script, { input: "plans/double.md" });
    expect(told.outcome, refusalText(told)).toEqual({ kind: "done", branch: "loop/double" });
    expect(facts(told, "landed").map(({ branch }) => branch)).toEqual(["loop/subtract", "loop/double"]);
    expect(target.git("ls-tree", "-r", "--name-only", "loop/double", "src").split("\n")).toEqual([
      "src/add.js",
      "src/double.js",
      "src/subtract.js",
    ]);
    target.remove();
  });

  test("a task may be about another repository, and lands there on a branch of the same name", async () => {
    const target = sums({}, "main one");
    const other = makeTarget(
      {
        "package.json": '{ "name": "other", "type": "module", "private": true }\n',
        "src/add.js": "export const add = (left, right) => left + right;\n",
        "test/add.test.js": testOf("add", "adds", "assert.equal(add(1, 2), 3);"),
        "millwright.yaml": "suites: [{ runner: node-test }]\ndependencies: { install: none }\ntypes: off\n",
      },
      "other",
    );
    target.write("millwright.yaml", `${target.git("show", "HEAD:millwright.yaml")}\nrepos: { other: ${other.dir} }\n`);
    target.commit("Name the other repository");
    const [before, there] = [possessions(target), possessions(other)];
    const told = await tell(target, subtracting({ architect: [planWith([{ more: { repo: "other" } }])] }));
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(other.git("show", "loop/subtract:src/subtract.js")).toContain("left - right");
    expect(target.git("ls-tree", "-r", "--name-only", "loop/subtract", "src")).toBe("src/add.js");
    expect([possessions(target), possessions(other)]).toEqual([before, there]);
    target.remove();
    other.remove();
  });
});

describe("what happens meanwhile", () => {
  test("tests that fail on the base are none of the task's business, and are shown as such", async () => {
    const target = sums({ "test/old.test.js": testOf("add", "was always broken", "assert.equal(add(1, 1), 3);") });
    const told = await tell(target, subtracting());
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    const notes = facts(told, "gate-passed").flatMap((passed) => (passed.gate === "green" ? passed.notes : []));
    expect(notes.join()).toMatch(/was always broken|fail.* before/);
    target.remove();
  });

  test("somebody moves loop/<plan>: the mill rebases, the gates judge again, and both works are there", async () => {
    const target = sums();
    const script = subtracting();
    const told = await tell(target, (request) => {
      if (request.role === "reviewer") commitOn(target, "loop/subtract", "NOTES.md", "Somebody was here.\n");
      return script(request);
    });
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "rebased")).toHaveLength(1);
    expect(facts(told, "gate-passed").filter(({ gate }) => gate === "green")).toHaveLength(2);
    expect(facts(told, "answered").filter(({ role }) => role === "reviewer")).toHaveLength(1);
    expect(target.git("ls-tree", "-r", "--name-only", "loop/subtract")).toContain("NOTES.md");
    expect(target.git("rev-parse", "loop/subtract^{tree}")).toBe(facts(told, "landed")[0]?.tree);
    target.remove();
  });

  test("somebody lands the same work: the task is superseded", async () => {
    const target = sums();
    const script = subtracting();
    const told = await tell(target, (request) => {
      if (request.role === "reviewer")
        commitOn(target, "loop/subtract", "src/subtract.js", "export const subtract = (one, other) => one - other;\n");
      return script(request);
    });
    expect(
      facts(told, "task-ended").map(({ outcome }) => outcome),
      refusalText(told),
    ).toEqual(["superseded"]);
    expect(told.outcome.kind).toBe("done");
    target.remove();
  });

  test("impossible: the architect plans the task once more, and the maker goes on with what it says", async () => {
    const target = sums();
    const briefs: string[] = [];
    const task = JSON.stringify(JSON.parse(/^tasks: ([\s\S]*?)\n---/m.exec(SUBTRACT_PLAN)?.[1] ?? "")[0]);
    const script = byTask(SUBTRACT_PLAN, {
      T1: {
        architect: [`---\n${task}\n---\nSubtract the second from the first.\n`],
        developer: ["IMPOSSIBLE: nobody says which is subtracted from which", SUBTRACT_CODE],
      },
    });
    const told = await tell(target, (request) => {
      if (request.role === "developer") briefs.push(request.user);
      return script(request);
    });
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "impossible").map(({ reason }) => reason)).toEqual([
      "nobody says which is subtracted from which",
    ]);
    expect(briefs.at(-1)).toContain("Subtract the second from the first.");
    target.remove();
  });

  test("impossible twice: it is a person's turn, with the reason, and nothing landed", async () => {
    const target = sums();
    const task = JSON.stringify(JSON.parse(/^tasks: ([\s\S]*?)\n---/m.exec(SUBTRACT_PLAN)?.[1] ?? "")[0]);
    const told = await tell(
      target,
      byTask(SUBTRACT_PLAN, {
        T1: { architect: [`---\n${task}\n---\nTry again.\n`], tester: ["IMPOSSIBLE: no number is given"] },
      }),
    );
    expect(told.outcome, refusalText(told)).toMatchObject({
      kind: "waiting",
      reason: expect.stringContaining("no number is given"),
    });
    expect(
      facts(told, "answered").filter(({ task: about, role }) => about === "T1" && role === "architect"),
    ).toHaveLength(1);
    target.remove();
  });

  test("a task that is stuck does not stop the one that does not need it; the one that does is skipped", async () => {
    const target = sums();
    const draft = (id: string, name: string, needs: readonly string[]) => ({
      id,
      kind: "docs",
      accept: { [`AC${id.slice(1)}`]: `\`docs/${name}.md\` says \`subtract(5, 3)\`` },
      files: [`docs/${name}.md`],
      tests: [],
      creates: [],
      needs,
      more: { check: `grep -q 'subtract(5, 3)' docs/${name}.md` },
    });
    const page = (name: string) => file(`docs/${name}.md`, "`subtract(5, 3)` is 2");
    const plan = planWith([{}, draft("T2", "needing", ["T1"]), draft("T3", "free", [])]);
    const told = await tell(
      target,
      byTask(plan, {
        T1: { tester: ["I would rather not."] },
        T3: { documenter: [page("free")], reviewer: [approval("AC3")] },
      }),
    );
    expect(facts(told, "task-ended").map(({ task, outcome }) => `${task} ${outcome}`)).toEqual([
      "T1 stuck",
      "T2 skipped",
      "T3 landed",
    ]);
    expect(told.outcome).toMatchObject({ kind: "stuck", reason: expect.stringContaining("T1:") });
    target.remove();
  });
});

/** A commit by somebody else, made in a folder of their own. */
function commitOn(target: Target, branch: string, path: string, text: string): void {
  if (target.git("log", "--format=%s", branch).includes("Somebody")) return;
  const folder = `${target.dir}-somebody`;
  target.git("worktree", "add", "-q", folder, branch);
  target.write(`../target-somebody/${path}`, text);
  target.git("-C", folder, "add", "-A");
  target.git("-C", folder, "commit", "-q", "-m", "Somebody else's");
  target.git("worktree", "remove", "--force", folder);
}
