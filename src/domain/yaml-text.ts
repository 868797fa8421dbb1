import { type Document, isMap, isNode, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import { issueProblems } from "./yaml-issues.ts";

/** A key or an index on the way to a place in a YAML text. */
export type YamlPath = readonly PropertyKey[];

/** One thing that is wrong, and the 1-based line on which it stands. */
export interface YamlProblem {
  readonly line: number;
  readonly message: string;
}

export type ReadYaml<Value> =
  | {
      readonly kind: "read";
      readonly value: Value;
      readonly lineOf: (path: YamlPath) => number;
      readonly document: Document;
    }
  | {
      readonly kind: "problems";
      readonly problems: readonly YamlProblem[];
      /** What stands there though it is not by the schema; undefined where the text is no YAML. */
      readonly plain?: unknown;
      readonly lineOf?: (path: YamlPath) => number;
    };

const MOST_ALIASES = 50;

/**
 * Reads YAML by a schema and names every problem at once, by line: malformed text, duplicate and unknown keys (with the
 * nearest right one), wrong types. `before` is the number of lines above the text in its file.
 */
export function readYaml<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  before = 0,
): ReadYaml<z.output<Schema>> {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: true });
  const lineAt = (offset: number) => counter.linePos(offset).line + before;
  const broken = document.errors.map((error) => ({
    line: lineAt(error.pos[0]),
    message: yamlMessage(error.code, error.message),
  }));
  if (document.errors.some((error) => error.code !== "DUPLICATE_KEY")) return { kind: "problems", problems: broken };
  const lineOf = (path: YamlPath) => lineAt(offsetOf(document, path));
  const plain = plainValue(document);
  if (plain.kind === "refused")
    return { kind: "problems", problems: [...broken, { line: before + 1, message: plain.why }] };
  const parsed = schema.safeParse(plain.value);
  const wrong = parsed.success
    ? []
    : issueProblems(parsed.error.issues, schema, plain.value).map(({ path, message }) => ({
        line: lineOf(path),
        message,
      }));
  if (!parsed.success || broken.length > 0)
    return { kind: "problems", problems: inOrder([...broken, ...wrong]), plain: plain.value, lineOf };
  return { kind: "read", value: parsed.data, lineOf, document };
}

/** `line 3: message`, in the order of the lines. */
export function problemLines(problems: readonly YamlProblem[]): readonly string[] {
  return inOrder(problems).map(({ line, message }) => `line ${line}: ${message}`);
}

function inOrder(problems: readonly YamlProblem[]): readonly YamlProblem[] {
  return [...problems].sort((one, two) => one.line - two.line);
}

function plainValue(document: Document): { kind: "plain"; value: unknown } | { kind: "refused"; why: string } {
  try {
    return { kind: "plain", value: document.toJS({ maxAliasCount: MOST_ALIASES }) ?? {} };
  } catch (error) {
    return {
      kind: "refused",
      why: `aliases cannot be resolved: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** Where the value at `path` starts; for a missing one, where the nearest thing around it does. */
function offsetOf(document: Document, path: YamlPath): number {
  for (let length = path.length; length > 0; length -= 1) {
    const offset = keyOffset(document, path.slice(0, length));
    if (offset !== undefined) return offset;
  }
  return document.contents?.range?.[0] ?? 0;
}

function keyOffset(document: Document, path: YamlPath): number | undefined {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isNode(item.key) && String(item.key) === String(last));
    return pair && isNode(pair.key) ? (pair.key as Node).range?.[0] : undefined;
  }
  const node = document.getIn([...path], true);
  return isNode(node) ? node.range?.[0] : undefined;
}

function yamlMessage(code: string, message: string): string {
  if (code === "DUPLICATE_KEY") return "this key stands here a second time; keep one";
  const first = message.split("\n")[0] ?? message;
  const colon = code === "BLOCK_AS_IMPLICIT_KEY" || /nested mappings|implicit key/i.test(first);
  const hint = colon ? " A text that holds a colon needs quotes around it." : "";
  const tabs = code === "TAB_AS_INDENT" ? " Indent with spaces." : "";
  return `malformed YAML: ${first.replace(/\.?$/, ".")}${hint}${tabs}`;
}
