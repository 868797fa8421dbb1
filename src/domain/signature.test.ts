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
      "\\",
      "Nov",
      "22",
      "7:05 PM",
      "localhost:80",
      "tmp8f3ka9x_",
      "5m",
    ] as const;
    for (let seed = 1; seed <= 600; seed++) {
      const { next, of } = draws(seed);
      const text = Array.from({ length: 1 + next(14) }, () => of(pieces)).join("");
      expect(normalise(normalise(text)), JSON.stringify(text)).toBe(normalise(text));
    }
  });

  test.each([
    ["a folder with a space in its name", "open /target/src/x.json", "open /home/ann/My Project/src/x.json"],
    ["the same on Windows", "in C:\\app\\x.py:3", "in C:\\Users\\Ann Lee\\app\\x.py:30"],
    ["a relative path on Windows", "tests/a.py:9: fail", "tests\\a.py:3: fail"],
    ["a date in words", "got Sun, 22 Nov 2026 07:00:08 GMT", "got Mon, 3 Aug 2026 19:10:58 GMT"],
    ["a date as a program prints it", "Sun Nov 22 07:00:08 2026 boom", "Mon Aug  3 19:10:58 2026 boom"],
    ["a date with slashes", "2026/11/22 07:00:01 boom", "2025/01/02 09:10:11 boom"],
    ["a clock of twelve hours", "at 7:05 AM", "at 11:45 PM"],
    ["times of several units", "took 5 s", "took 5m 3s"],
    ["hours", "took 5 s", "took 2.5 hours"],
    ["an address with and without a name", "no answer of localhost:3000", "no answer of 127.0.0.1:41234"],
    ["an address of six bytes and more", "refused ::1", "refused fe80::1ff:fe23:4567:890a"],
    ["a temporary name", "no tmp8f3ka9x_ here", "no tmpqq0zz1b4 here"],
  ])("is the same whatever a machine makes of %s", (_, here, there) => {
    expect(normalise(there)).toBe(normalise(here));
    expect(normalise(normalise(there))).toBe(normalise(there));
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
    expect(normalise("cannot find src/deep/a.js")).not.toBe(normalise("cannot find src/deep/b.js"));
    expect(normalise("cp /a/b and /c/d")).toBe("cp <path> and <path>");
    expect(normalise("mod::add and ::add")).toBe("mod::add and ::add");
    expect(normalise("10 students passed")).toBe("# students passed");
  });
});
