import type { Shape } from "./class-facts.ts";
import type { JavaScriptWorld } from "./javascript-world.ts";
import { firstFile } from "./module-exports.ts";

/** A class or object, and the file it stands in. */
export interface SeenShape {
  readonly shape: Shape;
  readonly path: string;
}

const DEPTH = 10;

/** All that a class or object has, with what it inherits; undefined when that is not known. */
export async function allMembers(
  { shape, path }: SeenShape,
  side: "members" | "statics",
  world: JavaScriptWorld,
  depth = DEPTH,
): Promise<ReadonlySet<string> | undefined> {
  if (shape.isOpen || depth === 0) return undefined;
  if (shape.parent === undefined) return shape[side];
  const parent = await parentOf(shape.parent, path, world);
  const inherited = parent && (await allMembers(parent, side, world, depth - 1));
  return inherited && new Set([...shape[side], ...inherited]);
}

async function parentOf(name: string, path: string, world: JavaScriptWorld): Promise<SeenShape | undefined> {
  const own = (await world.shapes(path)).get(name);
  if (own) return { shape: own, path };
  const imported = await world.modules.imported(path, name);
  if (!imported) return undefined;
  const first = firstFile(await world.resolve(imported.specifier, path));
  const declared = first === undefined ? undefined : await world.modules.declared(first, imported.name);
  const shape = declared && (await world.shapes(declared.path)).get(declared.local);
  return declared && shape ? { shape, path: declared.path } : undefined;
}
