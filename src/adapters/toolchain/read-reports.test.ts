import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failureOf } from "./failure-kind.ts";
import { foldRecords } from "./fold-records.ts";
import { type ReportContext, readJunit } from "./junit.ts";
import { readOutside } from "./outside-text.ts";
import { plainText } from "./plain-text.ts";
import { readRecords } from "./records.ts";
import { readTap } from "./tap.ts";

const ground = { roots: ["/target"] };
const context: ReportContext = {
  ground,
  paths: new Set(["tests/test_price.py", "test/cart.test.js"]),
  dir: ".",
  suite: "tests",
};

describe("JUnit", () => {
  test("files, outcomes and kinds, whoever wrote it", async () => {
    const told = await readJunit(
      `<?xml version="1.0"?><testsuites>
        <testsuite name="pytest"><testcase classname="tests.test_price.TestTotal" name="test_adds"/>
          <testcase classname="tests.test_price" name="test_fails"><failure message="assert 1 == 2" type="AssertionError">tests/test_price.py:7: AssertionError</failure></testcase>
          <testcase classname="" name="tests.test_price"><error message="collection failure">ModuleNotFoundError: No module named 'absent'</error></testcase></testsuite>
        <testsuite name="test/cart.test.js"><testcase name="left out"><skipped/></testcase><testcase name="left out"/></testsuite>
        <testcase name="on top" file="/target/test/cart.test.js"/></testsuites>`,
      context,
    );
    expect(told.complete).toBe(true);
    expect(told.cases.map((one) => `${one.outcome}: ${one.id}`)).toEqual(
      [
        "skipped: test/cart.test.js > left out",
        "passed: test/cart.test.js > left out #2",
        "passed: tests/test_price.py > tests.test_price.TestTotal > test_adds",
        "failed: tests/test_price.py > tests.test_price > test_fails",
        "failed: tests > pytest > tests.test_price",
        "passed: test/cart.test.js > on top",
      ].sort((a, b) => order(told.cases, a) - order(told.cases, b)),
    );
    const failures = told.cases.flatMap((one) => one.failure ?? []);
    expect(failures.map((one) => [one.kind, one.missing])).toEqual([
      ["assertion", undefined],
      ["missing-module", "absent"],
    ]);
    expect(failures[0]?.line).toBe(7);
  });

  test.each([
    ["cut off", '<testsuites><testsuite name="a"><testcase name="b"/>'],
    ["empty", ""],
    ["something else", "<html><body/></html>"],
    [
      "a bomb of entities",
      `<!DOCTYPE t [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><testsuites`,
    ],
  ])("%s is not complete", async (_what, xml) => {
    const told = await readJunit(xml, context);
    expect(told).toMatchObject({ complete: false, cases: [] });
    expect(told.errors).toHaveLength(1);
  });
});

function order(cases: readonly { outcome: string; id: string }[], line: string): number {
  return cases.findIndex((one) => `${one.outcome}: ${one.id}` === line);
}

describe("TAP", () => {
  test("subtests, skips, diagnostics", async () => {
    const told = await readTap(
      [
        "TAP version 14",
        "# Subtest: test/cart.test.js",
        "    ok 1 - adds",
        "    not ok 2 - fails",
        "      ---",
        "      name: AssertionError",
        "      message: 1 is not 2",
        "      ...",
        "    1..2",
        "not ok 1 - test/cart.test.js",
        "ok 2 - later # SKIP not yet",
        "ok 3 - top",
        "1..3",
      ].join("\n"),
      context,
    );
    expect(told).toMatchObject({ complete: true, errors: [] });
    expect(told.cases.map((one) => `${one.outcome}: ${one.id}`)).toEqual([
      "passed: test/cart.test.js > adds",
      "failed: test/cart.test.js > fails",
      "skipped: tests > later",
      "passed: tests > top",
    ]);
    expect(told.cases[1]?.failure).toMatchObject({ kind: "assertion", message: "1 is not 2" });
  });

  test.each([
    ["no plan", "ok 1 - a\n"],
    ["a plan that is not met", "1..3\nok 1 - a\n"],
    ["bailed out", "1..1\nok 1 - a\nBail out! tired\n"],
    ["nothing", ""],
  ])("%s is not complete", async (_what, text) => {
    const told = await readTap(text, context);
    expect(told.complete).toBe(false);
    expect(told.errors.length).toBeGreaterThan(0);
  });
});

