import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { manualClock } from "../../src/adapters/clock/manual.ts";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { openLine } from "../../src/compose/open-line.ts";
import type { Changes } from "../../src/mill.ts";
import { available } from "../kit/available.ts";
import { pythonSums, subtractingInPython } from "../kit/python-sums.ts";
import { facts, refusalText, silent, type Told, tell, within } from "../kit/story.ts";
import {
  approval,
  byTask,
  edit,
  file,
  planWith,
  SUBTRACT_CODE,
  SUBTRACT_PLAN,
  SUBTRACT_TESTS,
  SUMS_CONFIG,
  subtracting,
  sums,
} from "../kit/sums.ts";
import { possessions, type Target } from "../kit/target.ts";

const MINUTE = 60_000;
let target: Target;
afterEach(() => target.remove());

const withLimits = (limits: string) => sums({ "millwright.yaml": `${SUMS_CONFIG}limits: { ${limits} }\n` });

async function resume(script: Script, changes: Changes = {}): Promise<Told> {
  return within(target, { script }, async (mill) => {
    const end = await mill.resume((await mill.runs()).at(-1)?.id, changes, silent());
    return { ...end, entries: await mill.entries(end.run) };
  });
}

/** What `andon close` does once a person has done their part. */
async function closeIncidents(): Promise<readonly string[]> {
  const line = openLine(target.dir, join(target.dir, ".millwright"));
  const open = await line.stopped();
  for (const { id } of open) await line.close(id, { closedAt: 1, closed: "then", approvedBy: "Ada" }, "# Closed\n");
  return open.map(({ kind }) => kind);
}

const outside = (...paths: readonly string[]) => paths.map((path) => file(path, "export const x = 1;")).join("\n");

describe("a breaker trips, and one that comes close does not", { timeout: 240_000 }, () => {
  test("five files outside scope stop the line for a review of the plan; nothing was written; closed, the run goes on", async () => {
    target = withLimits("sameSignature: 9, attempts: 9");
    const before = possessions(target);
    const developer = [
      outside("src/a.js", "src/b.js"),
      outside("src/c.js", "src/d.js"),
      outside("src/e.js"),
      SUBTRACT_CODE,
    ];
    const told = await tell(target, subtracting({ developer }));
    expect(told.outcome).toMatchObject({ kind: "waiting", reason: expect.stringContaining("(scope-escape)") });
    expect(facts(told, "incident-opened")).toMatchObject([
      { kind: "scope-escape", problem: expect.stringMatching(/^5 different files.*review the plan/) },
    ]);
    expect(facts(told, "proposal-refused")).toHaveLength(3);
    expect(possessions(target)).toEqual(before);
    expect((await resume(subtracting({ developer }))).outcome.kind).toBe("waiting");
    expect(await closeIncidents()).toEqual(["scope-escape"]);
    const after = await resume(subtracting({ developer }));
    expect(after.outcome.kind, refusalText(after)).toBe("done");
  });

  test("four files outside scope do not", async () => {
    target = withLimits("sameSignature: 9");
    const developer = [outside("src/a.js", "src/b.js"), outside("src/c.js", "src/d.js", "src/a.js"), SUBTRACT_CODE];
    const told = await tell(target, subtracting({ developer }));
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "incident-opened")).toEqual([]);
  });

  test("a test that stands was to be changed twice: tampering; once, or sent again as it stands, is only refused", async () => {
    const gutted = file("test/subtract.test.js", 'import { test } from "node:test";\ntest("AC1 subtracts", () => {});');
    target = withLimits("sameSignature: 9");
    const again = [`${SUBTRACT_TESTS}\n${SUBTRACT_CODE}`, gutted, SUBTRACT_TESTS, SUBTRACT_CODE];
    const honest = await tell(target, subtracting({ developer: again }));
    expect(honest.outcome.kind, refusalText(honest)).toBe("done");
    target.remove();
    target = withLimits("sameSignature: 9");
    const told = await tell(target, subtracting({ developer: [gutted, `${gutted}\n${SUBTRACT_CODE}`, SUBTRACT_CODE] }));
    expect(told.outcome.kind, refusalText(told)).not.toBe("done");
    const [incident] = facts(told, "incident-opened");
    expect(incident).toMatchObject({ kind: "tampering", problem: expect.stringContaining("test/subtract.test.js") });
  });

  const slow = (minutes: number) => {
    const clock = manualClock(Date.UTC(2026, 0, 1));
    return {
      clock,
      wrapJournal: (journal: import("../../src/engine/ports.ts").Journal) => ({
        ...journal,
        append: async (key: string, event: import("../../src/domain/event.ts").Event) => {
          if (key.startsWith("begun/answer/T1/developer/")) clock.advance(minutes * MINUTE);
          await journal.append(key, event);
        },
      }),
    };
  };
  const prose = ["I would subtract.", "I would subtract.", "I would subtract.", "I would subtract.", SUBTRACT_CODE];

  test("ten minutes without progress end the task with a page of the log; the checkout stays as it is", async () => {
    target = withLimits("sameSignature: 9, attempts: 9, orchestrations: 0");
    const before = possessions(target);
    const told = await tell(target, subtracting({ developer: prose }), {}, slow(4));
    expect(told.outcome).toMatchObject({
      kind: "stuck",
      reason: expect.stringMatching(/no progress for 1[0-9.]+ minutes/),
    });
    expect(facts(told, "incident-filed")).toMatchObject([{ kind: "no-progress", about: "T1" }, { kind: "deadlock" }]);
    const log = join(target.dir, ".millwright", "log");
    const [page = "", ofRun] = readdirSync(log).sort();
    expect([page, ofRun]).toEqual([`2026-01-01-${told.run}-T1.md`, `2026-01-01-subtract-${told.run.slice(-4)}.md`]);
    expect(readFileSync(join(log, page), "utf8")).toMatch(/T1 was aborted[\s\S]*unusable-reply/);
    expect(possessions(target)).toEqual(before);
  });

  test("nine minutes do not, nor does a model that takes an hour", async () => {
    target = withLimits("sameSignature: 9, attempts: 9, orchestrations: 0");
    const told = await tell(target, subtracting({ developer: prose }), {}, slow(2));
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    const clock = manualClock(Date.UTC(2026, 0, 1));
    const thinking = await tell(
      target,
      (request) => {
        clock.advance(60 * MINUTE);
        return subtracting({ developer: prose })(request);
      },
      { input: "subtract `subtract(9, 4)` is 5 in `src/subtract.js`" },
      { clock },
    );
    expect(facts(thinking, "incident-filed")).toEqual([]);
  });
});

