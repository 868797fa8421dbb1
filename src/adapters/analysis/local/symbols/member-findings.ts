import { nearestWord } from "../../../../domain/nearest-word.ts";
import type { Shape } from "./class-facts.ts";
import { instead, type SymbolFinding } from "./finding.ts";
import { sourceOf } from "./import-findings.ts";
import type { JavaScriptWorld, LookedAt } from "./javascript-world.ts";
import { globalMembers, instanceMembers } from "./known-globals.ts";
import { firstFile } from "./module-exports.ts";
import { allMembers, type SeenShape } from "./shape-members.ts";
import type { Import, MemberUse } from "./source-model.ts";

/** Names on modules, classes and written-out objects that they do not have, where all they have is known. */
export async function memberFindings(file: LookedAt, world: JavaScriptWorld): Promise<readonly SymbolFinding[]> {
  if (file.facts.isMoving) return [];
  const byObject = new Map<string, MemberUse[]>();
  for (const use of file.facts.members) byObject.set(use.object, [...(byObject.get(use.object) ?? []), use]);
  const found: SymbolFinding[] = [...(await ownMethods(file, world))];
  for (const [object, uses] of byObject) {
    const certain = certainUses(object, uses, file);
    if (certain.length === 0) continue;
    const known = await membersOf(object, file, world);
    const sure = known?.isGrowing ? certain.filter(({ name }) => !isProbed(name, certain)) : certain;
    if (known) found.push(...sure.flatMap((use) => missingMember(use, known, file)));
  }
  return found;
}

/** What an object in a file has. */
interface KnownMembers {
  readonly names: ReadonlySet<string>;
  readonly what: string;
  readonly isInstalled: boolean;
  /** Only calls are judged: what is read may be made up as one goes. */
  readonly onlyCalls: boolean;
  /** Other files may add to it: only a name like one that it has is sure to be a mistake. */
  readonly isShared?: true;
  /** It grows with each version of Node: a name that is also looked at without a call is asked for. */
  readonly isGrowing?: true;
}

/** Uses that would fail: not asked about before, not given by the file itself, of a name that is declared once. */
function certainUses(object: string, uses: readonly MemberUse[], { facts }: LookedAt): readonly MemberUse[] {
  if (object === "this" || (facts.declared.get(object) ?? 0) > 1 || facts.asked.has(object)) return [];
  const doubted = new Set(uses.filter(({ use }) => use === "asked" || use === "written").map(({ name }) => name));
  return uses.filter(({ name, use }) => (use === "called" || use === "read") && !doubted.has(name));
}

/** `isFunction(zlib.newer) && zlib.newer()`: looked at in one place, called in another. */
function isProbed(name: string, uses: readonly MemberUse[]): boolean {
  const kinds = new Set(uses.filter((use) => use.name === name).map(({ use }) => use));
  return kinds.has("read") && kinds.has("called");
}

function missingMember(use: MemberUse, known: KnownMembers, file: LookedAt): readonly SymbolFinding[] {
  if (known.names.has(use.name) || use.name in Object.prototype || (known.onlyCalls && use.use !== "called")) return [];
  if (known.isShared && nearestWord(use.name, [...known.names]) === undefined) return [];
  const code = known.isInstalled ? "package-member-missing" : "member-missing";
  const message = `\`${use.object}.${use.name}\`: ${known.what} has no \`${use.name}\`.${instead(use.name, known.names)}`;
  return [{ path: file.path, start: use.start, code, message }];
}

async function membersOf(object: string, file: LookedAt, world: JavaScriptWorld): Promise<KnownMembers | undefined> {
  const { facts } = file;
  if (!facts.declared.has(object)) {
    const names = globalMembers(object);
    return names && { names, what: `\`${object}\``, isInstalled: true, onlyCalls: true };
  }
  const whole = facts.imports.find((one) => one.whole === object);
  if (whole) return moduleMembers(whole, file, world);
  const made = facts.instances.get(object);
  if (made !== undefined) return instanceOf(made, file, world);
  const seen = await shapeNamed(object, file, world);
  if (!seen) return builtinDefault(object, file, world);
  return shapeMembers(seen, seen.shape.kind === "class" ? "statics" : "members", { object, file, world });
}

async function moduleMembers(whole: Import, file: LookedAt, world: JavaScriptWorld): Promise<KnownMembers | undefined> {
  if (whole.isTried || isHandedOver(whole.whole ?? "", file)) return undefined;
  const resolution = await world.resolve(whole.specifier, file.path);
  const source = await sourceOf(resolution, file.path, world);
  if (!source || (await world.said.augments(whole.specifier))) return undefined;
  const { offered, where, isInstalled } = source;
  const isObject = whole.style === "require" && resolution.kind !== "builtin";
  // Some build steps give the default export alone in place of the module.
  const isDefault = [...offered.names].every((name) => name === "default");
  // What `require` gives of a module may be its default export alone.
  if (whole.style === "require" && offered.isModule) return undefined;
  return {
    names: offered.names,
    what: `\`${whole.specifier}\` (${where})`,
    isInstalled,
    onlyCalls: false,
    ...((isObject || isDefault) && { isShared: true }),
    ...(resolution.kind === "builtin" && { isGrowing: true }),
  };
}

