import { instead, type SymbolFinding } from "./finding.ts";
import type { JavaScriptWorld, LookedAt } from "./javascript-world.ts";
import { isKnownGlobal, sharedGlobals } from "./known-globals.ts";

/** `/* global a, b *\/` and its like say what else is in sight. */
const SAID = /\/\*\s*(?:globals?|exported|eslint-env|jshint|jslint)\b([^*]*)\*\//g;

/** Values that are used and declared nowhere: not in the file, in whatever scope, and by no run time that we know. */
export async function nameFindings(
  file: LookedAt,
  world: JavaScriptWorld,
  text: string,
): Promise<readonly SymbolFinding[]> {
  const { facts } = file;
  // A plain script shares its names with other scripts of the page.
  if (!file.isModule || facts.isMoving) return [];
  const said = new Set([...text.matchAll(SAID)].flatMap((found) => found[1]?.match(/[\w$]+/g) ?? []));
  const found: SymbolFinding[] = [];
  const seen = new Set<string>();
  for (const { name, start } of facts.used) {
    if (seen.has(name) || facts.declared.has(name) || facts.asked.has(name) || isKnownGlobal(name) || said.has(name))
      continue;
    seen.add(name);
    if (await world.said.declares(name)) continue;
    const near = instead(name, [...facts.declared.keys(), ...sharedGlobals()]);
    const hint = near.startsWith(" Did") ? near : "";
    const message = `\`${name}\` is not declared in this file, not imported, and no global of Node, browsers or test runners.${hint}`;
    found.push({ path: file.path, start, code: "name-undefined", message });
  }
  return found;
}