describe("what was agreed has drifted: the task does not land, and a person hears of it", { timeout: 240_000 }, () => {
  test("the spec is edited during the run; approved by name and closed, the run goes on with the spec that it began with", async () => {
    target = sums();
    const spec = "specs/subtract.md";
    const told = await tell(target, (request) => {
      if (request.role === "developer") target.write(spec, "# Subtract\n\nWe want `minus` instead.\n");
      return subtracting()(request);
    });
    expect(told.outcome).toMatchObject({
      kind: "waiting",
      reason: expect.stringMatching(/Spec drift: the spec .* was edited/),
    });
    expect(facts(told, "landed")).toEqual([]);
    expect(target.git("ls-tree", "-r", "--name-only", "loop/subtract")).not.toContain("src/subtract.js");
    expect(await closeIncidents()).toEqual(["spec-drift"]);
    expect((await resume(subtracting())).outcome).toMatchObject({ kind: "waiting" });
    const done = await resume(subtracting(), { approveSpec: "Ada" });
    expect(done.outcome.kind, refusalText(done)).toBe("done");
    expect(facts(done, "spec-approved")).toMatchObject([{ by: "Ada", path: spec }]);
    await expect(resume(subtracting(), { approveSpec: " " })).rejects.toThrow(/takes the name/);
  });

  test("other line ends, and edits of unrelated files, are none", async () => {
    target = sums();
    const told = await tell(target, (request) => {
      target.write(
        "specs/subtract.md",
        readFileSync(join(target.dir, "specs/subtract.md"), "utf8").replace(/\r?\n/g, "\r\n"),
      );
      target.write("README.md", "Mine.\n");
      return subtracting()(request);
    });
    expect(told.outcome.kind, refusalText(told)).toBe("done");
  });

  test("a re-plan that loses a value of a criterion is not taken; one that keeps it is", async () => {
    const replan = (accept: string) =>
      [
        "---",
        "id: T1",
        "title: Subtract anew",
        "kind: feature",
        "purpose: People want it.",
        "deliverables: [{ what: it, quality: pure }]",
        "files: [src/subtract.js]",
        "tests: [test/subtract.test.js]",
        'creates: ["src/subtract.js#subtract"]',
        `accept: [{ id: AC1, text: '${accept}' }]`,
        "---",
        "Go on.",
      ].join("\n");
    const asking = (accept: string) =>
      subtracting({
        architect: [SUBTRACT_PLAN, replan(accept)],
        developer: ["IMPOSSIBLE: it cannot be", SUBTRACT_CODE],
      });
    const script =
      (accept: string): Script =>
      (request) =>
        request.role === "architect" && request.task !== "plan" ? replan(accept) : asking(accept)(request);
    target = sums();
    const weak = await tell(target, script("`subtract(5, 3)` of `src/subtract.js` returns 2"));
    expect(weak.outcome, refusalText(weak)).toMatchObject({
      kind: "waiting",
      reason: expect.stringContaining("AC1 loses"),
    });
    expect(facts(weak, "incident-opened")).toMatchObject([{ kind: "spec-drift" }]);
    target.remove();
    target = sums();
    const kept = await tell(
      target,
      script("`subtract(3, 5)` returns -2, `subtract(5, 3)` of `src/subtract.js` returns 2"),
    );
    expect(kept.outcome.kind, refusalText(kept)).toBe("done");
  });

  test("somebody removes what a task delivered: the next one does not land", async () => {
    target = sums();
    const plan = planWith([
      { id: "T1" },
      {
        id: "T2",
        needs: ["T1"],
        kind: "docs",
        accept: { AC2: "`NOTES.md` says `subtract`" },
        files: ["NOTES.md"],
        tests: [],
        creates: [],
        more: { check: "grep -q subtract NOTES.md" },
      },
    ]);
    const script = byTask(plan, {
      T2: {
        documenter: [file("NOTES.md", "subtract")],
        developer: [file("NOTES.md", "subtract")],
        reviewer: [approval("AC2")],
      },
    });
    let dropped = false;
    const told = await tell(target, (request) => {
      if (request.task === "T2" && !dropped) {
        dropped = true;
        const dir = join(target.dir, "..", "other");
        target.git("worktree", "add", "-q", dir, "loop/subtract");
        target.git("-C", dir, "rm", "-q", "src/subtract.js");
        target.git("-C", dir, "commit", "-q", "-m", "Remove it");
        target.git("worktree", "remove", "--force", dir);
      }
      return script(request);
    });
    expect(told.outcome, refusalText(told)).toMatchObject({
      kind: "waiting",
      reason: expect.stringContaining("src/subtract.js, which T1 delivered, is gone"),
    });
  });
});

