/**
 * The mistakes that the seed's model made, as text that becomes wrong: what the seed names, and a pool of others that are no
 * habit. A mistake takes the files of an honest answer (path -> text) and returns them wrong, or undefined where it
 * cannot be made.
 */

import { onlyOwnRoutes } from "./code.mjs";

/** The files, those changed that `change` changes; undefined when it changes none. */
function changed(files, change) {
  const after = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, change(text, path)]));
  return Object.keys(files).some((path) => after[path] !== files[path]) ? after : undefined;
}

const once = (from, to) => (files) => changed(files, (text) => text.replace(from, to));
const everywhere = (from, to) => (files) => changed(files, (text) => text.replaceAll(from, to));

/** A module-level line below the imports that stand there already. */
function withHeader(text, header) {
  const head = /^(?:from .*\n)*/.exec(text)[0];
  const rest = text.slice(head.length).replace(/^\n+/, "");
  return `${head}${head ? "\n" : ""}${header}\n\n\n${rest}`;
}

const ownClient = (text) =>
  withHeader(
    text.replace(/^(def test_\w+)\(client\):/gm, "$1():"),
    "from fastapi.testclient import TestClient\n\nfrom app.main import app\n\nclient = TestClient(app)",
  );

const vacuous = (text) =>
  text.replace(/^(def test_\w+\((?:client)?\):\n)(?: {4}.*\n|\n(?= {4}))+/gm, "$1    assert client is not None\n");

/**
 * `kind`: `environment` as the seed counts failures; `patch` are those of its patch failures that a rewriting mends; `gated` are
 * those that a gate can only refuse: a discarded attempt even with every correction on. A role's ways of a
 * habit are drawn once a seed, those of other mistakes each time.
 */
export const mistakes = [
  {
    id: "session-import",
    kind: "environment",
    isHabit: true,
    published: "`from app.db.session import`; the model consistently forgets `from app.database import get_db`",
    developer: everywhere(
      "from app.database import get_db\nfrom app.models",
      "from app.db.session import get_db\nfrom app.models",
    ),
  },
  {
    id: "conftest-import",
    kind: "environment",
    isHabit: true,
    published: "TASK-006: ImportError conftest",
    tester: (files) => changed(files, (text) => withHeader(text, "from app.conftest import client")),
  },
  {
    id: "post-without-201",
    kind: "patch",
    isHabit: true,
    published: "`@router.post(...)` without `status_code=201`",
    developer: once('@router.post("/todos", status_code=201, ', '@router.post("/todos", '),
  },
  {
    id: "put-201",
    kind: "patch",
    isHabit: true,
    published: "TASK-008: tests with wrong status codes; correction #13, PUT 201 to 200",
    tester: everywhere(/(= client\.put\([^\n]*\n +assert response\.status_code == )200/g, "$1201"),
    developer: once(/(@router\.put\("[^"]*")/, "$1, status_code=201"),
  },
  {
    id: "overwrite",
    kind: "gated",
    isHabit: true,
    published: "TASK-011, TASK-012: overwrote routes/todo.py, destroying previously committed code",
    developer: (files, { task, landed, base }) => {
      const alone = onlyOwnRoutes(task, landed);
      const paths = Object.keys(alone).filter((path) => path in files && base.has(path));
      return changed(files, (text, path) => (paths.includes(path) ? alone[path] : text));
    },
  },
  {
    id: "own-client",
    kind: "patch",
    isHabit: true,
    published: "TASK-012: its own TestClient instead of the `client` fixture",
    tester: (files) => changed(files, ownClient),
  },
  {
    id: "vacuous-test",
    kind: "gated",
    isHabit: true,
    published: "Verify RED: if it passes, the test is wrong",
    tester: (files) => changed(files, vacuous),
  },
  {
    id: "other",
    kind: "gated",
    isHabit: false,
    published: "the failures that remained with 11 to 13 corrections",
    tester: [
      once(/^def test_ac\d+_/m, "def test_"),
      once(/ == (\d)$/m, (_, digit) => ` == ${Number(digit) + 1}`),
      once(/^(def test_\w+\(client\)):/m, "$1"),
      once(/^( +)response = /m, "$1reply = "),
    ],
    developer: [
      everywhere(".dict()", ".model_dump()"),
      once("    db.commit()\n", ""),
      once('f"Todo {todo_id} not found"', '"Todo not found"'),
      once("db.query(Todo)", "db.query(Todos)"),
      once(/^(def \w+\(.*\)):$/m, "$1"),
    ],
  },
];
