import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const FINISHED = resolve(import.meta.dirname, "../fixtures/todo-web");
const read = (path: string) => readFileSync(join(FINISHED, path), "utf8");

/** The to-do page of examples/todo-web as somebody would write it, and as it stands between its tasks. */
export const TASKS = read("src/tasks.js");
export const TASKS_TEST = read("test/tasks.test.js");
export const PAGE = read("index.html");
export const APP = read("src/app.js");
export const STYLES = read("styles.css");

/** The text from one place up to another. */
function part(text: string, from: string, to: string): string {
  return text.slice(text.indexOf(from), text.lastIndexOf(to));
}

/** The text with parts in another way. @throws when a part is not there */
export function altered(text: string, ...changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((rest, [old, instead]) => {
    if (old === "" || !rest.includes(old)) throw new Error(`there is no such part: ${old}`);
    return rest.replace(old, () => instead);
  }, text);
}

/** The published failure: all there, and nothing wired to anything. */
export const UNWIRED = altered(APP, [part(APP, "form.addEventListener", "show();"), ""]);

/** Before the task that keeps the tasks. */
export const APP_UNKEPT = altered(
  APP,
  ["  localStorage.setItem(KEY, JSON.stringify(tasks));\n", ""],
  [part(APP, "function load()", "function change("), ""],
  ["let tasks = load();", "let tasks = [];"],
  ['const KEY = "todo-web";\n', ""],
);

/** Before the task that ticks and deletes. */
export const APP_ADDING = altered(
  APP_UNKEPT,
  [part(APP, 'list.addEventListener("change"', "show();"), ""],
  ["  line.append(box, text, button);", "  line.append(text);"],
  [part(APP, "  const box =", "  const text ="), ""],
  [part(APP, "  const button =", "  line.append"), ""],
  [part(APP, "  const open =", "}\n\nfunction item"), ""],
  [part(APP, "function indexOf", "form.addEventListener"), ""],
  ["import { addTask, removeTask, toggleTask }", "import { addTask }"],
);
