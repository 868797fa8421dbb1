// Reporter for `node --test` on Node 20, 22 and 24.
import { resolve } from "node:path";
import records from "./records.cjs";

const write = records.openReport();
write({ kind: "start", runner: "node:test", version: process.versions.node });

/** Tests and suites around the event, by nesting. */
let open = [];
/** Tests that never ran and wait for their suite to say why. */
let cancelled = [];
/** What a file wrote to standard error: a file that cannot be loaded says why nowhere else. */
const spoken = new Map();

export default async function* report(source) {
  for await (const event of source) {
    see(event);
    const text = event.type === "test:stdout" || event.type === "test:stderr" ? event.data.message : "";
    if (text !== "") yield text;
  }
  for (const test of takeCancelled(() => true)) write({ kind: "result", ...test });
  write({ kind: "end", reason: "ended" });
}

function see({ type, data }) {
  if (type === "test:dequeue") return dequeue(data);
  if (type === "test:start") return start(data);
  if (type === "test:pass" || type === "test:fail") return finish(type, data);
  if (type === "test:stderr" && data.file) hear(resolve(data.file), data.message);
}

function hear(file, message) {
  spoken.set(file, `${spoken.get(file) ?? ""}${message}`.slice(-20000));
}

function dequeue(data) {
  if (isFile(data)) return write({ kind: "file", file: resolve(data.name) });
  if (data.nesting === 0 && data.file && data.type !== "suite")
    write({ kind: "begin", file: data.file, path: [data.name] });
}

function start(data) {
  open = open.slice(0, data.nesting);
  for (const parent of open) parent.children += 1;
  open[data.nesting] = { name: data.name, children: 0 };
}

function finish(type, data) {
  const own = open[data.nesting];
  const path = [...open.slice(0, data.nesting).map((parent) => parent.name), data.name];
  open = open.slice(0, data.nesting);
  if (isFile(data)) return finishFile(type, data);
  const error = data.details?.error;
  const place = { file: data.file, path };
  const isSuite = data.details?.type === "suite" || (own?.children ?? 0) > 0;
  if (isSuite) return finishSuite(type, place, error);
  const skipped = data.skip !== undefined || data.todo !== undefined;
  const passed = type === "test:pass" ? "passed" : "failed";
  const errors = type === "test:fail" ? [told(error)] : [];
  // Why it was cancelled is told by its suite, which ends after it.
  if (error?.failureType === "cancelledByParent") return cancelled.push({ ...place, outcome: "failed", errors });
  write({ kind: "result", ...place, outcome: skipped ? "skipped" : passed, phase: phase(error), errors });
}

function finishSuite(type, place, error) {
  write({ kind: "done", ...place });
  const hookFailed = error?.failureType === "hookFailed";
  const own = takeCancelled(
    (test) => test.file === place.file && place.path.every((name, at) => test.path[at] === name),
  );
  for (const test of own) {
    write({ kind: "result", ...test, ...(hookFailed ? { phase: "hook", errors: [told(error)] } : {}) });
  }
  if (type === "test:pass" || error?.failureType === "subtestsFailed" || (hookFailed && own.length > 0)) return;
  if (hookFailed) return write({ kind: "error", file: place.file, phase: "hook", error: told(error) });
  write({ kind: "result", ...place, outcome: "failed", errors: [told(error)] });
}

function takeCancelled(isOwn) {
  const own = cancelled.filter(isOwn);
  cancelled = cancelled.filter((test) => !isOwn(test));
  return own;
}

/** Node reports a file as a test only when it holds no test or when it ends badly. */
function finishFile(type, data) {
  const file = resolve(data.name);
  const words = spoken.get(file) ?? "";
  if (type === "test:pass") {
    return write({ kind: "error", file, error: { name: "NoTests", message: "No test was found in this file." } });
  }
  const error = told(data.details?.error);
  write({
    kind: "error",
    file,
    error: { ...error, message: words.trim() === "" ? error.message : words, output: words !== "" },
  });
}

function phase(error) {
  return error?.failureType === "hookFailed" ? "hook" : undefined;
}

function told(error) {
  const timeout = error?.failureType === "testTimeoutFailure";
  return { ...records.thrown(error), timeout: timeout || undefined };
}

function isFile(data) {
  return (
    data.nesting === 0 &&
    (data.file === undefined || resolve(data.name) === data.file) &&
    /\.[cm]?[jt]sx?$/.test(data.name)
  );
}
