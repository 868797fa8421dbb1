/** The project's trees as maps of path to text, without git: for looking at answers outside of the mill. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tasks, written } from "./project.mjs";

const start = fileURLToPath(new URL("./start", import.meta.url));

function startingTree() {
  const found = readdirSync(start, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && /\.(?:py|ini)$/.test(entry.name),
  );
  return Object.fromEntries(
    found.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(start.length + 1), readFileSync(path, "utf8")];
    }),
  );
}

/** The tree after a reply in the form that the answers of this folder have; throws where an edit finds no place. */
export function applied(tree, reply) {
  const next = { ...tree };
  for (const [, path, body] of reply.matchAll(/^### FILE (\S+)\n```\n([\s\S]*?)^```$/gm)) next[path] = body;
  for (const [, path, pairs] of reply.matchAll(
    /^### EDIT (\S+)\n((?:<{7} SEARCH\n[\s\S]*?\n={7}\n[\s\S]*?\n>{7} REPLACE\n)+)/gm,
  ))
    for (const [, old, fresh] of pairs.matchAll(/<{7} SEARCH\n([\s\S]*?)\n={7}\n([\s\S]*?)\n>{7} REPLACE/g)) {
      if (next[path]?.split(`${old}\n`).length !== 2) throw new Error(`${path} does not hold this once:\n${old}`);
      next[path] = next[path].replace(`${old}\n`, () => `${fresh}\n`);
    }
  return next;
}

/** The tree that each task begins with, when all before it were answered by the references. */
export function bases() {
  const found = new Map();
  let tree = startingTree();
  for (const { id } of tasks) {
    found.set(id, tree);
    tree = applied(applied(tree, written(id, "tester")), written(id, "developer"));
  }
  return found;
}

let starts;

/** A reply to a task with whole files in the place of edits, so that it is right on whatever was answered before. */
export function whole(task, reply) {
  starts ??= bases();
  const paths = [...new Set(writtenPaths(reply))];
  const tree = applied(starts.get(task), reply);
  return paths.map((path) => `### FILE ${path}\n\`\`\`\n${tree[path]}\`\`\`\n`).join("\n");
}

/** Paths that a reply writes. */
export const writtenPaths = (reply) => [...reply.matchAll(/^### (?:FILE|EDIT) (\S+)$/gm)].map((found) => found[1]);
