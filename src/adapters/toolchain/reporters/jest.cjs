"use strict";
// Reporter for Jest 29 and 30.
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const records = require("./records.cjs");

const write = records.openReport();

const FOCUSED = /^\s*(?:(?:it|test|describe)\.only|fit|fdescribe|(?:it|test)\.concurrent\.only)\b/m;

module.exports = class MillwrightReporter {
  onRunStart() {
    write({ kind: "start", runner: "jest", version: version() });
  }

  onTestStart(test) {
    write({ kind: "file", file: test.path });
  }

  onTestCaseStart(test, start) {
    write({ kind: "begin", file: test.path, path: [...start.ancestorTitles, start.title] });
  }

  onTestCaseResult(test, result) {
    write({ kind: "done", file: test.path, path: [...result.ancestorTitles, result.title] });
  }

  onTestResult(test, result) {
    for (const one of result.testResults) tellCase(test.path, one);
    if (result.testExecError) tellFile(test.path, result.testExecError, result.failureMessage);
    if (result.testResults.some((one) => one.status === "pending")) tellFocus(test.path);
  }

  onRunComplete(_contexts, results) {
    if (results.runExecError) write({ kind: "error", error: records.thrown(results.runExecError) });
    write({ kind: "end", reason: results.wasInterrupted ? "interrupted" : "passed" });
  }
};

function tellCase(file, result) {
  const outcome = result.status === "passed" || result.status === "failed" ? result.status : "skipped";
  const errors = result.failureMessages.map((stack, index) => failure(stack, result.failureDetails?.[index]));
  write({ kind: "result", file, path: [...result.ancestorTitles, result.title], outcome, errors });
}

const EXPECTATION = /^(?:AssertionError|expect\(|assert(?:\.\w+)?\()/;

/** Details lose their class on the way from a worker; the message with its stack does not. */
function failure(stack, details) {
  const known = details !== null && typeof details === "object" ? records.thrown(details.error ?? details) : {};
  const message = (known.message || stack).split(/\n\s+at /)[0];
  const name = /^(\w*(?:Error|Exception))\b/.exec(stack)?.[1] ?? known.name;
  return { ...known, name, message, stack, assertion: known.assertion || EXPECTATION.test(message) || undefined };
}

function tellFile(file, error, formatted) {
  const told = records.thrown(error);
  // A syntax error that Babel found is only in the formatted text.
  const message = told.message === "" || told.message === "[object Object]" ? String(formatted) : told.message;
  write({ kind: "error", file, error: { ...told, message } });
}

/** Jest has no switch that forbids `.only`; a file with left-out tests is looked at. */
function tellFocus(file) {
  if (!FOCUSED.test(readFileSync(file, "utf8"))) return;
  write({
    kind: "error",
    file,
    error: { name: "FocusedTest", message: "`.only` leaves the other tests of this file out." },
  });
}

function version() {
  try {
    return createRequire(process.argv[1])("jest/package.json").version;
  } catch {
    return createRequire(require("node:fs").realpathSync(process.argv[1]))("../package.json").version;
  }
}
