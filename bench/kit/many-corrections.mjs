/** Corrections that nobody wrote for a project: one of each built-in form, and as many as a bench wants. */

const why = { reason: "A bench.", runs: [], signatures: [], cases: [] };
/** `texts`: what is wrong, what becomes of it, and what stays as it is. */
const draft = (id, languages, does, [before, after, stays]) => ({
  ...{ id, title: id, why, languages, files: ["**"], state: "on", does },
  examples: { valid: [{ text: stays }], invalid: [{ text: before, expected: after }] },
});

const PYTHON = ["python"];
const SCRIPT = ["typescript", "javascript"];

/** What a right file is to be left alone by: missing imports of common names, modules that moved, names that went. */
export const GENERIC = [
  draft(...["python-json", PYTHON, { kind: "add-import", name: "json" }], [
    "print(json.dumps(1))\n",
    "import json\n\nprint(json.dumps(1))\n",
    "import json\n\nprint(json.dumps(1))\n",
  ]),
  draft(...["python-path", PYTHON, { kind: "add-import", name: "Path", from: "pathlib" }], [
    "print(Path(1))\n",
    "from pathlib import Path\n\nprint(Path(1))\n",
    "class Path:\n    pass\n\n\nprint(Path(1))\n",
  ]),
  draft(
    ...[
      "python-collections",
      PYTHON,
      { kind: "rewrite-import", from: "collections", to: "collections.abc", names: { Mapping: "Mapping" } },
    ],
    [
      "from collections import Mapping\n",
      "from collections.abc import Mapping\n",
      "from collections import OrderedDict\n",
    ],
  ),
  draft(...["script-join", SCRIPT, { kind: "add-import", name: "join", from: "node:path" }], [
    'console.log(join("a"));\n',
    'import { join } from "node:path";\n\nconsole.log(join("a"));\n',
    'const join = String;\nconsole.log(join("a"), [].join());\n',
  ]),
  draft(...["script-read", SCRIPT, { kind: "add-import", name: "readFileSync", from: "node:fs" }], [
    'readFileSync("a");\n',
    'import { readFileSync } from "node:fs";\n\nreadFileSync("a");\n',
    'fs.readFileSync("a");\n',
  ]),
  draft(...["script-punycode", SCRIPT, { kind: "rewrite-import", from: "punycode", to: "punycode/" }], [
    'import { toASCII } from "punycode";\n',
    'import { toASCII } from "punycode/";\n',
    'import { toASCII } from "punycode/";\n',
  ]),
];

/** `count` corrections of all forms in turn, and Python and JavaScript with something for each of them. */
export function synthetic(count) {
  const all = Array.from({ length: count }, (_, at) => FORMS[at % FORMS.length](at));
  const text = (language) =>
    all
      .filter(({ languages }) => languages.includes(language))
      .map(({ examples }) => examples.invalid[0].text)
      .join("");
  return { drafts: all, python: text("python"), script: text("javascript") };
}

const FORMS = [
  (at) =>
    draft(...[`moved-${at}`, PYTHON, { kind: "rewrite-import", from: `old.place${at}`, to: `new.place${at}` }], [
      `from old.place${at} import name${at}\n`,
      `from new.place${at} import name${at}\n`,
      `from new.place${at} import name${at}\n`,
    ]),
  (at) =>
    draft(...[`argument-${at}`, PYTHON, { kind: "add-argument", call: `$A.send${at}`, name: "timeout", value: at }], [
      `client.send${at}(1)\n`,
      `client.send${at}(1, timeout=${at})\n`,
      `client.send${at}(1, timeout=None)\n`,
    ]),
  (at) =>
    draft(...[`literal-${at}`, SCRIPT, { kind: "replace-literal", from: [at], to: at + 1, call: `reply.code${at}` }], [
      `reply.code${at}(${at});\n`,
      `reply.code${at}(${at + 1});\n`,
      `reply.code${at}("x");\n`,
    ]),
  (at) =>
    draft(
      ...[
        `rule-${at}`,
        SCRIPT,
        { kind: "rule", rule: { pattern: `sort${at}($A)` }, operations: [{ kind: "replace", with: `order${at}($A)` }] },
      ],
      [`sort${at}(rows);\n`, `order${at}(rows);\n`, `order${at}(rows);\n`],
    ),
  (at) =>
    draft(
      ...[
        `statement-${at}`,
        PYTHON,
        {
          kind: "rule",
          rule: { kind: "import_from_statement", has: { field: "module_name", regex: `^gone${at}$` } },
          operations: [{ kind: "remove" }],
        },
      ],
      [`from gone${at} import x\ny = 1\n`, "y = 1\n", "y = 1\n"],
    ),
];
