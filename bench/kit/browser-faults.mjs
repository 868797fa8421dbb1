/**
 * The seed's published failure and ten others like it: what code looks like that has everything and does not work. Each is
 * a change of the finished to-do page (test/fixtures/todo-web), with a twin that does the same thing right, in another way
 * than the finished page does. `task` is the one of examples/todo-web/plans whose criteria speak of it.
 */
const app = (...changes) => ({ path: "src/app.js", changes });
const style = (...changes) => ({ path: "styles.css", changes });

const SUBMIT = `form.addEventListener("submit", (event) => {
  event.preventDefault();`;
const ADDED = `  if (next !== tasks) change(next);
  field.value = "";
  field.focus();
});
`;

const NAMED = '  button.setAttribute("aria-label", `Delete $' + "{task.text}`);\n";

export const FAULTS = [
  {
    name: "wired to nothing",
    task: "T2",
    fault: app([SUBMIT, "const add = (event) => {\n  event.preventDefault();"], [ADDED, ADDED.replace("});", "};")]),
    twin: app([SUBMIT, "form.onsubmit = (event) => {\n  event.preventDefault();"], [ADDED, ADDED.replace("});", "};")]),
  },
  {
    name: "wrong id",
    task: "T2",
    fault: app(['querySelector("#tasks")', 'querySelector("#task-list")']),
    twin: app(['querySelector("#tasks")', 'getElementById("tasks")']),
  },
  {
    name: "listener on the wrong element",
    task: "T2",
    fault: app([SUBMIT, SUBMIT.replace('form.addEventListener("submit"', 'message.addEventListener("click"')]),
    twin: app([SUBMIT, SUBMIT.replace("form.addEventListener", "document.addEventListener")]),
  },
  {
    name: "no persistence",
    task: "T4",
    fault: app(["  localStorage.setItem(KEY, JSON.stringify(tasks));\n", ""]),
    twin: app([
      "  localStorage.setItem(KEY, JSON.stringify(tasks));\n",
      "  queueMicrotask(() => localStorage.setItem(KEY, JSON.stringify(tasks)));\n",
    ]),
  },
  {
    name: "Enter key does nothing",
    task: "T2",
    fault: app([
      SUBMIT,
      `form.addEventListener("submit", (event) => event.preventDefault());
document.querySelector("#new button").addEventListener("click", (event) => {
  if (event.detail === 0) return;`,
    ]),
    twin: app([
      SUBMIT,
      `form.addEventListener("submit", (event) => event.preventDefault());
document.querySelector("#new button").addEventListener("click", () => {`,
    ]),
  },
  {
    name: "added twice",
    task: "T2",
    fault: app([
      SUBMIT,
      `document.querySelector("#new button").addEventListener("click", () => {
  const next = addTask(tasks, field.value);
  if (next !== tasks) change(next);
});

${SUBMIT}`,
    ]),
    twin: app([SUBMIT, `document.querySelector("#new button").addEventListener("click", () => {});\n\n${SUBMIT}`]),
  },
  {
    name: "markup through innerHTML",
    task: "T2",
    fault: app(["  text.textContent = task.text;", "  text.innerHTML = task.text;"]),
    twin: app(["  text.textContent = task.text;", "  text.append(task.text);"]),
  },
  {
    name: "focus lost",
    task: "T2",
    fault: app([ADDED, ADDED.replace("  field.focus();\n", "")], [SUBMIT, `${SUBMIT}\n  field.blur();`]),
    twin: app([ADDED, ADDED.replace("  field.focus();\n", "  requestAnimationFrame(() => field.focus());\n")]),
  },
  {
    name: "error in the console",
    task: "T2",
    fault: app(["show();\n", 'show();\ndocument.querySelector("#theme").classList.add("light");\n', "last"]),
    twin: app(["show();\n", 'show();\ndocument.querySelector("#theme")?.classList.add("light");\n', "last"]),
  },
  {
    name: "wrong colour",
    task: "T5",
    fault: style(["background: #2563eb;", "background: #3b82f6;"]),
    twin: style(["background: #2563eb;", "background: rgb(37 99 235);"]),
  },
  {
    name: "name of the button lost",
    task: "T3",
    fault: app([NAMED, ""]),
    twin: app([NAMED, NAMED.replace('setAttribute("aria-label", ', "ariaLabel = (")]),
  },
];

/** The files with a fault or its twin in them. */
export function withChanges(files, { path, changes }) {
  const text = changes.reduce((rest, [old, instead, which]) => {
    const at = which === "last" ? rest.lastIndexOf(old) : rest.indexOf(old);
    if (at < 0) throw new Error(`${path} does not hold ${old}`);
    return rest.slice(0, at) + instead + rest.slice(at + old.length);
  }, files[path]);
  return { ...files, [path]: text };
}
