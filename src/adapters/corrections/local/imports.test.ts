import { describe, expect, test } from "vitest";
import { becomes } from "../../../../test/kit/corrections.ts";
import type { Does } from "../../../domain/correction-file.ts";

const SESSION: Does = { kind: "rewrite-import", from: "app.db.session", to: "app.database" };

describe("an import from another module in Python", () => {
  test.each([
    ["from app.db.session import get_db\n", "from app.database import get_db\n"],
    ["from app . db.session import a as b, c\n", "from app.database import a as b, c\n"],
    [
      "from app.db.session import (\n    a,  # one\n    b,\n)\n",
      "from app.database import (\n    a,  # one\n    b,\n)\n",
    ],
    ["from app.db.session import *\n", "from app.database import *\n"],
    ["from app.db import session\nsession.get()\n", "from app import database as session\nsession.get()\n"],
    ["from app.db import models, session\n", "from app.db import models\nfrom app import database as session\n"],
    ["import app.db.session as s\n", "import app.database as s\n"],
    ["import app.db.session\nx = app.db.session.get_db()\n", "import app.database\nx = app.database.get_db()\n"],
    ["from app.database import a\nfrom app.db.session import a\n", "from app.database import a\n"],
    ["def f():\n    from app.db.session import a; return a\n", "def f():\n    from app.database import a; return a\n"],
    ['"""é😀"""\nfrom app.db.session import a\n', '"""é😀"""\nfrom app.database import a\n'],
    ["from app.db.session import a\r\nb = a\r\n", "from app.database import a\r\nb = a\r\n"],
  ])("%j", async (before, after) => {
    expect(await becomes(SESSION, before)).toBe(after);
  });

  test.each([
    ["from app.db.sessions import a\n"],
    ["from app.db import models\n"],
    ["from .db.session import a\n"],
    ["# from app.db.session import a\n"],
    ['x = "from app.db.session import a"\n'],
  ])("%j stays", async (text) => {
    expect(await becomes(SESSION, text)).toBe(text);
  });

  const names: Does = { ...SESSION, names: { get_db: "get_db", get_session: "get_db" } };
  test.each([
    ["from app.db.session import get_db\n", "from app.database import get_db\n"],
    ["from app.db.session import get_session\n", "from app.database import get_db as get_session\n"],
    ["from app.db.session import get_session as s\n", "from app.database import get_db as s\n"],
    ["from app.db.session import a, get_db, b\n", "from app.db.session import a, b\nfrom app.database import get_db\n"],
    ["from app.db.session import get_db, a\n", "from app.db.session import a\nfrom app.database import get_db\n"],
    [
      "from app.db.session import a, get_db  # here\n",
      "from app.db.session import a  # here\nfrom app.database import get_db\n",
    ],
    [
      "from app.db.session import (\n    get_db,\n    a,\n)\n",
      "from app.db.session import (\n    a,\n)\nfrom app.database import get_db\n",
    ],
    ["from app.db.session import *\n", "from app.db.session import *\n"],
  ])("some names: %j", async (before, after) => {
    expect(await becomes(names, before)).toBe(after);
  });
});

const script = (does: Does, text: string, path = "src/deep/a.ts") => becomes(does, text, { path });

describe("an import from another module in TypeScript and JavaScript", () => {
  const module: Does = { kind: "rewrite-import", from: "lodash", to: "lodash-es" };
  test.each([
    ["import a, { b } from 'lodash'\n", "import a, { b } from 'lodash-es'\n"],
    ['export * from "lodash";\n', 'export * from "lodash-es";\n'],
    ['import "lodash";\n', 'import "lodash-es";\n'],
    ['const a = await import("lodash");\n', 'const a = await import("lodash-es");\n'],
    ['import type { A } from "lodash";\n', 'import type { A } from "lodash-es";\n'],
    ['import a from "lodash/fp"; log("lodash");\n', 'import a from "lodash/fp"; log("lodash");\n'],
  ])("%j", async (before, after) => {
    expect(await script(module, before)).toBe(after);
    expect(await script(module, before.replace("import type", "import"), "src/a.mjs")).toBe(
      after.replace("import type", "import"),
    );
  });

  test("by a path of the repository, however it is reached, with the ending that was written", async () => {
    const moved: Does = { kind: "rewrite-import", from: "/src/db/session.ts", to: "/src/database.ts" };
    expect(await script(moved, 'import { a } from "../db/session.js";\n')).toBe(
      'import { a } from "../database.js";\n',
    );
    expect(await script(moved, 'import { a } from "./db/session";\n', "src/a.tsx")).toBe(
      'import { a } from "./database";\n',
    );
    expect(await script(moved, 'import { a } from "./db/session";\n')).toBe('import { a } from "./db/session";\n');
    expect(await script(moved, 'const a = require("../db/session");\n', "src/x/a.cjs")).toBe(
      'const a = require("../database");\n',
    );
  });

  const some: Does = { kind: "rewrite-import", from: "./old", to: "./new", names: { a: "a", b: "c" } };
  test.each([
    ['import { a } from "./old";\n', 'import { a } from "./new";\n'],
    ['import { b, type a } from "./old";\n', 'import { c as b, type a } from "./new";\n'],
    ['import { a, x } from "./old";\n', 'import { x } from "./old";\nimport { a } from "./new";\n'],
    ["import { x, b as y } from './old'\n", "import { x } from './old'\nimport { c as y } from './new'\n"],
    ['import d, { a } from "./old";\n', 'import d from "./old";\nimport { a } from "./new";\n'],
    ['import type { a, x } from "./old";\n', 'import type { x } from "./old";\nimport type { a } from "./new";\n'],
    ['import {\n  x,\n  a,\n} from "./old";\n', 'import {\n  x,\n} from "./old";\nimport { a } from "./new";\n'],
    ['import * as all from "./old";\n', 'import * as all from "./old";\n'],
  ])("some names: %j", async (before, after) => {
    expect(await script(some, before)).toBe(after);
  });
});

