import { posix } from "node:path";
import type { TestFailure } from "../../domain/suite-report.ts";
import { type Ground, insideText } from "./inside.ts";
import { headOf, plainText } from "./plain-text.ts";
import type { Thrown } from "./records.ts";
import { thrownIn } from "./thrown-place.ts";

const MESSAGE_LIMIT = 4000;

/** What a runner threw, classified; `file` is the test file it belongs to, inside the repository. */
export function failureOf(
  thrown: Thrown,
  ground: Ground,
  told: { file?: string; phase?: "hook" | undefined },
): TestFailure {
  const message = insideText(plainText(thrown.message), ground.roots);
  const shown = thrown.diff ? `${message}\n${insideText(plainText(thrown.diff), ground.roots)}` : message;
  const line = thrown.line ?? lineIn(thrown.stack ?? "", told.file);
  const found = classify({ ...thrown, message }, told.file);
  const isHook = told.phase === "hook" && (found.kind === "error" || found.kind === "assertion");
  const place = found.isUse && told.phase !== "hook" ? thrownIn(thrown, ground.roots) : undefined;
  return {
    kind: isHook ? "hook" : found.kind,
    message: headOf(shown, MESSAGE_LIMIT),
    ...(found.missing ? { missing: headOf(found.missing, 300) } : {}),
    ...(line ? { line: Math.trunc(line) } : {}),
    ...(place !== undefined && place !== told.file ? { thrownIn: place } : {}),
  };
}

type Found = Pick<TestFailure, "kind"> & {
  missing?: string | undefined;
  /** A name that running code used, not one that it imported: where it was thrown says whose mistake it is. */
  isUse?: true;
};

function classify(thrown: Thrown, file: string | undefined): Found {
  if (thrown.timeout || TIMEOUT.test(thrown.message)) return { kind: "timeout" };
  const fixture = /fixture '([^']+)' not found/.exec(thrown.message);
  if (fixture) return { kind: "fixture", missing: fixture[1] };
  // A failed expectation may quote any message ("expected 'x is not defined' to be ...").
  if (thrown.assertion && !thrown.output) return { kind: "assertion" };
  return missingName(thrown) ?? missingModule(thrown, file) ?? syntax(thrown) ?? { kind: "error" };
}

const TIMEOUT =
  /^(?:Error: )?(?:Test|Hook) timed out in \d|[Ee]xceeded timeout of \d|^(?:Error: )?Timeout of \d+ms exceeded|^test timed out after|^Timeout [>(]/m;

const NAME_PATTERNS = [
  /does not provide an export named '([^']+)'/,
  /Named export '([^']+)' not found/,
  /cannot import name '([^']+)'/,
  /module '[^']+' has no attribute '([^']+)'/,
  /(?:^|TypeError: )\(0 ?, ([\p{L}\p{N}_$.[\]'"]+)\) is not a (?:function|constructor)/mu,
] as const;

const USE_PATTERNS = [
  /(?:^|ReferenceError: |NameError: )(?:name ')?([\p{L}_$][\p{L}\p{N}_$]*)'? is not defined/mu,
  /(?:^|TypeError: )([\p{L}\p{N}_$.[\]'"]+) is not a (?:function|constructor)/mu,
] as const;

function missingName(thrown: Thrown): Found | undefined {
  const imported = firstName(NAME_PATTERNS, thrown.message);
  if (imported !== undefined) return { kind: "missing-name", missing: imported };
  const used = firstName(USE_PATTERNS, thrown.message);
  if (used !== undefined) return { kind: "missing-name", missing: used, isUse: true };
  if (thrown.name === "NameError") return { kind: "missing-name", missing: thrown.missing ?? undefined, isUse: true };
  const attribute = /^(?:type object )?'(\w+)'(?: object)? has no attribute '([^']+)'/.exec(thrown.message);
  if (thrown.name === "AttributeError" && attribute && attribute[1] !== "NoneType")
    return { kind: "missing-name", missing: attribute[2], isUse: true };
  return undefined;
}

function firstName(patterns: readonly RegExp[], message: string): string | undefined {
  for (const pattern of patterns) {
    const name = pattern.exec(message)?.[1];
    if (name !== undefined) return name.split(".").at(-1);
  }
  return undefined;
}

const MODULE_PATTERNS = [
  /Cannot find (?:module|package) '([^']+)'(?:.*? (?:from|imported from) '?([^'\s]+)'?)?/,
  /Failed to (?:resolve import|load url) "?([^"\s]+)"?.*? (?:from|in) "?([^"\s)]+)"?/,
  /No module named '([^']+)'/,
] as const;

function missingModule(thrown: Thrown, file: string | undefined): Found | undefined {
  for (const pattern of MODULE_PATTERNS) {
    const match = pattern.exec(thrown.message);
    if (match?.[1] !== undefined) return { kind: "missing-module", missing: specifier(match[1], match[2] ?? file) };
  }
  if (thrown.name === "ModuleNotFoundError") return { kind: "missing-module", missing: thrown.missing ?? undefined };
  return undefined;
}

/** A relative specifier becomes the path it means; a package name stays. */
function specifier(name: string, importer: string | undefined): string {
  if (!/^\.{1,2}\//.test(name) || importer === undefined) return name;
  return posix.normalize(posix.join(posix.dirname(importer), name));
}

const SYNTAX =
  /^(?:\w*: )?(?:SyntaxError|IndentationError|TabError)\b|Transform failed|invalid JS syntax|Parse (?:failure|error)|PARSE_ERROR|Jest encountered an unexpected token|Unexpected token|^SyntaxError/m;

function syntax(thrown: Thrown): Found | undefined {
  const named = /^(?:SyntaxError|IndentationError|TabError)$/.test(thrown.name ?? "");
  return named || SYNTAX.test(thrown.message) ? { kind: "syntax" } : undefined;
}

/** The line of the test file that the stack names first. */
function lineIn(stack: string, file: string | undefined): number | undefined {
  if (file === undefined || file === "") return undefined;
  const at = plainText(stack).replaceAll("\\", "/");
  for (let from = at.indexOf(`${file}:`); from >= 0; from = at.indexOf(`${file}:`, from + 1)) {
    const line = /^(\d+)/.exec(at.slice(from + file.length + 1))?.[1];
    if (line !== undefined) return Number(line);
  }
  return undefined;
}
