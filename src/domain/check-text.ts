import { placeBeside } from "./canary.ts";
import { imported, readScript } from "./canary-text.ts";
import { pythonChecks } from "./check-python.ts";
import type { Runner } from "./config.ts";
import type { NumberedCheck } from "./held-out.ts";
import type { TestCase } from "./suite-report.ts";
import type { ToolProfile } from "./tool-profile.ts";

/** How a check ended: as expected, otherwise, or without a word about the behaviour. */
export const CHECK_ENDS = ["differs", "raised", "unresolved", "set-up", "unusable"] as const;
export type CheckEnd = (typeof CHECK_ENDS)[number] | "holds" | "not run";

/** Where checks are written, and as what. */
export interface PlacedChecks {
  readonly file: string;
  readonly beside: string;
  /** The text of a test file with these checks, given the text of `beside`. */
  text(checks: readonly NumberedCheck[], neighbour: string): string;
}

/** A place for checks beside the task's tests, or beside any; undefined where no runner is known that they can be written for. */
export function placedChecks(
  preferred: readonly string[],
  listed: readonly string[],
  profile: ToolProfile,
): PlacedChecks | undefined {
  const known = new Set(listed);
  const place = (candidates: readonly string[]) =>
    placeBeside("checks", { candidates, listed, profile }, ({ file, beside, runner }) => {
      const write = writerFor(runner);
      if (write === undefined) return undefined;
      return {
        file,
        beside,
        text: (checks: readonly NumberedCheck[], neighbour: string) => write(checks, { file, beside, neighbour }),
      };
    });
  return place(preferred.filter((path) => known.has(path))) ?? place(listed);
}

/** How each check ended, by number, from the report's cases of its file. */
export function checkEnds(
  file: string,
  cases: readonly TestCase[],
): ReadonlyMap<number, { end: CheckEnd; got: string }> {
  const own = cases.filter((test) => test.file === file);
  return new Map(
    own.flatMap((test) => {
      const number = Number(/check[ _](\d+)\b/.exec(test.name)?.[1] ?? 0);
      return number === 0 ? [] : [[number, endOf(test)] as const];
    }),
  );
}

function endOf(test: TestCase): { end: CheckEnd; got: string } {
  if (test.outcome === "passed") return { end: "holds", got: "" };
  const said = /millwright\[([a-z-]+)\] ?(.*)/.exec(test.failure?.message ?? "");
  const end = CHECK_ENDS.find((one) => one === said?.[1]);
  return end === undefined ? { end: "not run", got: "" } : { end, got: (said?.[2] ?? "").slice(0, 200) };
}

interface Around {
  readonly file: string;
  readonly beside: string;
  readonly neighbour: string;
}

type Writer = (checks: readonly NumberedCheck[], around: Around) => string;

function writerFor(runner: Runner): Writer | undefined {
  switch (runner) {
    case "vitest":
      return scriptWriter("{ test as millwrightTest }", "vitest");
    case "node-test":
      return scriptWriter("{ test as millwrightTest }", "node:test");
    case "jest":
      return (checks, around) =>
        readScript(around.neighbour, around.beside).jestGlobals
          ? scriptWriter("{ test as millwrightTest }", "@jest/globals")(checks, around)
          : scriptWriter("", "", "const millwrightTest = test;")(checks, around);
    case "mocha":
      return scriptWriter("", "", 'const millwrightTest = typeof it === "function" ? it : test;');
    case "pytest":
      return pythonChecks;
    case "junit":
    case "tap":
    case "command":
      return undefined;
  }
}

function scriptWriter(names: string, from: string, head = ""): Writer {
  return (checks, { file, beside, neighbour }) => {
    const script = readScript(neighbour, beside);
    const top = from === "" ? head : imported(script, names, from);
    const tests = checks.map((check) => scriptCheck(check, file, script.commonJs));
    return `// @ts-nocheck\n${top}\n\n${SCRIPT_JUDGE}\n${tests.join("\n")}`;
  };
}

