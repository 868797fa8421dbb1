import { posix } from "node:path";
import type { TestFailure } from "../../domain/suite-report.ts";
import { headOf, plainText } from "./plain-text.ts";
import type { Thrown } from "./records.ts";

/** Where things stand, for turning absolute paths of the run into paths of the repository. */
export interface Ground {
  /** Absolute roots of the checkout as the run saw it (with and without links resolved). */
  readonly roots: readonly string[];
}

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
  return {
    kind: isHook ? "hook" : found.kind,
    message: headOf(shown, MESSAGE_LIMIT),
    ...(found.missing ? { missing: headOf(found.missing, 300) } : {}),
    ...(line ? { line: Math.trunc(line) } : {}),
  };
}

/** Absolute paths of the checkout become paths of the repository. */
export function insideText(text: string, roots: readonly string[]): string {
  return roots.reduce((rest, root) => {
    const shorter = rest.replaceAll(`file://${root}/`, "").replaceAll(`${root}/`, "");
    const escaped = root.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return shorter.replace(new RegExp(`(?<![\\w.-])${escaped}(?![\\w-])`, "g"), ".");
  }, text);
}

/** A path of the run as a path of the repository; relative ones are taken from `dir`. */
export function insidePath(path: string, roots: readonly string[], dir = "."): string {
  const plain = path.startsWith("file://") ? decodeURI(path.slice("file://".length)) : path;
  for (const root of roots) if (plain.startsWith(`${root}/`)) return posix.normalize(plain.slice(root.length + 1));
  return posix.isAbsolute(plain) ? plain : posix.normalize(posix.join(dir, plain));
}

type Found = Pick<TestFailure, "kind"> & { missing?: string | undefined };

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
  /(?:^|ReferenceError: |NameError: )(?:name ')?([\p{L}_$][\p{L}\p{N}_$]*)'? is not defined/mu,
  /(?:^|TypeError: )(?:\(0 , )?([\p{L}\p{N}_$.[\]'"]+)\)? is not a (?:function|constructor)/mu,
] as const;

function missingName(thrown: Thrown): Found | undefined {
  for (const pattern of NAME_PATTERNS) {
    const name = pattern.exec(thrown.message)?.[1];
    if (name !== undefined) return { kind: "missing-name", missing: name.split(".").at(-1) };
  }
  if (thrown.name === "NameError") return { kind: "missing-name", missing: thrown.missing ?? undefined };
  const attribute = /^(?:type object )?'(\w+)'(?: object)? has no attribute '([^']+)'/.exec(thrown.message);
  if (thrown.name === "AttributeError" && attribute && attribute[1] !== "NoneType")
    return { kind: "missing-name", missing: attribute[2] };
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
