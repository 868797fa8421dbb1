import type { SuiteError, TestCase } from "../../domain/suite-report.ts";
import { failureOf } from "./failure-kind.ts";
import { caseId, type Told, withOrdinals } from "./fold-records.ts";
import { type Ground, insidePath } from "./inside.ts";
import type { Thrown } from "./records.ts";

export interface ReportContext {
  readonly ground: Ground;
  /** Every file of the tree: a class name or a suite name may stand for one. */
  readonly paths: ReadonlySet<string>;
  /** Folder of the suite, and what stands for a file where the report names none. */
  readonly dir: string;
  readonly suite: string;
}

/** A JUnit XML text as cases and errors; complete only when it is well-formed and its own counts are met. */
export async function readJunit(xml: string, context: ReportContext): Promise<Told> {
  const { XMLParser, XMLValidator } = await import("fast-xml-parser");
  const valid = XMLValidator.validate(xml);
  if (valid !== true) return broken(`The JUnit file is not well-formed (line ${valid.err.line}: ${valid.err.msg}).`);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    parseAttributeValue: false,
    parseTagValue: false,
    trimValues: false,
    isArray: (name) => ["testsuite", "testcase", "failure", "error", "skipped"].includes(name),
  });
  const root = parser.parse(xml) as Element;
  const top = asElement(root.testsuites) ?? root;
  if (root.testsuites === undefined && root.testsuite === undefined)
    return broken("The JUnit file holds no test suite.");
  const found = suiteContents(top, { file: undefined, path: [] }, context);
  return { cases: withOrdinals(found.cases), errors: found.errors, complete: true };
}

interface Element {
  readonly [name: string]: unknown;
}

interface Here {
  readonly file: string | undefined;
  readonly path: readonly string[];
}

interface Contents {
  readonly cases: readonly TestCase[];
  readonly errors: readonly SuiteError[];
}

function broken(message: string): Told {
  return { cases: [], errors: [{ kind: "error", message }], complete: false };
}

function suiteContents(element: Element, here: Here, context: ReportContext): Contents {
  const cases = elements(element.testcase).map((one) => readCase(one, here, context));
  const errors = elements(element.error).map((one): SuiteError => {
    const failure = failureOf(thrownOf(one), context.ground, here.file ? { file: here.file } : {});
    return { ...(here.file ? { file: here.file } : {}), ...failure };
  });
  const nested = elements(element.testsuite).map((suite) =>
    suiteContents(suite, within(suite, here, context), context),
  );
  return {
    cases: [...cases, ...nested.flatMap((one) => one.cases)],
    errors: [...errors, ...nested.flatMap((one) => one.errors)],
  };
}

function within(suite: Element, here: Here, context: ReportContext): Here {
  const name = attribute(suite, "name") ?? "";
  const file = fileNamed(attribute(suite, "file") ?? "", context) ?? fileNamed(name, context) ?? here.file;
  return { file, path: name === "" || fileNamed(name, context) !== undefined ? here.path : [...here.path, name] };
}

function readCase(element: Element, here: Here, context: ReportContext): TestCase {
  const className = attribute(element, "classname") ?? "";
  const named = attribute(element, "file");
  const file = (named && fileNamed(named, context)) || here.file || fileOfClass(className, context) || context.suite;
  const path = [...groups(className, here.path), attribute(element, "name") ?? ""];
  const reason = elements(element.failure)[0] ?? elements(element.error)[0];
  const place = { ...caseId(file, path), file };
  if (reason !== undefined) {
    const thrown = { ...thrownOf(reason), assertion: elements(element.failure).length > 0 || undefined };
    return { ...place, outcome: "failed", failure: failureOf(unlessTold(thrown), context.ground, { file }) };
  }
  return { ...place, outcome: element.skipped === undefined ? "passed" : "skipped" };
}

/** A dotted class name says it all; other ones (node:test writes `test`) are told besides the suites around. */
function groups(className: string, around: readonly string[]): readonly string[] {
  if (className.includes(".")) return [className];
  return className === "" || className === "test" || className === around.at(-1) ? around : [...around, className];
}

/** Many writers call every failure a failure: what the text tells for certain wins. */
function unlessTold(thrown: Thrown): Thrown {
  const isCertain = /ModuleNotFoundError|ReferenceError|NameError|ERR_MODULE_NOT_FOUND|Cannot find module/.test(
    thrown.message,
  );
  return isCertain ? { ...thrown, assertion: undefined } : thrown;
}

function thrownOf(element: Element): Thrown {
  const body = typeof element["#text"] === "string" ? element["#text"] : "";
  const message = [attribute(element, "message") ?? "", body.trim()].filter((text) => text !== "").join("\n");
  return { name: attribute(element, "type"), message, stack: body };
}

function fileNamed(name: string, context: ReportContext): string | undefined {
  if (name === "") return undefined;
  const path = insidePath(name, context.ground.roots, context.dir);
  if (context.paths.has(path)) return path;
  return context.paths.has(name) ? name : undefined;
}

/** `tests.test_price.TestTotal` stands for the longest path it begins with. */
function fileOfClass(className: string, context: ReportContext): string | undefined {
  const parts = className.split(/[.$]/);
  for (let length = parts.length; length > 0; length -= 1) {
    const stem = parts.slice(0, length).join("/");
    const found = [...context.paths].find(
      (path) => path.replace(/\.\w+$/, "") === stem || path.replace(/\.\w+$/, "").endsWith(`/${stem}`),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function attribute(element: Element, name: string): string | undefined {
  const value = element[`@${name}`];
  return typeof value === "string" ? value : undefined;
}

function elements(value: unknown): readonly Element[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((one) => asElement(one) ?? { "#text": String(one) });
}

function asElement(value: unknown): Element | undefined {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Element) : undefined;
}