function scriptCheck(check: NumberedCheck, file: string, commonJs: boolean): string {
  const loads = check.imports.map((one) => {
    const [path = "", name = ""] = one.split("#");
    const from = JSON.stringify(relativeTo(file, path));
    const bring = commonJs ? `() => require(${from})` : `() => import(${from})`;
    return `    const ${localName(path, name)} = await millwrightLoad(${bring}, ${JSON.stringify(name)});`;
  });
  return `millwrightTest("millwright check ${check.number}", async () => {
  await millwrightJudge(async (millwrightReady) => {
${loads.join("\n")}
${check.setup.map((line) => `    ${line}`).join("\n")}
    millwrightReady();
    return await (${check.call});
  }, ${JSON.stringify(check.expected)});
});
`;
}

/** What a name is called in a check: a default export by its file's name. */
function localName(path: string, name: string): string {
  if (name !== "default") return name;
  const stem = (path.split("/").at(-1) ?? "").replace(/\..*$/, "");
  return stem.replace(/[^\w$]+(.)?/g, (_all, next: string | undefined) => (next ?? "").toUpperCase());
}

function relativeTo(file: string, path: string): string {
  const from = file.split("/").slice(0, -1);
  const to = path.split("/");
  let shared = 0;
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared++;
  const up = from.length - shared;
  return `${up === 0 ? "./" : "../".repeat(up)}${to.slice(shared).join("/")}`;
}

/** Every way to end is an error with one word in brackets, so that a report of any runner says which it was. */
const SCRIPT_JUDGE = `const millwrightEnd = (end, got) => new Error("millwright[" + end + "] " + got);
const millwrightShown = (value) => {
  try { return String(JSON.stringify(millwrightPlain(value))).slice(0, 150); } catch { return typeof value; }
};
async function millwrightLoad(bring, name) {
  let module;
  try { module = await bring(); } catch (error) { throw millwrightEnd("unresolved", name + ": " + String(error).slice(0, 100)); }
  const found = module?.[name] ?? module?.default?.[name] ?? (name === "default" ? module : undefined);
  if (found === undefined) throw millwrightEnd("unresolved", name);
  return found;
}
function millwrightPlain(value) {
  if (value === undefined || value === null) return null;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Set) return [...value].map(millwrightPlain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, one]) => [String(key), millwrightPlain(one)]));
  return JSON.parse(JSON.stringify(value, (_key, one) => one instanceof Set || one instanceof Map || typeof one === "bigint" ? millwrightPlain(one) : one) ?? "null");
}
function millwrightSame(one, other) {
  if (typeof one === "number" && typeof other === "number")
    return Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(one), Math.abs(other));
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => key in other && millwrightSame(one[key], other[key]));
}
function millwrightIs(error, wanted) {
  const names = [error?.name];
  for (let at = error; at; at = Object.getPrototypeOf(at)) names.push(at.constructor?.name);
  const message = String(error?.message ?? error);
  return (wanted.type === undefined || names.includes(wanted.type)) && (wanted.message === undefined || message.includes(wanted.message));
}
function millwrightRaised(error, ready, wanted) {
  if (String(error?.message).startsWith("millwright[")) return error;
  const text = String(error?.name) + ": " + String(error?.message ?? error).split("\\n")[0].slice(0, 150);
  if (!ready) return millwrightEnd("set-up", text);
  if (wanted.error !== undefined && millwrightIs(error, wanted.error)) return undefined;
  const isBroken = error instanceof ReferenceError || error instanceof SyntaxError || / is not a (function|constructor)/.test(text);
  return millwrightEnd(isBroken ? "unusable" : "raised", text);
}
async function millwrightJudge(run, wanted) {
  let ready = false;
  let actual;
  try {
    actual = await run(() => { ready = true; });
  } catch (error) {
    const end = millwrightRaised(error, ready, wanted);
    if (end !== undefined) throw end;
    return;
  }
  if (wanted.error !== undefined || !millwrightSame(millwrightPlain(actual), wanted.value ?? null))
    throw millwrightEnd("differs", millwrightShown(actual));
}
`;