describe("records", () => {
  const line = (record: object, key = "key") => {
    const json = JSON.stringify(record);
    return `${createHmac("sha256", key).update(json).digest("hex")} ${json}\n`;
  };
  const start = line({ sequence: 0, kind: "start", runner: "r" });
  const result = (sequence: number, outcome = "passed") =>
    line({ sequence, kind: "result", file: "/target/a", path: ["b"], outcome });
  const end = (sequence: number) => line({ sequence, kind: "end" });
  const fold = (text: string) => foldRecords(readRecords(text, "key"), ground, "exited");

  test("whole only from the first to the end record, without a gap", () => {
    expect(fold(start + result(1) + end(2)).complete).toBe(true);
    expect(fold(start + result(1)).complete).toBe(false);
    expect(fold(start + end(2)).complete).toBe(false);
    expect(fold(start + result(1) + end(2).slice(0, -9)).complete).toBe(false);
    expect(fold("").complete).toBe(false);
  });

  test("what is not signed, or signed with another key, does not count", () => {
    const told = fold(
      `${start}{"kind":"result"}\n${line({ sequence: 1, kind: "result", file: "x", path: ["forged"], outcome: "passed" }, "other")}garbage\n${"é".repeat(64)} {}\n${result(1, "failed")}${end(2)}`,
    );
    expect(told.cases.map((one) => one.id)).toEqual(["a > b"]);
    expect(told.complete).toBe(true);
  });

  test("a test that was collected and has no result makes the run incomplete", () => {
    const collected = line({ sequence: 1, kind: "collected", file: "/target/a", path: ["b"] });
    expect(fold(start + collected + end(2)).complete).toBe(false);
    expect(fold(start + collected + result(2) + end(3)).complete).toBe(true);
  });
});

describe("what a test left behind", () => {
  test("links, pipes and oversized files are not read", async () => {
    const dir = mkdtempSync(join(tmpdir(), "millwright-left-"));
    writeFileSync(join(dir, "plain"), "text");
    symlinkSync("/etc/passwd", join(dir, "link"));
    symlinkSync(join(dir, "plain"), join(dir, "inner-link"));
    execFileSync("mkfifo", [join(dir, "pipe")]);
    writeFileSync(join(dir, "large"), "x".repeat(1024 * 1024 + 1));
    expect(await readOutside(dir, join(dir, "plain"), 1)).toEqual({ kind: "text", text: "text" });
    for (const name of ["link", "inner-link", "pipe", "large"])
      expect((await readOutside(dir, join(dir, name), 1)).kind).toBe("refused");
    expect((await readOutside(dir, join(dir, "gone"), 1)).kind).toBe("missing");
    rmSync(dir, { recursive: true });
  });
});

test("plain text obeys nobody", () => {
  expect(plainText("a\u001b[31mb\u001b[0m\u001b]0;title\u0007c\u001b]8;;http://x\u001b\\d\u0000\r\ne\u202ef\tg")).toBe(
    "abcd\nef\tg",
  );
  expect(plainText("cut \u001b]0;off")).toBe("cut ");
});

test.each([
  ["ReferenceError: total is not defined", "missing-name", "total"],
  ["(0 , __vite_ssr_import_1__.total) is not a function", "missing-name", "total"],
  ["cart.total is not a function", "missing-name", "total"],
  ["Total is not a constructor", "missing-name", "Total"],
  ["cannot import name 'total' from 'price' (/target/price.py)", "missing-name", "total"],
  ["The requested module '../src/price.mjs' does not provide an export named 'total'", "missing-name", "total"],
  [
    "Cannot find module '/target/src/price.mjs' imported from /target/test/a.test.mjs",
    "missing-module",
    "src/price.mjs",
  ],
  ["Cannot find module '../src/price.js' from 'test/a.test.js'", "missing-module", "src/price.js"],
  ["Cannot find package 'left-pad' imported from /target/test/a.test.mjs", "missing-module", "left-pad"],
  [
    'Failed to resolve import "../src/price" from "test/a.test.ts". Does the file exist?',
    "missing-module",
    "src/price",
  ],
  ["No module named 'shop.price'", "missing-module", "shop.price"],
  ["Test timed out in 5000ms.", "timeout", undefined],
  ["Timeout of 2000ms exceeded. For async tests", "timeout", undefined],
  ["fixture 'shop' not found", "fixture", "shop"],
  ["SyntaxError: Unexpected token '}'", "syntax", undefined],
  ["Cannot read properties of undefined (reading 'total')", "error", undefined],
])("%s", (message, kind, missing) => {
  const failure = failureOf({ message }, ground, { file: "test/a.test.js" });
  expect([failure.kind, failure.missing]).toEqual([kind, missing]);
});