describe.runIf(available.pytest)("the test infrastructure itself is broken", { timeout: 240_000 }, () => {
  test("a person is told on second sight which protected file would have to change, and how; no attempt is burnt on it", async () => {
    target = pythonSums({ "conftest.py": "raise RuntimeError('no database here')\n" });
    const told = await tell(target, subtractingInPython());
    expect(told.outcome, refusalText(told)).toMatchObject({
      kind: "waiting",
      reason: expect.stringMatching(/infrastructure itself fails.*change of conftest\.py: .*no database here/),
    });
    expect(facts(told, "answered").filter(({ role }) => role === "tester")).toHaveLength(2);
    expect(facts(told, "incident-opened")).toMatchObject([{ kind: "escalation" }]);
  });
});

describe("a stopped line", { timeout: 240_000 }, () => {
  test("a person is asked: nothing starts or lands here until the incident is closed; a person's word then lets the task go on", async () => {
    target = withLimits("sameSignature: 2");
    const wrong = edit("src/add.js", "left + right", "left - right");
    const asks = subtracting({ developer: [wrong], orchestrator: ["PERSON: what is subtraction?"] });
    const told = await tell(target, asks);
    expect(told.outcome).toMatchObject({ kind: "waiting", reason: expect.stringContaining("what is subtraction?") });
    expect(facts(told, "incident-opened")).toMatchObject([{ kind: "escalation" }]);
    const blocked = await tell(target, subtracting());
    expect(blocked.outcome).toMatchObject({
      kind: "waiting",
      reason: expect.stringMatching(/millwright andon show INC-/),
    });
    expect(facts(blocked, "landed")).toEqual([]);
    expect(await closeIncidents()).toEqual(["escalation"]);
    const done = await within(target, { script: subtracting() }, async (mill) => {
      const changes = { retry: { task: "T1", word: "the right one is taken from the left one" } };
      const end = await mill.resume(told.run, changes, silent());
      return { ...end, entries: await mill.entries(end.run) };
    });
    expect(done.outcome.kind, refusalText(done)).toBe("done");
  });
});
