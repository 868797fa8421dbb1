import { parseJavaScript, type SyntaxNode } from "../javascript.ts";
import type { Shape } from "./class-facts.ts";
import { shapesOf } from "./class-facts.ts";
import type { SymbolFinding } from "./finding.ts";
import { importFindings } from "./import-findings.ts";
import type { JavaScriptWorld, LookedAt } from "./javascript-world.ts";
import { memberFindings } from "./member-findings.ts";
import { nameFindings } from "./name-findings.ts";
import { sourceFacts } from "./source-facts.ts";
import type { SourceFacts } from "./source-model.ts";

/** Names in one file that exist neither in the project nor in what is installed; nothing where it cannot be known. */
export async function javaScriptFindings(
  path: string,
  text: string,
  world: JavaScriptWorld,
): Promise<readonly SymbolFinding[]> {
  if (/\.d\.[cm]?ts$/.test(path) || text.length > 1_000_000) return [];
  const parsed = await parseJavaScript(path, text);
  if (parsed.errors.length > 0) return [];
  const { program } = parsed;
  const facts = sourceFacts(program);
  const file: LookedAt = { path, facts, shapes: shapesOf(program), isModule: isModule(program, facts) };
  const found = [
    ...(await importFindings(file, world)),
    ...(await memberFindings(file, world)),
    ...(await nameFindings(file, world, text)),
  ];
  const unique = new Map(found.map((one) => [`${one.start} ${one.code}`, one]));
  return [...unique.values()];
}

function isModule(program: SyntaxNode, facts: SourceFacts): boolean {
  const body = program.body as readonly SyntaxNode[];
  return body.some(({ type }) => /^(Import|Export)/.test(type)) || facts.imports.length > 0;
}

/** The shapes of a file that can be parsed; none of another. */
export async function shapesIn(path: string, text: string | undefined): Promise<ReadonlyMap<string, Shape>> {
  if (text === undefined || text.length > 1_000_000 || !/\.[cm]?[jt]sx?$/.test(path)) return new Map();
  const parsed = await parseJavaScript(path, text);
  return parsed.errors.length > 0 ? new Map() : shapesOf(parsed.program);
}
