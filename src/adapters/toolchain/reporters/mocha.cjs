"use strict";
// Reporter for Mocha 11 and later. It is loaded before the test files, which is when it starts to report.
const { createRequire } = require("node:module");
const { realpathSync } = require("node:fs");
const records = require("./records.cjs");

const patience = records.patience();
const write = records.openReport();
write({ kind: "start", runner: "mocha", version: version() });
watchLoading();

module.exports = function MillwrightReporter(runner) {
  runner.suite.eachTest((test) => test.timeout(test.timeout() * patience));
  const told = new Set();
  const tell = (test, rest) => {
    if (told.has(test)) return;
    told.add(test);
    write({ kind: "result", ...place(test), ...rest });
  };

  runner.once("start", () => runner.suite.eachTest((test) => write({ kind: "collected", ...place(test) })));
  runner.on("test", (test) => write({ kind: "begin", ...place(test) }));
  runner.on("pass", (test) => tell(test, { outcome: "passed", errors: [] }));
  runner.on("pending", (test) => tell(test, { outcome: "skipped", errors: [] }));
  runner.on("fail", (test, error) => {
    if (test.type !== "hook") return tell(test, { outcome: "failed", errors: [records.thrown(error)] });
    const failed = { outcome: "failed", phase: "hook", errors: [records.thrown(error)] };
    const before = told.size;
    const current = test.ctx?.currentTest;
    if (current !== undefined) tell(current, failed);
    if (/^"before/.test(test.title)) test.parent.eachTest((one) => tell(one, failed));
    if (told.size === before)
      write({ kind: "error", file: test.file ?? test.parent?.file, phase: "hook", error: failed.errors[0] });
  });
  // Mocha lets a rejection pass that nobody handles.
  process.on("unhandledRejection", (reason) => write({ kind: "error", error: records.thrown(reason) }));
  runner.once("end", () => write({ kind: "end", reason: runner.stats?.failures ? "failed" : "passed" }));
};

function place(test) {
  return { file: fileOf(test), path: test.titlePath() };
}

function fileOf(test) {
  for (let here = test; here; here = here.parent) if (here.file) return here.file;
  return undefined;
}

/** A file that cannot be loaded ends Mocha before it makes its reporter: told from here. */
function watchLoading() {
  const path = Object.keys(require.cache).find((name) => /[\\/]mocha[\\/]lib[\\/]mocha\.c?js$/.test(name));
  const loaded = path === undefined ? undefined : require.cache[path].exports;
  const prototype = (loaded?.default ?? loaded)?.prototype;
  if (prototype === undefined) return;
  for (const method of ["loadFiles", "loadFilesAsync"]) wrap(prototype, method);
}

function wrap(prototype, method) {
  const original = prototype[method];
  if (typeof original !== "function") return;
  prototype[method] = function watched(...args) {
    let file;
    this.suite.on("pre-require", (_context, name) => {
      file = name;
    });
    const failed = (error) => {
      write({ kind: "error", file, error: records.thrown(error) });
      write({ kind: "end", reason: "failed" });
      throw error;
    };
    try {
      const result = original.apply(this, args);
      return typeof result?.then === "function" ? result.catch(failed) : result;
    } catch (error) {
      return failed(error);
    }
  };
}

function version() {
  try {
    return createRequire(realpathSync(process.argv[1]))("../package.json").version;
  } catch {
    return undefined;
  }
}
