import { describe, expect, test } from "vitest";
import type { Event, JournalEntry } from "./event.ts";
import { historyOf } from "./learn-history.ts";
import { type Effect, type Evidence, effectOf, retirementOf, standingOf } from "./learn-table.ts";

const BASE = { commit: "c0", tree: "t0" };
const usage = { input: 1, output: 1, cached: 0, counted: true };
const layer = (path: string) => [{ path, blob: "b", mode: "100644" as const }];
const done = (step: string, result: unknown): Event => ({ type: "step-completed", step, result });
const asked = (key: string): Event =>
  done(`ask/${key}`, { reply: `reply of ${key}`, request: "r", model: "m", usage, finish: "stop", drifted: false });
const admitted = (key: string, tests: string[], code: string[]): Event =>
  done(`answer/${key}`, {
    kind: "admitted",
    work: { base: BASE, tests: tests.flatMap(layer), code: code.flatMap(layer), trees: { red: "r", work: "w" } },
    commit: "c1",
    paths: [],
    notes: "",
  });
const finding = (rule: string, answers: string) => ({ rule, answers, message: "m" });
const no = (gate: string, rule: string, answers: string): Event => ({
  type: "gate-refused",
  task: "T1",
  gate,
  findings: [finding(rule, answers)],
});

const BEGIN: readonly Event[] = [
  done("inputs", { blob: "frozen" }),
  done("branch/p", { branch: "loop/p", ...BASE }),
  {
    type: "plan-accepted",
    plan: "p",
    path: "plans/p.md",
    branch: "loop/p",
    tasks: [{ id: "T1", title: "Make it", kind: "feature", needs: [] }],
  },
  done("base/p/T1", { branch: "loop/p", ...BASE }),
  no("red", "red/no-tests-yet", "tester"),
  asked("T1/tester/1"),
  admitted("T1/tester/1", ["a.test.js"], []),
  no("green", "green/nothing-yet", "developer"),
  asked("T1/developer/1"),
  admitted("T1/developer/1", ["a.test.js"], ["a.js"]),
  no("green", "green/fails", "developer"),
];

const told = (...events: readonly Event[]) =>
  historyOf(
    "r1",
    events.map((event, at): JournalEntry => ({ seq: at, at, run: "r1", key: `${at}`, event })),
  );

describe("what a run recorded", () => {
  test("is every reply, the work that it answered, and the gate that its maker had to answer next", () => {
    const { proposals, plans, inputs } = told(...BEGIN);
    expect(inputs).toBe("frozen");
    expect(plans.get("T1")).toEqual({ tree: "t0", path: "plans/p.md" });
    const [tester, developer] = proposals;
    expect(tester).toMatchObject({ role: "tester", identity: "T1 Make it", refusal: undefined, until: "green" });
    expect(tester?.before).toMatchObject({ base: BASE, tests: [], code: [] });
    expect(developer).toMatchObject({ reply: "reply of T1/developer/1", refusal: { gate: "green" }, until: undefined });
    expect(developer?.before.tests).toEqual(layer("a.test.js"));
    expect(developer?.asked).toEqual(["red", "green"]);
  });

  test("a reply that the door refused changes no work, and is refused by it", () => {
    const refused = done("answer/T1/developer/2", { kind: "refused", findings: [finding("door/path", "developer")] });
    const { proposals } = told(...BEGIN, asked("T1/developer/2"), refused, asked("T1/developer/3"));
    expect(proposals.at(-1)).toMatchObject({ attempt: 2, refusal: { gate: "door" } });
    expect(proposals.at(-1)?.before.code).toEqual(layer("a.js"));
  });

  test("a revised task begins again, and one that comes back anew begins without its code", () => {
    const revision = told(...BEGIN, asked("T1/architect/1"), asked("T1/tester/2"), admitted("T1/tester/2", [], []));
    expect(revision.proposals.at(-1)).toMatchObject({ before: { tests: [], code: [] } });
    expect(revision.proposals.at(-1)?.revisions).toEqual(["reply of T1/architect/1"]);
    const back: Event = { type: "task-reopened", task: "T1", reason: "a correction", anew: true, models: {} };
    const anew = told(...BEGIN, back, asked("T1/developer/2"), admitted("T1/developer/2", [], []));
    expect(anew.proposals.at(-1)?.before).toMatchObject({ tests: layer("a.test.js"), code: [] });
  });

  describe("tests that passed and were written anew", () => {
    const again = [asked("T1/tester/2"), admitted("T1/tester/2", ["b.test.js"], [])];
    const begun: Event = {
      ...{ type: "tests-begun-anew", task: "T1", number: 1, role: "tester", attempts: [1], reason: "deadlock" },
      refused: { role: "developer", attempts: [1] },
      findings: [finding("green/fails", "developer")],
    };

    test("keep what was refused because of them, whoever laid them aside", () => {
      const byMill = told(...BEGIN, begun, no("red", "red/no-tests-yet", "tester"), ...again);
      const byArchitect = told(...BEGIN, asked("T1/architect/1"), no("red", "red/no-tests-yet", "tester"), ...again);
      for (const { proposals } of [byMill, byArchitect]) {
        const [first, , second] = proposals;
        expect(first).toMatchObject({ role: "tester", refusal: undefined, setAside: { gate: "green" } });
        expect(first?.setAside?.findings[0]?.rule).toBe("green/fails");
        expect(second).toMatchObject({ role: "tester", attempt: 2, before: { tests: [], code: [] } });
        expect(second?.setAside).toBeUndefined();
      }
    });

    test("count a developer's word that it cannot be done where no gate said anything, and nothing that was refused", () => {
      const impossible = [asked("T1/developer/1"), done("answer/T1/developer/1", { kind: "impossible", reason: "no" })];
      const given = told(...BEGIN.slice(0, 8), ...impossible, asked("T1/architect/1"), ...again);
      expect(given.proposals[0]?.setAside).toMatchObject({ gate: "impossible" });
      const refused = told(...BEGIN.slice(0, 7), no("red", "red/error", "tester"), ...again);
      expect(refused.proposals[0]).toMatchObject({ refusal: { gate: "red" }, setAside: undefined });
    });
  });

  test("nonsense and steps of other kinds are left out", () => {
    const odd = [done("answer/T1/nobody/1", {}), done("answer/T1/developer/9", { kind: "admitted" }), done("ask", 1)];
    expect(told(...BEGIN, ...odd).proposals).toHaveLength(2);
  });
});