/** Somebody else may have written to it. */
function isHandedOver(name: string, { facts }: LookedAt): boolean {
  return facts.loose.has(name) && facts.members.some((use) => use.object === name && use.use === "written");
}

/** `import path from "node:path"`: the default of a module of Node is the whole of it. */
async function builtinDefault(
  object: string,
  file: LookedAt,
  world: JavaScriptWorld,
): Promise<KnownMembers | undefined> {
  for (const one of file.facts.imports) {
    if (!one.wanted.some(({ name, local }) => name === "default" && local === object)) continue;
    const resolution = await world.resolve(one.specifier, file.path);
    if (resolution.kind !== "builtin") return undefined;
    const source = await sourceOf(resolution, file.path, world);
    const what = `\`${one.specifier}\``;
    return source && { names: source.offered.names, what, isInstalled: true, onlyCalls: true, isGrowing: true };
  }
  return undefined;
}

async function instanceOf(made: string, file: LookedAt, world: JavaScriptWorld): Promise<KnownMembers | undefined> {
  if (!file.facts.declared.has(made)) {
    const names = instanceMembers(made);
    return names && { names, what: `a \`${made}\``, isInstalled: true, onlyCalls: true };
  }
  const seen = await shapeNamed(made, file, world);
  if (seen?.shape.kind !== "class") return undefined;
  return shapeMembers(seen, "members", { object: made, file, world });
}

interface Asked {
  readonly object: string;
  readonly file: LookedAt;
  readonly world: JavaScriptWorld;
}

async function shapeMembers(
  seen: SeenShape,
  side: "members" | "statics",
  { object, world }: Asked,
): Promise<KnownMembers | undefined> {
  const names = await allMembers(seen, side, world);
  const what = `\`${object}\` (${world.files.shown(seen.path)})`;
  return names && { names, what, isInstalled: seen.path.startsWith("/"), onlyCalls: true };
}

/** The class or object of a name in the file: its own, or one that it imports. */
async function shapeNamed(name: string, file: LookedAt, world: JavaScriptWorld): Promise<SeenShape | undefined> {
  if (file.facts.declared.get(name) !== 1) return undefined;
  const own = file.shapes.get(name);
  if (own) return { shape: own, path: file.path };
  for (const one of file.facts.imports) {
    const wanted = one.wanted.find(({ local, isType }) => local === name && !isType);
    if (wanted) return importedShape(one.specifier, wanted.name, { path: file.path, world });
  }
  return undefined;
}

async function importedShape(
  specifier: string,
  name: string,
  { path, world }: { readonly path: string; readonly world: JavaScriptWorld },
): Promise<SeenShape | undefined> {
  const first = firstFile(await world.resolve(specifier, path));
  if (await world.said.augments(specifier)) return undefined;
  const declared = first === undefined ? undefined : await world.modules.declared(first, name);
  const shape: Shape | undefined = declared && (await world.shapes(declared.path)).get(declared.local);
  return declared && shape ? { shape, path: declared.path } : undefined;
}

/** `this.missing()` in a class whose members are all known. */
async function ownMethods(file: LookedAt, world: JavaScriptWorld): Promise<readonly SymbolFinding[]> {
  // In JavaScript a class may leave a method to those that extend it without a word.
  if (!/\.[cm]?tsx?$/.test(file.path)) return [];
  const found: SymbolFinding[] = [];
  for (const [name, shape] of file.shapes) {
    if (shape.kind !== "class" || shape.own.length === 0) continue;
    const doubted = new Set(
      file.facts.members.filter((use) => use.object === "this" && use.use !== "called").map((use) => use.name),
    );
    const names = await allMembers({ shape, path: file.path }, "members", world);
    const missing = names ? shape.own.filter((use) => !names.has(use.name) && !doubted.has(use.name)) : [];
    for (const use of missing)
      found.push({
        path: file.path,
        start: use.start,
        code: "member-missing",
        message: `\`this.${use.name}\`: the class \`${name}\` has no \`${use.name}\`.${instead(use.name, names ?? [])}`,
      });
  }
  return found.filter(
    ({ message }) => !/`this\.(toString|valueOf|hasOwnProperty|isPrototypeOf|constructor)`/.test(message),
  );
}
