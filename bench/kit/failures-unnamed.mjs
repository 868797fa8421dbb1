import { all, js, py, pytest, tsc } from "./failure-recipes.mjs";

/** Failures whose cause has no category of its own. */
export const NOTHING_NAMED = [
  ...all("unknown", "python", {
    syntax: py("def f(:\n    pass"),
    indent: py("def f():\nreturn 1"),
    "a name": py("print(frobnicate)"),
    "a type": py('1 + "a"'),
    "a name of a module": py("from json import frobnicate"),
    recursion: py("def f():\n    return f()\nf()"),
    exit: py("import sys\nsys.exit('the config is wrong')"),
    "a refused connection": py('import socket\nsocket.create_connection(("127.0.0.1", 1))'),
    "a name in pytest's collection": pytest("from json import frobnicate\n\ndef test_it():\n    pass"),
    "syntax in pytest's collection": pytest("def test_it(:\n    pass"),
    "no tests": pytest("x = 1"),
  }),
  ...all("unknown", "node", {
    syntax: js("const = 3;"),
    "a name": js("frobnicate();"),
    "a type": js("null.x;"),
    "a name of a module": js('import { frobnicate } from "node:fs";'),
    "a refused connection": js('import { connect } from "node:net";\nconnect(1, "127.0.0.1");'),
    "a missing script": {
      run: "npm run frobnicate --silent; npm run frobnicate",
      files: { "package.json": '{ "name": "x" }\n' },
    },
    json: js('JSON.parse("{");'),
    "a port in use": js(
      'import { createServer } from "node:http";\nconst a = createServer().listen(0, () => createServer().listen(a.address().port));\nsetTimeout(() => process.exit(1), 500);',
    ),
    "the exit code": js("process.exit(3);"),
  }),
  ...all("unknown", "vitest", {
    syntax: { run: "$VITEST run", files: { "it.test.ts": "const = 3;\n" } },
    "no tests": { run: "$VITEST run", files: { "it.test.ts": "export {};\n" } },
  }),
  ...all("unknown", "tsc", {
    "a type": tsc('export const x: number = "a";'),
    "a name": tsc("export const x = frobnicate;"),
    syntax: tsc("export const = 3;"),
    "a name of a module": {
      run: "$TSC --noEmit --module nodenext main.ts",
      files: { "main.ts": 'import { b } from "./a.js";\nexport const c = b;\n', "a.ts": "export const a = 1;\n" },
    },
  }),
  ...all("unknown", "bash", {
    syntax: { run: "bash run.sh", files: { "run.sh": "if true; then\n" } },
    false: "false",
    "make has no rule": "make frobnicate",
    git: "git checkout frobnicate",
    unset: "set -u; echo $FROBNICATE",
    killed: "sh -c 'kill -SEGV $$'",
  }),
];
