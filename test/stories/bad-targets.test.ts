import { describe, expect, test } from "vitest";
import { available } from "../kit/available.ts";
import { facts, refusals, refusalText, tell } from "../kit/story.ts";
import {
  approval,
  byTask,
  file,
  planWith,
  SUBTRACT_CODE,
  SUBTRACT_TESTS,
  SUMS_CONFIG,
  subtracting,
  sums,
  testOf,
} from "../kit/sums.ts";
import { possessions } from "../kit/target.ts";

const LIMITS = "limits: { testSeconds: 5, commandSeconds: 5, outputMegabytes: 1, diskMegabytes: 16, processes: 64 }\n";
const code = (...lines: readonly string[]) =>
  file(
    "src/subtract.js",
    [...lines, "export function subtract(left, right) {", "  return left - right;", "}"].join("\n"),
  );
const slowly = 120_000;

describe("code that does harm when it is tested is refused, with why, and the honest code after it lands", () => {
  test.each<[string, string]>([
    ["never ends", code("for (;;) {}")],
    ["calls process.exit(0)", code("process.exit(0);")],
    ["kills itself", code("process.kill(process.pid, 'SIGKILL');")],
  ])(
    "%s",
    async (_name, bad) => {
      const target = sums({ "millwright.yaml": SUMS_CONFIG + LIMITS });
      const before = possessions(target);
      const told = await tell(target, subtracting({ developer: [bad, SUBTRACT_CODE] }));
      expect(told.outcome.kind, refusalText(told)).toBe("done");
      expect(
        refusals(told).filter((rule) => /green\/(?!nothing-yet|not-yet)/.test(rule)),
        refusalText(told),
      ).not.toEqual([]);
      expect(possessions(target)).toEqual(before);
      target.remove();
    },
    slowly,
  );

  test(
    "prints escape sequences: none of it is in a finding",
    async () => {
      const target = sums();
      const bad = file(
        "src/subtract.js",
        'export function subtract() {\n  throw new Error("\\u001b[31mred\\u001b]0;owned\\u0007");\n}',
      );
      const told = await tell(target, subtracting({ developer: [bad, SUBTRACT_CODE] }));
      expect(told.outcome.kind, refusalText(told)).toBe("done");
      expect(refusalText(told)).not.toMatch(/(?!\n)\p{Cc}/u);
      target.remove();
    },
    slowly,
  );
});

describe("tests that cheat are refused", () => {
  test.each<[string, string]>([
    [".only", SUBTRACT_TESTS.replace("test(", "test.only(")],
    [".skip", SUBTRACT_TESTS.replace("test(", "test.skip(")],
    ["an old test gutted", `${SUBTRACT_TESTS}\n${file("test/add.test.js", "")}`],
    ["the runner's configuration", `${SUBTRACT_TESTS}\n${file("vitest.config.ts", "export default {};")}`],
    ["an old test deleted", `${SUBTRACT_TESTS}\n### DELETE test/add.test.js\n`],
  ])(
    "%s",
    async (_name, bad) => {
      const target = sums();
      const told = await tell(target, subtracting({ tester: [bad, SUBTRACT_TESTS] }));
      expect(told.outcome.kind, refusalText(told)).toBe("done");
      const answers = facts(told, "answered").filter(({ role }) => role === "tester");
      expect(answers, refusalText(told)).toHaveLength(2);
      expect(target.git("diff", "--name-only", "main", "loop/subtract").split("\n").slice(1)).toEqual([
        "src/subtract.js",
        "test/subtract.test.js",
      ]);
      target.remove();
    },
    slowly,
  );
});

