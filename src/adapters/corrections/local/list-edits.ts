import {
  endOf,
  indentAt,
  isComment,
  kindOf,
  lineEnd,
  members,
  type Node,
  opensLine,
  type Span,
  startOf,
} from "./source.ts";

/** Nodes that hold others between brackets, with commas. */
const LISTS = new Set([
  ...["argument_list", "list", "tuple", "set", "dictionary"],
  ...["arguments", "array", "object", "named_imports"],
]);

export function isList(node: Node): boolean {
  return LISTS.has(kindOf(node));
}

/** Puts one more element behind the last one (or before the first): right for trailing commas, comments, many lines, none. */
export function insertedInto(
  list: Node,
  element: string,
  text: string,
  at: "first" | "last" = "last",
): readonly Span[] {
  const elements = members(list);
  const [first] = elements;
  const last = elements.at(-1);
  const open = list.children()[0];
  if (!open) return [];
  if (!first || !last) return [insert(endOf(open), emptyBody(list, element, text))];
  return at === "first" ? insertedFirst(first, element, text) : insertedLast(list, last, element, text);
}

function insert(at: number, text: string): Span {
  return { start: at, end: at, text };
}

function emptyBody(list: Node, element: string, text: string): string {
  const comma = kindOf(list) === "tuple" ? "," : "";
  const bare = text.slice(startOf(list) + 1, endOf(list) - 1) === "";
  const spaced = ["object", "named_imports"].includes(kindOf(list)) && bare;
  return spaced ? ` ${element} ` : `${element}${comma}`;
}

function insertedFirst(first: Node, element: string, text: string): readonly Span[] {
  const start = startOf(first);
  const gap = opensLine(text, start) ? `${lineEnd(text)}${indentAt(text, start)}` : " ";
  return [insert(start, `${element},${gap}`)];
}

function insertedLast(list: Node, last: Node, element: string, text: string): readonly Span[] {
  const behind = list.children().filter((node) => startOf(node) >= endOf(last));
  const comma = behind.find((node) => node.text() === ",");
  const own = opensLine(text, startOf(last)) && startOf(last) > startOf(list);
  if (!own) {
    if (!comma) return [insert(endOf(last), `, ${element}`)];
    return [insert(endOf(comma), ` ${element},`)];
  }
  // A comment on the last element's line belongs to that element.
  const line = (comma ?? last).range().end.line;
  const remark = behind.find((node) => isComment(node) && node.range().start.line === line);
  const place = Math.max(endOf(comma ?? last), remark ? endOf(remark) : 0);
  const fresh = insert(place, `${lineEnd(text)}${indentAt(text, startOf(last))}${element}${comma ? "," : ""}`);
  if (comma) return [fresh];
  // Both at one offset would have no order.
  if (place === endOf(last)) return [insert(place, `,${fresh.text}`)];
  return [insert(endOf(last), ","), fresh];
}

/** Takes an element out of its list with its comma; with its line, when the line holds nothing else. */
export function removedFrom(element: Node, text: string): Span {
  const after = element.nextAll().find((node) => !isComment(node));
  const before = element.prevAll().find((node) => !isComment(node));
  const [start, end] = [startOf(element), endOf(element)];
  if (after?.text() === ",") return wholeLine({ start, end: withBlanks(text, endOf(after)), text: "" }, text);
  if (before?.text() === ",") return { start: startOf(before), end, text: "" };
  return { start, end, text: "" };
}

function withBlanks(text: string, end: number): number {
  return end + (/^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0);
}

/** A span that is all of its lines takes the line break with it. */
export function wholeLine(span: Span, text: string): Span {
  const rest = /^[ \t]*(\r?\n|$)/.exec(text.slice(span.end));
  if (!opensLine(text, span.start) || !rest) return span;
  const start = text.lastIndexOf("\n", span.start - 1) + 1;
  return { start, end: span.end + rest[0].length, text: "" };
}
