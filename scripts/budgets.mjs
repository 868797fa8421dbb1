/**
 * Holds the house to the laws in laws.mjs. An exception is one line of exceptions.json,
 * { "rule": "suppressions", "path": "src/adapters/git/git.ts", "adr": "0012", "why": "one sentence" }
 * where a path that ends in / means the folder. An exception that nothing needs any more is a finding too.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesUnder, root, trackedFiles } from "./house.mjs";
import { laws } from "./laws.mjs";

const exceptions = JSON.parse(readFileSync(join(root, "scripts/exceptions.json"), "utf8"));
const decisions = filesUnder("docs/decisions");

const covers = (exception, finding) =>
  exception.rule === finding.rule &&
  (exception.path.endsWith("/") ? finding.path.startsWith(exception.path) : finding.path === exception.path);

/** What is wrong with a line of the list itself. */
function badException(exception, findings) {
  if (laws[exception.rule] === undefined) return `there is no rule ${exception.rule}`;
  if (!exception.why) return `${exception.rule} for ${exception.path} does not say why`;
  const adr = /^\d{4}$/.test(exception.adr ?? "") ? `docs/decisions/${exception.adr}-` : undefined;
  if (adr === undefined) return `${exception.rule} for ${exception.path} has no ADR number of four digits`;
  if (!decisions.some((path) => path.startsWith(adr))) return `ADR ${exception.adr} is not in docs/decisions/`;
  if (!findings.some((finding) => covers(exception, finding)))
    return `nothing needs ${exception.rule} for ${exception.path}`;
  return undefined;
}

const files = trackedFiles();
const findings = Object.entries(laws).flatMap(([rule, law]) => law(files).map((finding) => ({ rule, ...finding })));
const open = findings.filter((finding) => !exceptions.some((exception) => covers(exception, finding)));
const bad = exceptions.map((exception) => badException(exception, findings)).filter((what) => what !== undefined);

for (const { rule, path, what } of open) console.error(`${rule}: ${path}: ${what}`);
for (const what of bad) console.error(`exceptions: scripts/exceptions.json: ${what}`);
process.exitCode = open.length + bad.length > 0 ? 1 : 0;
