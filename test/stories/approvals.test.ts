import { afterEach, describe, expect, test } from "vitest";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { endingText } from "../../src/apps/cli/ending.ts";
import { paintWith } from "../../src/apps/cli/paint.ts";
import type { ApprovalChoice, PersonsWord } from "../../src/compose/approvals/approvals-door.ts";
import type { Approvals } from "../../src/domain/approvals.ts";
import type { JournalEntry } from "../../src/domain/event.ts";
import type { RunRequest } from "../../src/mill.ts";
import { foldRun } from "../../src/views/fold-run.ts";
import { facts, goOn, refusalText, silent, type Told, tell, within } from "../kit/story.ts";
import {
  approval,
  byTask,
  edit,
  file,
  planWith,
  SUBTRACT_CODE,
  SUBTRACT_PLAN,
  SUMS_CONFIG,
  subtracting,
  sums,
} from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";

let target: Target;
afterEach(() => target.remove());

const begin = (approvals: string, more = "") => {
  const gates = approvals === "" ? "" : `approvals: { ${approvals} }\n`;
  const made = sums({ "millwright.yaml": `${SUMS_CONFIG}${gates}${more}` });
  made.git("branch", "trunk");
  return made;
};
const say = (word: PersonsWord, choice: ApprovalChoice = {}) =>
  within(target, {}, (mill) => mill.approvals.say(choice, word));
const approved = { decision: "approved", by: "Ada Lovelace" } as const;
const change = (gates: Partial<Approvals>) =>
  within(target, {}, async (mill) => mill.approvals.change((await mill.runs()).at(-1)?.id, gates, "Ada"));
const landed = () => target.git("for-each-ref", "--format=%(refname:short)", "refs/heads/loop");
const given = (told: Told) =>
  facts(told, "approval-given").map(({ stage, decision, by }) => `${stage} ${decision} ${by}`);
const SIGNED = SUBTRACT_CODE.replace("left - right", "left - right + 0");

/** The developer also writes a comment above what is there. */
const COMMENT = edit("src/add.js", "  return left + right;", "  // Their sum.\n  return left + right;");
const EDIT_PLAN = planWith([{ files: ["src/subtract.js", "src/add.js"] }]);

/** Somebody lands on the loop's branch. */
function meanwhile(path: string, text: string): void {
  target.git("checkout", "-q", landed());
  target.write(path, text);
  target.commit(`Write ${path}`);
  target.git("checkout", "-q", "main");
}

const docs = (id: string, needs: readonly string[]) => ({
  id,
  kind: "docs",
  needs,
  accept: { [`A${id}`]: `docs/${id}.md says \`${id}\`` },
  files: [`docs/${id}.md`],
  tests: [],
  creates: [],
  more: { check: `grep -q ${id} docs/${id}.md` },
});
const page = (id: string) => ({ documenter: [file(`docs/${id}.md`, `# ${id}\n`)], reviewer: [approval(`A${id}`)] });
/** T3 needs T1; T2 needs nothing. */
const THREE = byTask(planWith([docs("T1", []), docs("T3", ["T1"]), docs("T2", [])]), {
  T1: page("T1"),
  T2: page("T2"),
  T3: page("T3"),
});

/** Remembers what the makers are told. */
function listening(script: Script): { readonly script: Script; readonly heard: string[] } {
  const heard: string[] = [];
  const listen: Script = (request) => {
    heard.push(`${request.role} ${request.attempt}\n${request.user}`);
    return script(request);
  };
  return { script: listen, heard };
}

