import type { Does, Literal } from "../../../domain/correction-file.ts";
import { literalSource } from "../../../domain/literal-source.ts";
import { insertedInto } from "./list-edits.ts";
import { type Change, kindOf, linesOf, members, type Node, type Rewriter, type Source, type Span } from "./source.ts";

type Inside = NonNullable<Extract<Does, { kind: "add-argument" }>["inside"]>;

/** Calls of a dotted name, outermost first. */
export function callsOf(source: Source, callee: string): readonly Node[] {
  const parts = callee.split(".");
  return allCalls(source.root, source).filter((call) => isNamed(call.field("function"), parts));
}

function allCalls(node: Node, { language }: Pick<Source, "language">): readonly Node[] {
  return allOf(node, [language === "python" ? "call" : "call_expression"]);
}

/** All nodes of some kinds of the root's grammar, in the order of the text. */
export function allOf(root: Node, kinds: readonly string[]): readonly Node[] {
  return root.findAll({ rule: { any: kinds.map((kind) => ({ kind })) } });
}

/** `router.post`, where `$NAME` is any expression in the first place and any name behind it. */
function isNamed(node: Node | null, parts: readonly string[]): boolean {
  const last = parts.at(-1) ?? "";
  const rest = parts.slice(0, -1);
  if (!node) return false;
  if (rest.length === 0) return last.startsWith("$") || (kindOf(node) === "identifier" && node.text() === last);
  const member = node.field("attribute") ?? node.field("property");
  if (!member || !/^(attribute|member_expression)$/.test(kindOf(node))) return false;
  return (last.startsWith("$") || member.text() === last) && isNamed(node.field("object"), rest);
}

const BODIES = /^(block|statement_block|lambda|arrow_function)$/;
const FUNCTIONS =
  /^(function_definition|function_declaration|function_expression|arrow_function|method_definition|lambda)$/;

/** True when the place stands where the correction wants it. */
export function standsInside(node: Node, inside: Inside | undefined): boolean {
  if (inside === undefined) return true;
  const above = node.ancestors().map(kindOf);
  if (inside === "class") return above.some((kind) => /^class(_definition|_declaration|_body)?$/.test(kind));
  if (inside === "function") return above.some((kind) => FUNCTIONS.test(kind));
  const decorator = above.indexOf("decorator");
  return decorator >= 0 && !above.slice(0, decorator).some((kind) => BODIES.test(kind));
}

/** The value of an argument by name (Python) or of a property of an object among the arguments. */
export function argumentOf(call: Node, name: string): Node | undefined {
  for (const argument of argumentsOf(call)) {
    if (kindOf(argument) === "keyword_argument" && argument.field("name")?.text() === name)
      return argument.field("value") ?? undefined;
    const property = kindOf(argument) === "object" ? propertyOf(argument, name) : undefined;
    const value = property?.field("value");
    if (value) return value;
  }
  return undefined;
}

export function argumentsOf(call: Node): readonly Node[] {
  const list = call.field("arguments");
  return list ? members(list) : [];
}

function propertyOf(object: Node, name: string): Node | undefined {
  return members(object).find((member) => nameOf(member) === name);
}

function nameOf(property: Node): string {
  const key = property.field("key") ?? property.field("name") ?? property;
  return key.text().replace(/^(["'])(.*)\1$/, "$2");
}

/** An argument by name that a call is to have. */
export interface WantedArgument {
  readonly name: string;
  readonly value: Literal;
  readonly position?: number | undefined;
}

/** Adds a missing argument to calls of a name. */
export function addArgument(does: Extract<Does, { kind: "add-argument" }>): Rewriter {
  return (source) =>
    callsOf(source, does.call)
      .filter((call) => standsInside(call, does.inside))
      .flatMap((call) => changeOf(call, argumentAdded(call, does, source)));
}

/** The change of a call; the mistake stands anywhere on its lines. */
function changeOf(call: Node, spans: readonly Span[]): readonly Change[] {
  return spans.length === 0 ? [] : [{ spans, lines: linesOf(call) }];
}

/** Nothing where it is there already, or may come out of `**` or `...`. */
export function argumentAdded(call: Node, wanted: WantedArgument, source: Source): readonly Span[] {
  const list = call.field("arguments");
  const value = literalSource(wanted.value, source.language);
  if (kindOf(list) === "argument_list" && list) {
    const all = members(list);
    const known = all.some((one) => kindOf(one) === "keyword_argument" && one.field("name")?.text() === wanted.name);
    const open = all.some((one) => kindOf(one) === "dictionary_splat");
    return known || open ? [] : insertedInto(list, `${wanted.name}=${value}`, source.text);
  }
  return kindOf(list) === "arguments" && list ? propertyAdded(list, { ...wanted, value }, source.text) : [];
}

function propertyAdded(list: Node, wanted: WantedArgument & { value: string }, text: string): readonly Span[] {
  const all = members(list);
  const place = wanted.position ?? all.length;
  if (all.slice(0, place).some((one) => kindOf(one) === "spread_element")) return [];
  const property = `${wanted.name}: ${wanted.value}`;
  const object = all[place - 1];
  if (!object) {
    const appended = wanted.position !== undefined && all.length === place - 1;
    return appended ? insertedInto(list, `{ ${property} }`, text) : [];
  }
  if (kindOf(object) !== "object") return [];
  const open = members(object).some((member) => kindOf(member) === "spread_element");
  return open || propertyOf(object, wanted.name) ? [] : insertedInto(object, property, text);
}

/** The call that a node is or holds first. */
export function callIn(node: Node, source: Source): Node | undefined {
  return allCalls(node, source)[0];
}
