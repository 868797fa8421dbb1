import { z } from "zod";
import { didYouMean } from "./nearest-word.ts";

type Issue = z.core.$ZodIssue;

/** A place and what is wrong there, in words that a person can act on. */
export interface ValueProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Every issue of a failed parse, unknown keys with the nearest right one. Values are never repeated: they may be secrets. */
export function issueProblems(issues: readonly Issue[], schema: z.ZodType, value: unknown): readonly ValueProblem[] {
  return issues.flatMap((issue) => problemsOf(issue, { schema, value, above: [] }));
}

interface Place {
  readonly schema: z.ZodType;
  readonly value: unknown;
  readonly above: readonly PropertyKey[];
}

function problemsOf(issue: Issue, place: Place): readonly ValueProblem[] {
  const path = [...place.above, ...issue.path];
  const name = path.length === 0 ? "" : `${nameOf(path)}: `;
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(place.schema, path);
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `${nameOf([...path, key])}: there is no such key.${didYouMean(key, known) || (known.length > 0 ? ` There are: ${known.join(", ")}.` : "")}`,
    }));
  }
  if (issue.code === "invalid_union") return unionProblems(issue, { ...place, above: path }, name);
  return [{ path, message: `${name}${phraseOf(issue, valueAt(place.value, path))}` }];
}

/** Of several shapes, the one that was meant: the one whose own kind fits; else all that are possible. */
function unionProblems(
  issue: Extract<Issue, { code: "invalid_union" }>,
  place: Place,
  name: string,
): readonly ValueProblem[] {
  const fitting = issue.errors.filter((errors) =>
    errors.every((error) => error.path.length > 0 || error.code === "unrecognized_keys"),
  );
  const [meant] = [...fitting].sort((one, two) => one.length - two.length);
  if (meant) return meant.flatMap((error) => problemsOf(error, place));
  const shapes = [...new Set(issue.errors.flatMap((errors) => errors.flatMap(shapeOf)))];
  const share = shapes.includes(KINDS.number ?? "") ? shareFor(valueAt(place.value, place.above)) : "";
  return [{ path: place.above, message: `${name}must be ${shapes.join(" or ") || "something else"}.${share}` }];
}

function shapeOf(issue: Issue): readonly string[] {
  if (issue.code === "invalid_value") return issue.values.map((value) => JSON.stringify(value));
  return issue.code === "invalid_type" ? [KINDS[issue.expected] ?? issue.expected] : [];
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

function phraseOf(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      if (value === undefined) return "is missing.";
      return `must be ${KINDS[issue.expected] ?? issue.expected}, but is ${kindOf(value)}.${quotesFor(issue.expected, value)}${issue.expected === "number" ? shareFor(value) : ""}`;
    case "invalid_value":
      return choicePhrase(issue.values.map(String), value);
    case "too_small":
      return bound(issue.origin, "at least", issue.inclusive ? issue.minimum : `more than ${issue.minimum}`);
    case "too_big":
      return bound(issue.origin, "at most", issue.inclusive ? issue.maximum : `less than ${issue.maximum}`);
    case "invalid_format":
      return issue.format === "url" ? "must be a URL such as http://localhost:8000/v1." : `must be: ${issue.message}.`;
    default:
      return `${issue.message}.`;
  }
}

/** YAML reads 1.10 as the number 1.1: what is meant as a text has to say so. */
function quotesFor(expected: string, value: unknown): string {
  return expected === "string" && typeof value === "number" ? ' Put it in quotes, like "1.10".' : "";
}

/** YAML knows no percent. */
function shareFor(value: unknown): string {
  const percent = typeof value === "string" ? /^([0-9]{1,4}(?:\.[0-9]{1,4})?) ?%$/.exec(value.trim())?.[1] : undefined;
  return percent === undefined ? "" : ` ${percent} % is written ${Number((Number(percent) / 100).toPrecision(6))}.`;
}

function choicePhrase(values: readonly string[], value: unknown): string {
  if (value === undefined) return `is missing; it is one of ${values.join(", ")}.`;
  return `must be one of ${values.join(", ")}.${typeof value === "string" ? didYouMean(value, values) : ""}`;
}

function bound(origin: string, side: "at least" | "at most", limit: number | bigint | string): string {
  if (side === "at least" && limit === 1 && origin !== "number" && origin !== "int") return "must not be empty.";
  const unit = origin === "string" ? " characters long" : "";
  if (origin === "array") return `must have ${side} ${limit} entries.`;
  return typeof limit === "string" ? `must be ${limit}.` : `must be ${side} ${limit}${unit}.`;
}

function kindOf(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  return KINDS[typeof value] ?? typeof value;
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, key) => {
    if (typeof key === "number") return `${name}[${key}]`;
    return name === "" ? String(key) : `${name}.${String(key)}`;
  }, "");
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (part, key) => (part === null || typeof part !== "object" ? undefined : Reflect.get(part, key)),
    value,
  );
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly propertyNames?: { readonly enum?: readonly string[] };
}

/** The keys that may stand at `path`. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let places: readonly JsonSchema[] = [z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema];
  for (const key of path) places = places.flatMap(variants).flatMap((place) => childrenOf(place, key));
  return places
    .flatMap(variants)
    .flatMap((place) => [...Object.keys(place.properties ?? {}), ...(place.propertyNames?.enum ?? [])]);
}

function variants(place: JsonSchema): readonly JsonSchema[] {
  return [place, ...(place.anyOf ?? []).flatMap(variants)];
}

function childrenOf(place: JsonSchema, key: PropertyKey): readonly JsonSchema[] {
  if (typeof key === "number") return place.items ? [place.items] : [];
  const child = place.properties?.[String(key)] ?? place.additionalProperties;
  return child && typeof child === "object" ? [child] : [];
}