const GET_DB: Does = { kind: "add-import", name: "get_db", from: "app.database" };

describe("a missing import", () => {
  test.each([
    ["x = get_db()\n", "from app.database import get_db\n\n\nx = get_db()\n"],
    ["import os\n\nx = get_db()\n", "import os\nfrom app.database import get_db\n\nx = get_db()\n"],
    ["from app.database import a\nx = get_db()\n", "from app.database import a, get_db\nx = get_db()\n"],
    [
      "from app.database import (\n    a,\n)\nx = get_db()\n",
      "from app.database import (\n    a, get_db,\n)\nx = get_db()\n",
    ],
    [
      '#!/usr/bin/env python3\n# Licence\n\n"""Says what."""\n\n# about x\nx = get_db()\n',
      '#!/usr/bin/env python3\n# Licence\n\n"""Says what."""\n\nfrom app.database import get_db\n\n\n# about x\nx = get_db()\n',
    ],
    [
      "from __future__ import annotations\n\n\ndef f(db=Depends(get_db)): ...\n",
      "from __future__ import annotations\nfrom app.database import get_db\n\n\ndef f(db=Depends(get_db)): ...\n",
    ],
    ["import os  # é😀\nx = get_db\n", "import os  # é😀\nfrom app.database import get_db\nx = get_db\n"],
  ])("in Python: %j", async (before, after) => {
    expect(await becomes(GET_DB, before)).toBe(after);
  });

  test.each([
    ["from elsewhere import get_db\nget_db()\n"],
    ["from elsewhere import x as get_db\nget_db()\n"],
    ["from elsewhere import *\nget_db()\n"],
    ["def get_db(): ...\n\n\nget_db()\n"],
    ["get_db = 1\nprint(get_db)\n"],
    ["def f(get_db):\n    return get_db\n"],
    ["def f(a, get_db=None, *, b):\n    return get_db\n"],
    ["for get_db in x:\n    print(get_db)\n"],
    ["with x as get_db:\n    get_db()\n"],
    ["y = [get_db for get_db in x]\n"],
    ["x.get_db()\nf(get_db=1)\n"],
    ['"get_db"  # get_db\n'],
    ["if (get_db := f()):\n    get_db()\n"],
    ["try:\n    pass\nexcept E as get_db:\n    get_db\n"],
  ])("in Python, bound or not used: %j", async (text) => {
    expect(await becomes(GET_DB, text)).toBe(text);
  });

  const round: Does = { kind: "add-import", name: "round", from: "./round.js" };
  test.each([
    ["round(1);\n", 'import { round } from "./round.js";\n\nround(1);\n'],
    [
      'import { a } from "./a";\n\nround(1);\n',
      'import { a } from "./a";\nimport { round } from "./round.js";\n\nround(1);\n',
    ],
    ['import { a } from "./round.js";\nround(a);\n', 'import { a, round } from "./round.js";\nround(a);\n'],
    [
      'import {\n  a,\n} from "./round.js";\nround(a);\n',
      'import {\n  a,\n  round,\n} from "./round.js";\nround(a);\n',
    ],
    [
      'import type { A } from "./round.js";\nround(1 as A);\n',
      'import type { A } from "./round.js";\nimport { round } from "./round.js";\nround(1 as A);\n',
    ],
    [
      "/** Says what. */\nexport const x = { round };\n",
      'import { round } from "./round.js";\n\n/** Says what. */\nexport const x = { round };\n',
    ],
    ['"use strict";\nround(1);\n', '"use strict";\nimport { round } from "./round.js";\n\nround(1);\n'],
    ["export { round };\n", 'import { round } from "./round.js";\n\nexport { round };\n'],
  ])("in TypeScript: %j", async (before, after) => {
    expect(await script(round, before)).toBe(after);
  });

  test.each([
    ["const round = 1; round;\n"],
    ["const { round } = Math; round(1);\n"],
    ["const { round: r = 1, ...rest } = Math; Math.round(r);\n"],
    ["const { r: round } = Math; round(1);\n"],
    ["function f(round) { return round; }\n"],
    ["const f = (round: number) => round;\n"],
    ["const f = round => round;\n"],
    ["try { f(); } catch (round) { log(round); }\n"],
    ["for (const round of all) log(round);\n"],
    ['import round from "./other"; round();\n'],
    ['export { round } from "./other";\n'],
    ["type A = { round: number }; Math.round(1);\n"],
    ["class round {} new round();\n"],
  ])("in TypeScript, bound or not used: %j", async (text) => {
    expect(await script(round, text)).toBe(text);
  });

  test("as CommonJS, as a module, as a default", async () => {
    const cjs = 'const a = require("a");\n\nround(a);\n';
    expect(await script(round, cjs, "src/a.cjs")).toBe(
      'const a = require("a");\nconst { round } = require("./round.js");\n\nround(a);\n',
    );
    expect(await becomes({ kind: "add-import", name: "np", from: "numpy", style: "module" }, "np.array()\n")).toBe(
      "import numpy as np\n\n\nnp.array()\n",
    );
    expect(await becomes({ kind: "add-import", name: "os" }, "os.getcwd()\n")).toBe("import os\n\n\nos.getcwd()\n");
    const react: Does = { kind: "add-import", name: "React", from: "react", style: "default" };
    expect(await script(react, "React.useState();\n", "a.jsx")).toBe(
      'import React from "react";\n\nReact.useState();\n',
    );
  });
});