describe("before a task lands, a person", { timeout: 120_000 }, () => {
  test("is waited for, sees the difference, approves, and the run goes on", async () => {
    target = begin("task: human");
    const first = await tell(target, subtracting());
    expect(first.outcome.kind, refusalText(first)).toBe("waiting");
    expect("reason" in first.outcome && first.outcome.reason).toMatch(
      /T1 waits for a person's approval.*millwright approve/,
    );
    expect(facts(first, "landed")).toEqual([]);
    const shown = await within(target, {}, (mill) => mill.approvals.show({}));
    expect(shown.text).toContain("+  return left - right;");
    expect(shown.text).toContain("test/subtract.test.js");
    await say(
      { ...approved, note: "as agreed" },
      { stage: "task", task: "T1", digest: shown.subject.digest.slice(0, 8) },
    );
    const { script, heard } = listening(subtracting());
    const second = await goOn(target, script);
    expect(second.outcome.kind, refusalText(second)).toBe("done");
    expect(heard.map((one) => one.split("\n")[0])).toEqual(["goal-checker 1"]);
    expect(facts(second, "approval-given")).toMatchObject([
      { about: "T1", by: "Ada Lovelace", note: "as agreed", digest: facts(second, "landed")[0]?.tree },
    ]);
    await expect(say(approved)).rejects.toThrow(/Nothing waits for a person's approval/);
  });

  test("sends it back with a note, and the maker's next answer is asked about anew", async () => {
    target = begin("task: human");
    await tell(target, subtracting());
    const { subject } = await within(target, {}, (mill) => mill.approvals.show({}));
    await say({ decision: "rejected", by: "Ada", note: "add zero, so that minus zero is zero" });
    const { script, heard } = listening(subtracting({ developer: [SUBTRACT_CODE, SIGNED] }));
    const second = await goOn(target, script);
    expect(second.outcome.kind, refusalText(second)).toBe("waiting");
    expect(heard[0]).toMatch(/^developer 2\n[\s\S]*Rejected by Ada: add zero, so that minus zero is zero/);
    await expect(say(approved, { digest: subject.digest })).rejects.toThrow(/has changed since .* was looked at/);
    await say(approved);
    const third = await goOn(target, script);
    expect(third.outcome.kind, refusalText(third)).toBe("done");
    expect(target.git("show", "loop/subtract:src/subtract.js")).toContain("left - right + 0");
    expect(given(third)).toEqual(["task rejected Ada", "task approved Ada Lovelace"]);
  });

  test("ends it", async () => {
    target = begin("task: human");
    await tell(target, subtracting());
    await say({ decision: "rejected", by: "Ada", note: "nobody needs it", end: true });
    const second = await goOn(target, () => "nobody is asked");
    expect(second.outcome).toMatchObject({
      kind: "stuck",
      reason: expect.stringContaining("Rejected by Ada: nobody needs it"),
    });
    expect(facts(second, "landed")).toEqual([]);
  });

  test("is not waited for any more once the gate is changed, and is from then on when it is changed on the way", async () => {
    target = begin("task: human");
    const first = await tell(target, subtracting());
    expect(first.outcome.kind).toBe("waiting");
    await change({ task: "auto" });
    const second = await goOn(target, subtracting());
    expect(second.outcome.kind, refusalText(second)).toBe("done");
    expect(facts(second, "gates-changed")).toMatchObject([{ by: "Ada", gates: { task: "auto" } }]);
    target.remove();

    target = begin("");
    const late = await within(target, { script: subtracting() }, async (mill) => {
      const entry = ({ run, event }: JournalEntry) => {
        if (event.type === "asked" && event.role === "developer")
          void mill.approvals.change(run, { task: "human" }, "Ada");
      };
      const end = await mill.run({ input: "specs/subtract.md" }, { ...silent(), entry });
      return { ...end, entries: await mill.entries(end.run) };
    });
    expect(late.outcome.kind, refusalText(late)).toBe("waiting");
    expect(facts(late, "landed")).toEqual([]);
  });

  test("speaks of one difference: a clean rebase keeps the word, another neighbourhood of a changed line does not", async () => {
    target = begin("task: human");
    const { script } = listening(subtracting({ architect: [EDIT_PLAN], developer: [SUBTRACT_CODE + COMMENT] }));
    await tell(target, script);
    await say(approved);
    // Somebody lands on the branch of the loop before the run goes on: the work is moved there, and is another tree.
    meanwhile("src/add.js", `${target.git("show", "main:src/add.js")}\n// The end.\n`);
    const second = await goOn(target, script);
    expect(second.outcome.kind, refusalText(second)).toBe("waiting");
    expect(facts(second, "landed")).toEqual([]);
    expect(new Set(facts(second, "approval-asked").map(({ digest }) => digest)).size).toBe(2);
    await say(approved);
    meanwhile("notes.md", "Somebody else was here.\n");
    const third = await goOn(target, script);
    expect(third.outcome.kind, refusalText(third)).toBe("done");
    expect(facts(third, "approval-asked")).toHaveLength(2);
    expect(facts(third, "rebased")).toHaveLength(2);
    expect(target.git("show", `${facts(third, "landed")[0]?.branch}:notes.md`)).toContain("Somebody else");
  });

  test.each([1, 2])("is waited for by one task, and what does not need it goes on (%s at once)", async (parallel) => {
    target = begin("task: human", `parallel: ${parallel}\n`);
    const first = await tell(target, THREE, { input: "Write down what the pages are called." });
    expect(first.outcome.kind, refusalText(first)).toBe("waiting");
    expect(new Set(facts(first, "task-started").map(({ task }) => task))).toEqual(new Set(["T1", "T2"]));
    const { waiting } = await within(target, {}, (mill) => mill.approvals.look(first.run));
    expect(waiting.map(({ about }) => about).sort()).toEqual(["T1", "T2"]);
    await say(approved, { stage: "task", task: "T2" });
    const second = await goOn(target, THREE);
    expect(second.outcome.kind, refusalText(second)).toBe("waiting");
    expect(facts(second, "landed").map(({ task }) => task)).toEqual(["T2"]);
    await say(approved, { stage: "task", task: "T1" });
    const third = await goOn(target, THREE);
    expect(facts(third, "landed").map(({ task }) => task)).toEqual(["T2", "T1"]);
    expect(third.outcome.kind, refusalText(third)).toBe("waiting");
    await say(approved, { stage: "task", task: "T3" });
    const last = await goOn(target, THREE);
    expect(last.outcome.kind, refusalText(last)).toBe("done");
    // T1 was moved onto T2, and its difference stayed the one that a word was wanted on.
    const asked = facts(last, "approval-asked").map(({ about, patch = "" }) => `${about} ${patch}`);
    expect([...new Set(asked)].map((line) => line.split(" ")[0]).sort()).toEqual(["T1", "T2", "T3"]);
  });

  test("is waited for as long as it takes: killed or resumed in between, nothing is asked or made twice", async () => {
    target = begin("task: human");
    const first = await tell(target, subtracting());
    const again = await goOn(target, () => "nobody is asked");
    expect(again.outcome.kind).toBe("waiting");
    expect(facts(again, "asked")).toEqual(facts(first, "asked"));
    expect(facts(again, "approval-asked")).toHaveLength(1);
  });
});

describe("before the architect's plan is pursued, a person", { timeout: 120_000 }, () => {
  test("reads it and sends it back; the next plan is approved and pursued", async () => {
    target = begin("plan: human");
    const better = planWith([{ more: { title: "Subtract numbers" } }]);
    const { script, heard } = listening(subtracting({ architect: [SUBTRACT_PLAN, better] }));
    const first = await tell(target, script);
    expect(first.outcome.kind, refusalText(first)).toBe("waiting");
    expect(landed()).toBe("");
    const shown = await within(target, {}, (mill) => mill.approvals.show({}));
    expect(shown.subject.stage).toBe("plan");
    expect(shown.text).toContain("Do T1");
    await say({ decision: "rejected", by: "Ada", note: "call the task by what it does" });
    const second = await goOn(target, script);
    expect(second.outcome.kind, refusalText(second)).toBe("waiting");
    expect(heard.at(-1)).toContain("Rejected by Ada: call the task by what it does");
    await say(approved);
    const third = await goOn(target, script);
    expect(third.outcome.kind, refusalText(third)).toBe("done");
    expect(facts(third, "task-started")[0]?.title).toBe("Subtract numbers");
  });

  test("ends the run; a plan alone is written without a word", async () => {
    target = begin("plan: human");
    const plan = await within(target, { script: subtracting() }, (mill) =>
      mill.plan({ input: "specs/subtract.md" }, silent()),
    );
    expect(plan.outcome.kind).toBe("done");
    await tell(target, subtracting());
    await say({ decision: "rejected", by: "Ada", note: "not now", end: true });
    const second = await goOn(target, () => "nobody is asked");
    expect(second.outcome).toMatchObject({ kind: "stuck", reason: expect.stringContaining("not now") });
  });
});

describe("a branch of a person's", { timeout: 120_000 }, () => {
  const trunk = () => target.git("rev-parse", "trunk");

  test("that the config names waits for their word", async () => {
    target = begin("", "land: trunk\n");
    const before = trunk();
    const first = await tell(target, subtracting());
    expect(first.outcome.kind, refusalText(first)).toBe("waiting");
    expect(trunk()).toBe(before);
    expect((await within(target, {}, (mill) => mill.approvals.show({ stage: "result" }))).text).toContain(
      "left - right",
    );
    await say(approved);
    const second = await goOn(target, () => "");
    expect(second.outcome.kind, refusalText(second)).toBe("done");
    expect(trunk()).toBe(facts(second, "landed")[0]?.commit);
  });

  test("moves at once where its person wrote so, or said so in the command", async () => {
    target = begin("result: auto", "land: trunk\n");
    const written = await tell(target, subtracting());
    expect(written.outcome.kind, refusalText(written)).toBe("done");
    expect(trunk()).toBe(facts(written, "landed")[0]?.commit);
    target.remove();

    target = begin("");
    const request: Partial<RunRequest> = { land: "trunk" };
    const said = await tell(target, subtracting(), request);
    expect(trunk()).toBe(facts(said, "landed")[0]?.commit);
    const told = endingText(foldRun(said.entries), said, paintWith(false));
    expect(told).toMatch(/next +trunk holds it: millwright diff/);
    expect(told).not.toContain("git merge");
    expect(given(said)).toEqual(["result approved the command (--land trunk)"]);
  });

  test("stays where it is when they reject it: another round is told why", async () => {
    target = begin("", "land: trunk\n");
    const before = trunk();
    await tell(target, subtracting());
    await say({ decision: "rejected", by: "Ada", note: "say in the readme how to subtract" });
    const docs = planWith(
      [
        {
          id: "T2",
          kind: "docs",
          accept: { AC2: "README.md says `subtract(5, 3)`" },
          files: ["README.md"],
          tests: [],
          creates: [],
          more: { check: "grep -q 'subtract(5, 3)' README.md" },
        },
      ],
      { plan: "readme" },
    );
    const rest = subtracting();
    const { script, heard } = listening((request) => {
      if (request.role === "architect") return docs;
      if (request.role === "documenter") return file("README.md", "# Sums\n\n`subtract(5, 3)` is 2.");
      if (request.task === "T2" && request.role === "reviewer")
        return JSON.stringify({
          criteria: [{ id: "AC2", met: true, evidence: "README.md: `subtract(5, 3)` is 2.", reason: "" }],
          findings: [],
          summary: "Read it.",
        });
      return rest(request);
    });
    const second = await goOn(target, script);
    expect(second.outcome.kind, refusalText(second)).toBe("waiting");
    expect(heard[0]).toContain("Rejected by Ada: say in the readme how to subtract");
    expect(trunk()).toBe(before);
    await say(approved);
    const third = await goOn(target, script);
    expect(third.outcome.kind, refusalText(third)).toBe("done");
    expect(target.git("show", "trunk:README.md")).toContain("subtract(5, 3)");
  });
});

describe("a model in a person's place", { timeout: 120_000 }, () => {
  const judging = (...words: readonly unknown[]): Script => {
    const rest = subtracting({ developer: [SUBTRACT_CODE, SIGNED] });
    return (request) =>
      request.role === "approver" ? JSON.stringify(words[Math.min(request.attempt, words.length) - 1]) : rest(request);
  };
  const yes = { decision: "APPROVE", reasons: ["It does what the spec asks."] };

  test("approves in a schema, and its word is recorded as a model's", async () => {
    target = begin("task: auto-judge");
    const { script, heard } = listening(judging({ decision: "MAYBE", reasons: [] }, yes));
    const told = await tell(target, script);
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "approval-given")).toMatchObject([
      { stage: "task", judged: true, note: "It does what the spec asks." },
    ]);
    const asked = heard.filter((one) => one.startsWith("approver"));
    expect(asked[0]).toContain("+  return left - right;");
    expect(asked[1]).toContain("Your last answer could not be used");
  });

  test("rejects, and the maker is told; a person's gate does not take a model's word", async () => {
    target = begin("task: auto-judge");
    const no = { decision: "REJECT", reasons: ["Minus zero comes out."] };
    const { script, heard } = listening(judging(no, no, no, yes));
    const told = await tell(target, script);
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(heard.find((one) => one.startsWith("developer 2"))).toContain("Minus zero comes out.");
    expect(facts(told, "approval-given").map(({ decision }) => decision)).toEqual(["rejected", "approved"]);
  });
});