test.each([
  ["for good", ""],
  ["and sets it back", "process.on('exit', () => writeFileSync(path, text));"],
])(
  "code that rewrites a test before the runner reads it, %s, is refused",
  async (_name, back) => {
    const target = sums();
    const accept = { AC1: "`subtract(5, 3)` of `src/subtract.js` returns 2", AC2: "`subtract(9, 3)` returns 6" };
    const plan = planWith([{ accept, tests: ["test/*.test.js"] }]);
    const one = file("test/first.test.js", testOf("subtract", "AC1 five", "assert.equal(subtract(5, 3), 2);"));
    const other = file("test/zero.test.js", testOf("subtract", "AC2 nine", "assert.equal(subtract(9, 3), 6);"));
    const cheat = [
      'import { readFileSync, writeFileSync } from "node:fs";',
      'const path = new URL("../test/zero.test.js", import.meta.url);',
      'const text = readFileSync(path, "utf8");',
      'writeFileSync(path, text.replace(/assert.equal.*;/, ""));',
      back,
      "export const subtract = () => 2;",
    ];
    const told = await tell(
      target,
      byTask(plan, {
        T1: {
          tester: [`${one}\n${other}`],
          developer: [file("src/subtract.js", cheat.join("\n")), SUBTRACT_CODE],
          reviewer: [approval("AC1", "AC2")],
        },
      }),
    );
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(refusals(told).join(), refusalText(told)).toMatch(/green\/(?!nothing-yet|not-yet)/);
    expect(target.git("show", "loop/subtract:src/subtract.js")).toContain("left - right");
    target.remove();
  },
  slowly,
);

describe("a target that cannot be tested", () => {
  test(
    "no runner: a notice says so, and the run does not land anything unproven",
    async () => {
      const target = sums({ "millwright.yaml": SUMS_CONFIG.replace("suites:\n  - runner: node-test\n", "") });
      const told = await tell(target, subtracting()).catch((error: unknown) => error as Error);
      const said = told instanceof Error ? told.message : refusalText(told);
      expect(said).toMatch(/suite|runner|test/);
      if (!(told instanceof Error)) expect(facts(told, "landed"), said).toEqual([]);
      target.remove();
    },
    slowly,
  );

  test(
    "no tests at all yet: the first ones are written",
    async () => {
      const target = sums();
      target.git("rm", "-q", "test/add.test.js");
      target.git("commit", "-q", "-m", "No tests");
      const told = await tell(target, subtracting());
      expect(told.outcome.kind, refusalText(told)).toBe("done");
      target.remove();
    },
    slowly,
  );

  test(
    "an install that fails: stopped with its output, and resume tries it again",
    async () => {
      const failing = SUMS_CONFIG.replace("install: none", "install: 'echo no such package; exit 1'");
      const target = sums({ "millwright.yaml": failing });
      const before = possessions(target);
      const told = await tell(target, subtracting());
      expect(["stopped", "waiting"], refusalText(told)).toContain(told.outcome.kind);
      expect(refusalText(told)).toContain("no such package");
      expect(possessions(target)).toEqual(before);
      target.remove();
    },
    slowly,
  );
});

describe.runIf(available.bwrap)("in bubblewrap", () => {
  test.each<[string, string]>([
    ["floods its output", code('for (let at = 0; at < 200; at += 1) process.stdout.write("x".repeat(65536) + "\\n");')],
    [
      "forks without end",
      code(
        'import { spawn } from "node:child_process";',
        'for (let at = 0; at < 500; at += 1) spawn("sleep", ["60"]).on("error", () => process.exit(1));',
      ),
    ],
    [
      "fills the disk",
      code(
        'import { appendFileSync } from "node:fs";',
        'for (let at = 0; at < 64; at += 1) appendFileSync("/tmp/big", Buffer.alloc(1_000_000));',
      ),
    ],
  ])(
    "code that %s does no harm, and is refused",
    async (_name, bad) => {
      const target = sums({ "millwright.yaml": SUMS_CONFIG + LIMITS });
      const before = possessions(target);
      const told = await tell(target, subtracting({ developer: [bad, SUBTRACT_CODE] }));
      expect(told.outcome.kind, refusalText(told)).toBe("done");
      expect(
        refusals(told).filter((rule) => /green\/(?!nothing-yet|not-yet)/.test(rule)),
        refusalText(told),
      ).not.toEqual([]);
      expect(possessions(target)).toEqual(before);
      target.remove();
    },
    slowly,
  );
});
