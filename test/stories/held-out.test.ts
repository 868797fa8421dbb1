import { expect, test } from "vitest";
import type { ModelRequest } from "../../src/domain/model-call.ts";
import { CODE, calculator, honest, PLAN, TESTS } from "../kit/calculator.ts";
import { facts, refusals, refusalText, tell } from "../kit/story.ts";

const config = (more = "", models = "") =>
  `workflow: red-green\nmodels: { default: mailbox, examiner: scripted/examiner, second-examiner: scripted/second${models} }\nindependence: none\nsuites:\n  - runner: vitest\ndependencies: { from: node_modules }\n${more}`;

const RULE = PLAN.replace(
  /text: .*/,
  "text: '`subtract(left, right)` of `src/subtract.ts` returns left minus right: `subtract(5, 3)` returns 2'",
);
const ONE_CASE = TESTS.replace(/.*subtract\(3, 5\).*\n/, "");
/** True for the tested value only, in a way that no deterministic gate can tell from honest code. */
const LIKELY_WRONG = CODE.replace("left - right", "Math.abs(left - right)");

const check = (call: string, expected: unknown, more = {}) => ({
  criterion: "AC1",
  imports: ["src/subtract.ts#subtract"],
  setup: [],
  call,
  expected,
  ...more,
});
const exam = (...checks: readonly unknown[]) => JSON.stringify({ checks });
const derived = (...values: readonly unknown[]) =>
  JSON.stringify({ answers: values.map((value, index) => ({ check: index + 1, expected: { value } })) });

const EXAM = exam(check("subtract(5, 3)", { value: 2 }), check("subtract(4021, 9733)", { value: -5712 }));
const AGREED = derived(2, -5712);

/** A script that keeps what it was asked. */
function heard(wrong: Parameters<typeof honest>[0]) {
  const asked: ModelRequest[] = [];
  const script = honest({ architect: [RULE], tester: [ONE_CASE], ...wrong });
  return {
    asked,
    script: (request: ModelRequest) => {
      asked.push(request);
      return script(request);
    },
  };
}

const BENT = { examiner: [EXAM], "second-examiner": [AGREED] };

test("what holds for the tested value only is refused, and no maker hears how it was found out", async () => {
  const { asked, script } = heard({ ...BENT, developer: [LIKELY_WRONG, CODE.replace(/^/, "")] });
  const target = calculator({ "millwright.yaml": config() });
  const told = await tell(target, script);
  expect(told.outcome.kind, refusalText(told)).toBe("done");
  expect(refusals(told)).toContain("held-out: held-out/behaviour");
  const finding = facts(told, "gate-refused")
    .flatMap(({ findings }) => findings)
    .find(({ rule }) => rule.startsWith("held-out"));
  expect(finding?.message).toContain("AC1 does not hold for everything that it speaks of");
  expect(finding?.withheld).toContain("expected -5712");
  const makers = asked.filter(({ role }) => ["tester", "developer", "architect", "reviewer"].includes(role));
  const words = makers.map(({ system, user }) => `${system}\n${user}`).join("\n");
  const makersOnly = asked.filter(({ role }) => ["tester", "developer", "architect"].includes(role));
  const makersWords = makersOnly.map(({ system, user }) => `${system}\n${user}`).join("\n");
  expect(makersWords).not.toMatch(
    /You are the (?:reviewer|examiner|second|checker|goal)|threshold|of 100|mutant|workflow:|gates:|canary/i,
  );
  for (const secret of ["4021", "9733", "5712", "millwright-checks", "millwright check", "examiner"])
    expect(words).not.toContain(secret);
  expect(asked.filter(({ role }) => role.includes("examiner")).map(({ role }) => role)).toEqual([
    "examiner",
    "second-examiner",
  ]);
});

test("a call that the criterion names is named", async () => {
  const wrong = exam(check("subtract( 5, 3 )", { value: 7 }));
  const { script } = heard({ examiner: [wrong], "second-examiner": [derived(7)] });
  const told = await tell(calculator({ "millwright.yaml": config() }), script, {});
  const [finding] = facts(told, "gate-refused")
    .flatMap(({ findings }) => findings)
    .filter(({ rule }) => rule.startsWith("held-out"));
  expect(finding?.message).toMatch(/^AC1: `subtract\( 5, 3 \)` did not behave as the criterion says: /);
  expect(finding?.message).not.toContain("7");
});

test.each([
  ["a second model derives 2", [derived(2)], "scripted/second"],
  [
    "a second model finds no certain answer",
    [JSON.stringify({ answers: [{ check: 1, unsure: true }] })],
    "scripted/second",
  ],
  ["a second model finds no certain answer", ["nothing that can be read"], "scripted/second"],
  ["no second model is there", [derived(7)], "scripted/examiner"],
] as const)("a wrong check is advice, and honest work lands: %s", async (why, second, model) => {
  const { script } = heard({ examiner: [exam(check("subtract(5, 3)", { value: 7 }))], "second-examiner": second });
  const yaml = config().replace("scripted/second", model);
  const told = await tell(calculator({ "millwright.yaml": yaml }), script);
  expect(told.outcome.kind, refusalText(told)).toBe("done");
  expect(
    facts(told, "gate-passed")
      .flatMap(({ notes }) => notes)
      .join("\n"),
  ).toContain(`because ${why}`);
});

test("checks that cannot be used are dropped and said, and the others still count", async () => {
  const { script } = heard({
    ...BENT,
    examiner: [
      exam(
        check("subtract(5, 3", { value: 2 }),
        check("subtract(5, 3)", { value: 2 }, { imports: ["src/nowhere.ts#subtract"] }),
        check("subtract(5, 3)", { value: 2 }, { setup: ["null.boom();"] }),
        check("subtrakt(5, 3)", { value: 2 }),
        check("subtract(5, 3)", { value: 2 }, { criterion: "AC9" }),
        check("subtract(9, 4)", { value: 5 }),
      ),
    ],
  });
  const told = await tell(calculator({ "millwright.yaml": config() }), script);
  expect(told.outcome.kind, refusalText(told)).toBe("done");
  const notes = facts(told, "gate-passed")
    .filter(({ gate }) => gate === "held-out")
    .flatMap(({ notes }) => notes)
    .join("\n");
  expect(notes).toContain("1 of 5 held-out checks hold.");
  for (const why of [
    "it cannot be run",
    "a name that it needs is not there",
    "its set-up fails",
    "its call makes no sense here",
    "AC9 is no criterion",
  ])
    expect(notes).toContain(why);
});

test("an examiner that is the developer's model is refused before anything is asked", async () => {
  const yaml = config("", ", developer: scripted/examiner").replace("independence: none", "independence: model");
  const { asked, script } = heard({});
  await expect(tell(calculator({ "millwright.yaml": yaml }), script)).rejects.toThrow(
    /developer and examiner are both answered/,
  );
  expect(asked).toEqual([]);
});