describe("the table", () => {
  const evidence = (rows: Partial<Record<Effect, number>>, untouched = 0): Evidence => ({
    recorded: 10,
    untouched,
    unreadable: 0,
    rows: Object.entries(rows).flatMap(([effect, count]) =>
      Array.from({ length: count }, () => ({
        proposal: "p",
        title: "t",
        effect: effect as Effect,
        before: effect === "left-out" ? "passed" : "",
        after: "",
      })),
    ),
  });
  const refused = { kind: "refused", refusal: { gate: "green", findings: [] } } as const;
  const passes = { kind: "passes", unasked: [] } as const;
  const unjudged = { kind: "unjudged", why: "w" } as const;

  test("what could not be judged is never a pass", () => {
    expect(effectOf(refused, unjudged)).toBe("unjudged");
    expect(effectOf(unjudged, passes)).toBe("unjudged");
    expect([effectOf(refused, passes), effectOf(refused, refused)]).toEqual(["helped", "still-refused"]);
    expect([effectOf(passes, passes), effectOf(passes, refused)]).toEqual(["still-passes", "broken"]);
  });

  test("only what helps and breaks nothing is offered", () => {
    expect(standingOf(evidence({ helped: 1, "still-refused": 3, unjudged: 2 }))).toBe("offered");
    expect(standingOf(evidence({ helped: 9, broken: 1 }))).toBe("breaks");
    expect(standingOf(evidence({ unjudged: 3, "still-passes": 2 }))).toBe("helps-nothing");
    expect(standingOf(evidence({ helped: 3, "left-out": 1 }))).toBe("unfinished");
  });

  test("a correction rests when it changed nothing for long, or breaks more than it helps", () => {
    expect(retirementOf(evidence({}, 200), 200)).toContain("none of the last 200");
    expect(retirementOf(evidence({}, 199), 200)).toBeUndefined();
    expect(retirementOf(evidence({ helped: 1 }, 500), 200)).toBeUndefined();
    expect(retirementOf(evidence({ helped: 1, broken: 2 }), 200)).toContain("breaks 2");
  });

  test("it rests too when it was left out of more tasks than it helps; once is not enough, nor what is counted already", () => {
    const two = ["r1/T1", "r2/T4"];
    expect(retirementOf(evidence({ "still-refused": 2 }), 200, two)).toContain("left out of 2 more task(s)");
    expect(retirementOf(evidence({ helped: 2 }), 200, two)).toBeUndefined();
    expect(retirementOf(evidence({ "still-refused": 1 }), 200, ["r1/T1"])).toBeUndefined();
    expect(retirementOf(evidence({ helped: 1, broken: 1 }), 200, ["r1/T1"])).toContain("left out of 1 more");
    const broken = { proposal: "r1/T1/developer/1", title: "t", effect: "broken", before: "", after: "" } as const;
    const one = { ...evidence({ helped: 1 }), rows: [...evidence({ helped: 1 }).rows, broken] };
    expect(retirementOf(one, 200, ["r1/T1"])).toBeUndefined();
  });

  test("what the loop left out of a task is read from the run", () => {
    const event: Event = { type: "correction-suspended", task: "T1", correction: "b", signature: "s", reason: "twice" };
    expect(told(...BEGIN, event).suspensions).toEqual([{ task: "T1", correction: "b" }]);
  });
});
