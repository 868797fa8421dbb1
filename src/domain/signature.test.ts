import { describe, expect, test } from "vitest";
import type { Failed } from "./failure-class.ts";
import { normalise, signatureOf } from "./signature.ts";

/** Draws that are the same in every run: a linear congruence. */
function draws(seed: number) {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const of = <One>(all: readonly [One, ...One[]]): One => all[next(all.length)] ?? all[0];
  return { next, of };
}
type Draws = ReturnType<typeof draws>;

const RED = "\u001b[31m";
const OFF = "\u001b[39m";

/** A machine writes the same failure in its own way: where things lie, how long they took, at which address, in colours or not. */
function machine({ next, of }: Draws) {
  const home = of([
    "/home/ann/shop",
    "/tmp/run-8f3a/x",
    "/target",
    "/Users/b.lee/Code/my-shop",
    "C:\\Users\\b\\shop",
    "~/shop",
  ]);
  const slash = home.startsWith("C:") ? "\\" : "/";
  const hex = () => Array.from({ length: 12 }, () => next(16).toString(16)).join("");
  const colours = of([true, false]);
  return {
    path: (name: string) =>
      `${of(["", "file://"]).repeat(slash === "/" && !home.startsWith("~") ? 1 : 0)}${home}${slash}src${slash}${name}`,
    address: () => of([`0x7f${hex()}`, `127.0.0.1:${1024 + next(60_000)}`, `http://localhost:${1024 + next(60_000)}`]),
    time: () =>
      of([`${next(9_000)} ms`, `${next(90)}.${next(99)}s`, `2026-11-2${next(10)}T1${next(10)}:2${next(10)}:07.123Z`]),
    line: () => String(1 + next(4_000)),
    coloured: (text: string) => (colours ? `${RED}${text}${OFF}` : text),
    blank: () => of([" ", "  ", "\n", "\r\n", "\t"]),
  };
}

/** The same failures on any machine. */
const FAILURES: readonly ((on: ReturnType<typeof machine>) => string)[] = [
  (on) =>
    `${on.coloured("AssertionError")}: expected${on.blank()}1 to be 2 in ${on.path("sum.test.ts")}:${on.line()}:7`,
  (on) => `TimeoutError: no answer of ${on.address()} after ${on.time()}`,
  (on) => `<Session object at ${on.address()}> is closed, line ${on.line()}`,
  (on) => `[${on.time()}]${on.blank()}cannot read "${on.path("a file.json")}"`,
  (on) => `  at Object.run (${on.path("run.js")}:${on.line()}:${on.line()})`,
];

const refusal = (evidence: string, more: object = {}): Failed => ({
  gate: "green",
  findings: [{ rule: "green/fails", answers: "developer", message: "It fails.", evidence, ...more }],
});

describe("a signature", () => {
  test("is the same for the same failure on 400 pairs of machines", () => {
    for (let seed = 1; seed <= 400; seed++) {
      const draw = draws(seed);
      const failure = FAILURES[seed % FAILURES.length] as (typeof FAILURES)[number];
      const [here, there] = [failure(machine(draw)), failure(machine(draw))];
      if (/127\.0|localhost/.test(here) !== /127\.0|localhost/.test(there) && seed % FAILURES.length === 2) continue;
      expect(normalise(here), `${here}\n${there}`).toBe(normalise(there));
      expect(signatureOf(refusal(here))).toBe(signatureOf(refusal(there)));
    }
  });

  test("of a normalised text is that of the text: normalising twice changes nothing", () => {
    const pieces = [
      "/a/b",
      "C:\\x\\y",
      "0xff",
      "12:30:01",
      "10 ms",
      "'",
      '"',
      "(",
      "#",
      "<path>",
      "é",
      "😀",
      "\u001b[1m",
      "\u001b",
      " ",
      "\n",
      "x1",
      "::1",
      "/",
    ] as const;
    for (let seed = 1; seed <= 600; seed++) {
      const { next, of } = draws(seed);
      const text = Array.from({ length: 1 + next(14) }, () => of(pieces)).join("");
      expect(normalise(normalise(text)), JSON.stringify(text)).toBe(normalise(text));
    }
  });

  test("differs by what was said, by rule, by path and by type", () => {
    const told = [
      refusal("expected a list"),
      refusal("expected a number"),
      refusal("expected a list", { rule: "green/regression" }),
      refusal("expected a list", { path: "a.test.ts" }),
      refusal("expected a list", { path: "b.test.ts" }),
      refusal("ModuleNotFoundError: No module named 'expected'"),
    ];
    expect(new Set(told.map(signatureOf)).size).toBe(told.length);
    for (const one of told) expect(signatureOf(one)).toMatch(/^[0-9a-f]{12}$/);
  });

  test("looks at the first fifty characters of the finding that decides who answers", () => {
    const long = "word ".repeat(10);
    expect(signatureOf(refusal(`${long}one`))).toBe(signatureOf(refusal(`${long}two`)));
    const tester = { rule: "red/vacuous", answers: "tester", message: "It passes." };
    const both: Failed = { gate: "green", findings: [...refusal("x").findings, tester] };
    expect(signatureOf(both)).toBe(signatureOf({ gate: "red", findings: [tester] }));
    expect(signatureOf({ gate: "green", findings: [] })).not.toBe(signatureOf({ gate: "red", findings: [] }));
  });

  test("keeps what tells failures of one machine apart: routes, names, relative paths", () => {
    expect(normalise("GET /todos is 404")).not.toBe(normalise("GET /users is 404"));
    expect(normalise("cannot find ./a.js")).not.toBe(normalise("cannot find ./b.js"));
    expect(normalise("10 students passed")).toBe("# students passed");
  });
});
