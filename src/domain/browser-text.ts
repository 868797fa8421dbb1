import { ACTIONS, type BrowserCheck, type BrowserStep, type ElementName } from "./browser-check.ts";

/** A check as makers and people read it: one line a step, numbered as findings number them. */
export function browserCheckText(check: BrowserCheck): string {
  const lines = [
    `0. open ${check.page} (${check.viewport})`,
    ...check.steps.map((step, at) => `${at + 1}. ${stepText(step)}`),
  ];
  return [...lines, ...(check.console === "clean" ? ["At the end there is no error in the console."] : [])].join("\n");
}

/** One step in words, with its literal values. */
export function stepText(step: BrowserStep): string {
  const action = ACTIONS.find((key) => step[key] !== undefined);
  return action === undefined ? lookText(step) : actionText(step, action);
}

function actionText(step: BrowserStep, action: (typeof ACTIONS)[number]): string {
  switch (action) {
    case "reload":
      return "reload the page";
    case "fill":
    case "select":
      return `${action} ${elementText(step[action])} with ${quoted(step.with ?? "")}`;
    case "store":
      return `write ${JSON.stringify(step.store)} into localStorage`;
    case "open":
    case "press":
    case "resize":
      return `${action} ${step[action]}`;
    case "type":
      return `type ${quoted(step.type ?? "")}`;
    case "doubleClick":
      return `double-click ${elementText(step.doubleClick)}`;
    default:
      return `${action} ${elementText(step[action])}`;
  }
}

function lookText(step: BrowserStep): string {
  if (step.title !== undefined) return `the title is ${quoted(step.title)}`;
  const { see, stored, title: _title, ...expected } = step;
  const what = stored === undefined ? elementText(see) : `localStorage ${quoted(stored)}`;
  const words = Object.entries(expected).map(([key, value]) => expectationText(key, value));
  return words.length === 0 ? `see ${what}` : `see ${what}: ${words.join("; ")}`;
}

function expectationText(key: string, value: unknown): string {
  if (key === "absent") return "it is not there";
  if (key === "styles" || key === "attributes")
    return Object.entries(value as Record<string, string | null>)
      .map(([name, one]) => (one === null ? `no attribute ${name}` : pair(key, name, one)))
      .join("; ");
  return `${key} ${JSON.stringify(value)}`;
}

function pair(kind: "styles" | "attributes", name: string, value: string): string {
  return kind === "styles" ? `${name}: ${value}` : `${name}=${quoted(value)}`;
}

function elementText(named: ElementName | undefined): string {
  if (named === undefined) return "";
  if (typeof named === "string") return `\`${named}\``;
  const { css, role, name, label, text, inside, nth } = named;
  const found = [
    css === undefined ? "" : `\`${css}\``,
    role === undefined ? "" : `the ${role}${name === undefined ? "" : ` named ${quoted(name)}`}`,
    label === undefined ? "" : `the field labelled ${quoted(label)}`,
    text === undefined ? "" : `the element with the text ${quoted(text)}`,
  ].join("");
  return `${found}${inside === undefined ? "" : ` inside \`${inside}\``}${nth === undefined ? "" : ` (number ${nth})`}`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

/** What an earlier check of a criterion looked at and a later one no longer does, one line each. */
export function lostLooks(
  id: string,
  before: BrowserCheck | undefined,
  after: BrowserCheck | undefined,
): readonly string[] {
  if (before === undefined) return [];
  if (after === undefined) return [`${id} is no longer checked in a browser`];
  const kept = JSON.stringify(after);
  const lost = before.steps.flatMap(expectedValues).filter((value) => !kept.includes(value));
  const silent = before.console === "clean" && after.console === "any" ? [`${id} lets errors in the console be`] : [];
  return [...new Set(lost)].map((value) => `${id} no longer expects ${value} in the browser`).concat(silent);
}

/** The literal values that a step expects, as JSON writes them. */
function expectedValues(step: BrowserStep): readonly string[] {
  const { text, texts, contains, value, styles, attributes, title, count } = step;
  const each = [
    text,
    contains,
    value,
    title,
    ...(texts ?? []),
    ...Object.values(styles ?? {}),
    ...Object.values(attributes ?? {}),
  ];
  return [
    ...each.filter((one) => one !== undefined).map((one) => JSON.stringify(one)),
    ...(count === undefined ? [] : [`"count":${count}`]),
  ];
}
