import { all, cjs, js, nodeTest, py, pytest, tsc, vitest } from "./failure-recipes.mjs";
import { NOTHING_NAMED } from "./failures-unnamed.mjs";

/**
 * Failures to be made by running them. The label says what was done to make it fail, not what its output looks like.
 * `$PY`, `$PYTEST`, `$VITEST`, `$TSC`, `$NODE` are commands; `$NOBODY` runs a command as somebody who may not.
 */

export const FAILURES = [
  ...all("command-missing", "bash", {
    "a command": "frobnicate --all",
    "in a script": { run: "bash run.sh", files: { "run.sh": "set -e\necho start\nfrobnicate\n" } },
    "by sh": "sh -c 'frobnicate --all'",
    "in a script of sh": { run: "sh run.sh", files: { "run.sh": "echo start\nfrobnicate\n" } },
    env: "env frobnicate",
    "env in a head": { run: "chmod +x run && ./run", files: { run: "#!/usr/bin/env frobnicate\n" } },
    "a head": { run: "chmod +x run && ./run", files: { run: "#!/opt/frobnicate/bin/run\n" } },
    make: { run: "make", files: { Makefile: "all:\n\tfrobnicate --all\n" } },
    xargs: "echo a | xargs frobnicate",
    timeout: "timeout 5 frobnicate",
    nohup: "nohup frobnicate",
  }),
  ...all("command-missing", "node", {
    "npm script": {
      run: "npm test --silent",
      files: { "package.json": '{ "name": "x", "scripts": { "test": "frobnicate" } }\n' },
    },
    spawn: js('import { spawn } from "node:child_process";\nspawn("frobnicate", ["--all"]);'),
    execFileSync: js('import { execFileSync } from "node:child_process";\nexecFileSync("frobnicate");'),
    execSync: js('import { execSync } from "node:child_process";\nexecSync("frobnicate");'),
  }),
  ...all("command-missing", "python", {
    subprocess: py('import subprocess\nsubprocess.run(["frobnicate"], check=True)'),
    "subprocess in a shell": py('import subprocess\nsubprocess.run("frobnicate", shell=True, check=True)'),
    "subprocess in a test": pytest(
      'import subprocess\n\ndef test_it():\n    subprocess.run(["frobnicate"], check=True)',
    ),
  }),
  ...all("python-module-missing", "python", {
    import: py("import frobnicate"),
    "from import": py("from frobnicate.core import run"),
    "a part of a package": py("import json.frobnicate"),
    "-m": "$PY -m frobnicate",
    "-c": "$PY -c 'import frobnicate'",
    "deep inside": {
      run: "$PY main.py",
      files: { "main.py": "import shop\n", "shop.py": "def load():\n    import frobnicate\nload()\n" },
    },
    importlib: py('import importlib\nimportlib.import_module("frobnicate")'),
    unittest: { run: "$PY -m unittest test_it", files: { "test_it.py": "import frobnicate\n" } },
  }),
  ...all("python-module-missing", "pytest", {
    collection: pytest("import frobnicate\n\ndef test_it():\n    pass"),
    "in a test": pytest("def test_it():\n    import frobnicate"),
    "in the code": pytest("import shop\n\ndef test_it():\n    pass", { "shop.py": "from frobnicate import x\n" }),
    conftest: pytest("def test_it():\n    pass", { "conftest.py": "import frobnicate\n" }),
    "own package": pytest("from app.services import todos\n\ndef test_it():\n    pass", { "app/__init__.py": "" }),
  }),
  ...all("node-module-missing", "node", {
    require: cjs('require("frobnicate");'),
    import: js('import "frobnicate";'),
    "import()": js('await import("frobnicate");'),
    scoped: js('import { x } from "@frob/nicate";'),
    "a part of a package": cjs('require("frobnicate/lib/core");'),
    "--import": { run: "$NODE --import frobnicate main.mjs", files: { "main.mjs": "" } },
    "in a test": nodeTest('test("it", async () => { await import("frobnicate"); });'),
    "a builtin": js('import "node:frobnicate";'),
  }),
  ...all("node-module-missing", "vitest", {
    import: vitest('import { x } from "frobnicate";\ntest("it", () => expect(x).toBe(1));'),
    "in the code": vitest('import { y } from "./shop.ts";\ntest("it", () => expect(y).toBe(1));', {
      "shop.ts": 'import { x } from "frobnicate";\nexport const y = x;\n',
    }),
    "import()": vitest('test("it", async () => { const name = "frobnicate"; await import(name); });'),
  }),
  ...all("node-module-missing", "tsc", {
    import: tsc('import { x } from "frobnicate";\nexport const y = x;'),
    scoped: tsc('import x from "@frob/nicate";\nexport const y = x;'),
  }),
  ...all("permission", "bash", {
    "no x bit": { run: "./run.sh", files: { "run.sh": "#!/bin/sh\n" } },
    read: { run: "chmod 000 secret && $NOBODY cat secret", files: { secret: "x" } },
    write: "touch f && chmod 444 f && $NOBODY sh -c 'echo x > f'",
    mkdir: "mkdir -m 555 d && $NOBODY mkdir d/e",
    rm: "mkdir -m 555 d && $NOBODY rm -f d/../d && $NOBODY rmdir d; $NOBODY touch d/x",
    kill: "$NOBODY kill -9 1",
    make: { run: "make", files: { Makefile: "all:\n\t./run.sh\n", "run.sh": "#!/bin/sh\n" } },
  }),
  ...all("permission", "node", {
    readFileSync: {
      run: "chmod 000 secret && $NOBODY node main.cjs",
      files: { secret: "x", "main.cjs": 'require("fs").readFileSync("secret");\n' },
    },
    writeFile: {
      run: "chmod 555 . && $NOBODY node main.cjs",
      files: { "main.cjs": 'require("fs").promises.writeFile("out.txt", "x");\n' },
    },
    spawn: {
      run: "$NODE main.cjs",
      files: { "run.sh": "#!/bin/sh\n", "main.cjs": 'require("child_process").spawn("./run.sh");\n' },
    },
    listen: '$NOBODY node -e \'require("net").createServer().listen("/proc/x.sock")\'',
  }),
  ...all("permission", "python", {
    open: {
      run: "chmod 000 secret && $NOBODY /usr/bin/python3 main.py",
      files: { secret: "x", "main.py": 'open("secret")\n' },
    },
    mkdir: {
      run: "chmod 555 . && $NOBODY /usr/bin/python3 main.py",
      files: { "main.py": 'import os\nos.mkdir("d")\n' },
    },
    subprocess: {
      run: "$PY main.py",
      files: { "run.sh": "#!/bin/sh\n", "main.py": 'import subprocess\nsubprocess.run(["./run.sh"])\n' },
    },
    "in a test": pytest('import subprocess\n\ndef test_it():\n    subprocess.run(["./run.sh"])', {
      "run.sh": "#!/bin/sh\n",
    }),
  }),
  ...all("path", "bash", {
    cat: "cat nothing.txt",
    cd: "cd nowhere && ls",
    "a script": "bash nothing.sh",
    "./script": "./nothing.sh",
    ls: "ls nowhere",
    redirect: "echo x > nowhere/f",
    "into a file": "touch f && cat f/g",
    source: ". ./nothing.sh",
    cp: "cp nothing.txt copy.txt",
    grep: "grep x nothing.txt",
  }),
  ...all("path", "node", {
    "the program": "$NODE nothing.mjs",
    require: cjs('require("./nothing");'),
    import: js('import "./nothing.mjs";'),
    "import of a parent": js('import x from "../lib/nothing.js";'),
    readFileSync: js('import { readFileSync } from "node:fs";\nreadFileSync("nothing.json");'),
    readFile: js('import { readFile } from "node:fs/promises";\nawait readFile("nothing.json");'),
    readdir: js('import { readdirSync } from "node:fs";\nreaddirSync("nowhere");'),
    "a folder": js('import { readFileSync } from "node:fs";\nreadFileSync(".");'),
    "in a test": nodeTest(
      'import { readFileSync } from "node:fs";\ntest("it", () => { readFileSync("nothing.json"); });',
    ),
  }),
  ...all("path", "python", {
    open: py('open("nothing.txt")'),
    "the program": "$PY nothing.py",
    listdir: py('import os\nos.listdir("nowhere")'),
    pathlib: py('from pathlib import Path\nPath("nothing.json").read_text()'),
    "a folder": py('open(".")'),
    "a test's file": pytest('def test_it():\n    open("nothing.txt")'),
    "pytest's argument": "$PYTEST -q nothing_test.py",
  }),
  ...all("path", "vitest", {
    import: vitest('import { x } from "./nothing.ts";\ntest("it", () => expect(x).toBe(1));'),
    readFileSync: vitest(
      'import { readFileSync } from "node:fs";\ntest("it", () => { readFileSync("nothing.json"); });',
    ),
  }),
  ...all("path", "tsc", {
    "the program": "$TSC --noEmit nothing.ts",
    import: tsc('import { x } from "./nothing.js";\nexport const y = x;'),
    "a project": "$TSC -p nowhere/tsconfig.json",
  }),
  ...all("timeout", "vitest", {
    test: vitest('test("it", () => new Promise(() => {}), 50);'),
    hook: vitest(
      'import { beforeAll } from "vitest";\nbeforeAll(() => new Promise(() => {}), 50);\ntest("it", () => {});',
    ),
    poll: vitest('test("it", async () => { await new Promise((done) => setTimeout(done, 500)); }, 50);'),
  }),
  ...all("timeout", "node", {
    test: nodeTest('test("it", { timeout: 50 }, () => new Promise((done) => setTimeout(done, 2000)));'),
    AbortSignal: js(
      'await new Promise((_, no) => { const s = AbortSignal.timeout(30); s.addEventListener("abort", () => no(s.reason)); setTimeout(() => {}, 500); });',
    ),
    execSync: js('import { execSync } from "node:child_process";\nexecSync("sleep 2", { timeout: 50 });'),
    fetch: js(
      'import { createServer } from "node:http";\nconst server = createServer(() => {}).listen(0);\nawait fetch("http://127.0.0.1:" + server.address().port, { signal: AbortSignal.timeout(50) }).finally(() => server.closeAllConnections() ?? server.close());',
    ),
    "events.once": js(
      'import { once, EventEmitter } from "node:events";\nimport { setTimeout as wait } from "node:timers/promises";\nawait Promise.race([once(new EventEmitter(), "x"), wait(20).then(() => { throw new Error("request timed out after 20 ms"); })]);',
    ),
  }),
  ...all("timeout", "python", {
    subprocess: py('import subprocess\nsubprocess.run(["sleep", "2"], timeout=0.05)'),
    asyncio: py(
      "import asyncio\nasync def main():\n    await asyncio.wait_for(asyncio.sleep(2), 0.05)\nasyncio.run(main())",
    ),
    socket: py(
      'import socket\ns = socket.socket()\ns.bind(("127.0.0.1", 0))\ns.listen()\nc = socket.create_connection(s.getsockname())\nc.settimeout(0.05)\nc.recv(1)',
    ),
    urllib: py(
      'import socket, urllib.request\ns = socket.socket()\ns.bind(("127.0.0.1", 0))\ns.listen()\nurllib.request.urlopen("http://127.0.0.1:%d" % s.getsockname()[1], timeout=0.05)',
    ),
    queue: py(
      "import concurrent.futures, time\nwith concurrent.futures.ThreadPoolExecutor() as p:\n    p.submit(time.sleep, 0.3).result(timeout=0.02)",
    ),
    "in a test": pytest('import subprocess\n\ndef test_it():\n    subprocess.run(["sleep", "2"], timeout=0.05)'),
  }),
  ...all("assertion", "pytest", {
    equal: pytest("def test_it():\n    assert 1 + 1 == 3"),
    message: pytest('def test_it():\n    assert False, "permission denied should not be here"'),
    raises: pytest("import pytest\n\ndef test_it():\n    with pytest.raises(ValueError):\n        pass"),
    "words of a time-out": pytest('def test_it():\n    assert "ok" == "the request timed out"'),
    "words of a path": pytest('def test_it():\n    assert "No such file or directory" == "ok"'),
    "an error in the code": pytest("def total(x):\n    return x.amount\n\ndef test_it():\n    assert total(3) == 3"),
    "an error in a key": pytest("def test_it():\n    assert {}['a'] == 1"),
    unittest: pytest(
      "import unittest\n\nclass T(unittest.TestCase):\n    def test_it(self):\n        self.assertEqual([1, 2], [1, 3])",
    ),
    "a log before": pytest('def test_it():\n    print("frobnicate: command not found")\n    assert 1 == 2'),
    "a status": pytest("def test_it():\n    status = 201\n    assert status == 200"),
  }),
  ...all("assertion", "python", {
    assert: py("assert 1 == 2, 'no'"),
    unittest: {
      run: "$PY -m unittest test_it",
      files: {
        "test_it.py":
          "import unittest\nclass T(unittest.TestCase):\n    def test_it(self):\n        self.assertTrue(False)\n",
      },
    },
  }),
  ...all("assertion", "vitest", {
    equal: vitest('test("it", () => expect(1 + 1).toBe(3));'),
    object: vitest('test("it", () => expect({ a: 1 }).toEqual({ a: 2 }));'),
    throws: vitest('test("it", () => expect(() => 1).toThrow("permission denied"));'),
    "words of a module": vitest('test("it", () => expect("Cannot find it").toBe("Cannot find module"));'),
    "an error in the code": vitest('test("it", () => { const x: any = undefined; expect(x.a).toBe(1); });'),
    "an error that is thrown": vitest('test("it", () => { throw new RangeError("negative price"); });'),
    rejects: vitest('test("it", () => expect(Promise.resolve(1)).rejects.toThrow());'),
    "a log before": vitest(
      'test("it", () => { console.log("EACCES: permission denied, open x"); expect(1).toBe(2); });',
    ),
  }),
  ...all("assertion", "node", {
    equal: nodeTest('test("it", () => { assert.equal(1 + 1, 3); });'),
    deepEqual: nodeTest('test("it", () => { assert.deepEqual([1], [2]); });'),
    throws: nodeTest('test("it", () => { assert.throws(() => 1); });'),
    "an error in the code": nodeTest('test("it", () => { null.x; });'),
    "outside of a test": js('import assert from "node:assert";\nassert.equal(1, 2);'),
    "words of a time-out": nodeTest('test("it", () => { assert.equal("connection timed out", "ok"); });'),
  }),
  ...NOTHING_NAMED,
];
