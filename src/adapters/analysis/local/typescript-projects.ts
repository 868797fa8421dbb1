import { cannotRun } from "./cannot-run.ts";
import { isNode, type SyntaxNode } from "./javascript.ts";
import { folderOf, foldersUp, inFolder, languageOf } from "./languages.ts";
import type { TreeFiles } from "./tree-files.ts";

/** The `tsconfig.json` files that decide over some paths: the root's, the nearest above each, and those they refer to. */
export async function projectsFor(paths: readonly string[], files: TreeFiles): Promise<readonly string[]> {
  const starts = new Set(files.blobs.has("tsconfig.json") ? ["tsconfig.json"] : []);
  for (const path of paths) {
    if (languageOf(path) !== "javascript") continue;
    const near = foldersUp(folderOf(path)).map((folder) => inFolder(folder, "tsconfig.json"));
    const config = near.find((candidate) => files.blobs.has(candidate));
    if (config) starts.add(config);
  }
  const projects = new Set<string>();
  const seen = new Set<string>();
  for (const config of starts) await addProject(config, files, { projects, seen });
  return [...projects].sort();
}

interface Found {
  readonly projects: Set<string>;
  readonly seen: Set<string>;
}

async function addProject(config: string, files: TreeFiles, found: Found): Promise<void> {
  if (found.seen.has(config)) return;
  found.seen.add(config);
  const text = await files.text(config);
  if (text === undefined) return;
  const { references, onlyRefers } = await readConfig(config, text);
  if (!onlyRefers) found.projects.add(config);
  for (const reference of references) {
    const path = normalized(inFolder(folderOf(config), reference));
    if (path !== undefined)
      await addProject(path.endsWith(".json") ? path : inFolder(path, "tsconfig.json"), files, found);
  }
}

/** A `tsconfig.json` is a JavaScript expression: comments and trailing commas are allowed in both. */
async function readConfig(path: string, text: string): Promise<{ references: readonly string[]; onlyRefers: boolean }> {
  const { parseSync } = await import("oxc-parser");
  const parsed = parseSync("tsconfig.js", `(\n${text.replace(/^\uFEFF/, "")}\n)`, {
    sourceType: "script",
    preserveParens: false,
  });
  const [statement] = parsed.program.body as unknown as readonly SyntaxNode[];
  if (parsed.errors.length > 0) throw cannotRun("TypeScript", `${path} is not JSON`, `Mend ${path}.`);
  const object = statement?.expression;
  const references = elements(memberOf(object, "references")).flatMap((one) => {
    const value = memberOf(one, "path");
    return isNode(value) && typeof value.value === "string" ? [value.value] : [];
  });
  const own = memberOf(object, "files");
  const onlyRefers =
    references.length > 0 &&
    own !== undefined &&
    elements(own).length === 0 &&
    memberOf(object, "include") === undefined;
  return { references, onlyRefers };
}

function memberOf(object: unknown, name: string): unknown {
  if (!isNode(object) || object.type !== "ObjectExpression") return undefined;
  const property = (object.properties as readonly SyntaxNode[]).find(
    ({ key }) => isNode(key) && (key.value ?? key.name) === name,
  );
  return property?.value;
}

function elements(array: unknown): readonly unknown[] {
  return isNode(array) && array.type === "ArrayExpression" ? (array.elements as readonly unknown[]) : [];
}

/** Resolves `.` and `..`; undefined when the path leaves the repository. */
function normalized(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
