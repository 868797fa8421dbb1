"use strict";
// What every JavaScript reporter of Millwright writes: one line a record, `<mac> <json>`, into the report folder.
// The key is read once and its file removed before any test is loaded, so a test cannot write a record that counts.
const { createHmac } = require("node:crypto");
const { constants, openSync, readFileSync, unlinkSync, writeSync } = require("node:fs");
const { join } = require("node:path");
const { stringify } = JSON;

const MESSAGE_LIMIT = 20000;

exports.openReport = function openReport() {
  const folder = process.env.MILLWRIGHT_REPORT;
  delete process.env.MILLWRIGHT_REPORT;
  const key = takeKey(folder);
  // Without a key this process is not the one that reports (a worker, or a runner started by a test).
  if (key === undefined) return () => {};
  const file = openSync(join(folder, "records.jsonl"), constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT);
  let sequence = 0;
  return (record) => {
    const line = stringify({ sequence, ...record });
    sequence += 1;
    // A line of its own, even after a test that left half a line.
    writeSync(file, `\n${createHmac("sha256", key).update(line).digest("hex")} ${line}\n`);
  };
};

/** By what the runner's own limit of a test is multiplied. */
exports.patience = function patience() {
  const said = Number(process.env.MILLWRIGHT_PATIENCE);
  delete process.env.MILLWRIGHT_PATIENCE;
  return said > 1 ? said : 1;
};

function takeKey(folder) {
  if (!folder) return undefined;
  try {
    const path = join(folder, "key");
    const key = readFileSync(path, "utf8");
    unlinkSync(path);
    return key;
  } catch {
    return undefined;
  }
}

/** A thrown thing as a record tells it. `cause` is what a wrapper (node:test) wraps. */
exports.thrown = function thrown(error) {
  if (error === null || typeof error !== "object") return { message: cut(String(error)) };
  const inner = wrapped(error);
  if (inner !== undefined) return exports.thrown(inner);
  return {
    name: text(error.name) ?? text(error.constructor?.name),
    message: cut(text(error.message) ?? String(error)),
    stack: cut(text(error.stack) ?? ""),
    code: text(error.code),
    diff: error.diff === undefined ? undefined : cut(String(error.diff)),
    assertion: isAssertion(error) || undefined,
  };
};

function wrapped(error) {
  const isWrapper = error.code === "ERR_TEST_FAILURE";
  return isWrapper && error.cause !== null && typeof error.cause === "object" ? error.cause : undefined;
}

function isAssertion(error) {
  return error.code === "ERR_ASSERTION" || error.matcherResult !== undefined || /assert/i.test(String(error.name));
}

function text(value) {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function cut(value) {
  return value.length > MESSAGE_LIMIT ? value.slice(0, MESSAGE_LIMIT) : value;
}
