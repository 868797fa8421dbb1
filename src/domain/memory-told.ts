import { rulesIn } from "./rules-block.ts";

/** A part of a brief as it was said: its name and its text. */
export interface SaidPart {
  readonly name: string;
  readonly text: string;
}

/** Parts of a question that the project's index has chosen: a relation, then a place. */
const CHOSEN = /^(?:fixture|imported|definition|test|caller|words|example) \S/;

/**
 * What of the mill's memory stands in a question, layer by layer: names and counts, never the text itself. Empty for
 * a judge, who is told the task and the difference and nothing else.
 */
export function memoryTold(parts: readonly SaidPart[]): readonly string[] {
  const said = parts.filter(({ text }) => text.trim() !== "");
  const named = (name: string) => said.find((part) => part.name === name)?.text;
  const [rules, map, landed, recent] = [
    named("AGENTS.md"),
    named("repository map"),
    named("what has landed"),
    named("recent results"),
  ];
  const learned = rulesIn(rules ?? "").length;
  const chosen = said.filter(({ name }) => CHOSEN.test(name)).length;
  const index = [...(map === undefined ? [] : ["map"]), ...(chosen === 0 ? [] : [counted(chosen, "part")])];
  const loop = [
    ...(named("findings") === undefined ? [] : ["findings"]),
    ...(named("What was tried") === undefined ? [] : ["what was tried"]),
  ];
  return [
    ...(landed === undefined ? [] : ["git history: what has landed"]),
    ...(index.length === 0 ? [] : [`project index: ${index.join(", ")}`]),
    ...(recent === undefined ? [] : [`results: ${counted(recent.split("\n").length, "task")}`]),
    ...(rules === undefined ? [] : ["AGENTS.md"]),
    ...(loop.length === 0 ? [] : [`working memory: ${loop.join(", ")}`]),
    ...(learned === 0 ? [] : [`failure patterns: ${counted(learned, "rule")}`]),
  ];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
