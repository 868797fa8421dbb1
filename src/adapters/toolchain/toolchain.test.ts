import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, test } from "vitest";
import { available } from "../../../test/kit/available.ts";
import { bareSandbox } from "../../../test/kit/bare-sandbox.ts";
import { pythonDialect, scriptDialect } from "../../../test/kit/toolchain-projects.ts";
import { toolchainContract } from "./toolchain.contract.ts";

/** The `node_modules` that holds a runner pinned in test/runners. */
function packagesOf(workspace: string, name: string): string {
  const from = createRequire(join(process.cwd(), "test/runners", workspace, "package.json"));
  return dirname(dirname(from.resolve(`${name}/package.json`)));
}

const VITEST_HEAD = 'import { beforeAll, describe, test } from "vitest";';

toolchainContract({
  title: "vitest 4",
  suite: { runner: "vitest" },
  sandbox: bareSandbox,
  from: join(process.cwd(), "node_modules"),
  called: /^vitest 4\./,
  dialect: scriptDialect({ ending: "mjs", head: VITEST_HEAD, before: "beforeAll" }),
  cannot: ["running case"],
});

toolchainContract({
  title: "vitest 3",
  suite: { runner: "vitest" },
  sandbox: bareSandbox,
  from: packagesOf("vitest-3", "vitest"),
  called: /^vitest 3\./,
  dialect: scriptDialect({ ending: "mjs", head: VITEST_HEAD, before: "beforeAll" }),
  cannot: ["running case"],
});

for (const major of [29, 30]) {
  toolchainContract({
    title: `jest ${major}`,
    suite: { runner: "jest" },
    sandbox: bareSandbox,
    from: packagesOf(`jest-${major}`, "jest"),
    called: new RegExp(`^jest ${major}\\.`),
    dialect: scriptDialect({ ending: "js", head: "", before: "beforeAll", isCommonJs: true }),
    cannot: ["hook"],
  });
}

toolchainContract({
  title: "mocha 11",
  suite: { runner: "mocha" },
  sandbox: bareSandbox,
  from: packagesOf("mocha-11", "mocha"),
  called: /^mocha 11\./,
  dialect: scriptDialect({ ending: "mjs", head: "const test = it;", before: "before" }),
});

toolchainContract({
  title: "node:test",
  suite: { runner: "node-test" },
  sandbox: bareSandbox,
  called: /^node:test \d+/,
  dialect: scriptDialect({
    ending: "mjs",
    head: 'import { before, describe, test } from "node:test";',
    before: "before",
  }),
  cannot: ["running case", "id selection"],
});

/** Other versions of Node, as paths of programs. */
const nodes = (process.env.MILLWRIGHT_NODES ?? "").split(":").filter((path) => existsSync(path));
for (const node of nodes) {
  toolchainContract({
    title: `node:test of ${node}`,
    suite: { runner: "node-test", command: `${node} --test` },
    sandbox: bareSandbox,
    called: /^node:test \d+/,
    dialect: scriptDialect({
      ending: "mjs",
      head: 'import { before, describe, test } from "node:test";',
      before: "before",
    }),
    cannot: ["running case", "id selection"],
  });
}
test.runIf(nodes.length > 0)("node:test of Node 22 and 24 (needs their paths in MILLWRIGHT_NODES)", () => undefined);

describe.runIf(available.pytest)("system's pytest (needs python3-pytest)", () => {
  toolchainContract({
    title: "pytest 7 and later",
    suite: { runner: "pytest", command: "/usr/bin/python3 -m pytest" },
    sandbox: bareSandbox,
    called: /^pytest \d+/,
    dialect: pythonDialect(),
  });
});

const venvs = (process.env.MILLWRIGHT_PYTEST_VENVS ?? "").split(":").filter((path) => existsSync(path));
for (const venv of venvs) {
  toolchainContract({
    title: `pytest in ${venv}`,
    suite: { runner: "pytest", command: `${venv}/bin/python -m pytest` },
    sandbox: bareSandbox,
    called: /^pytest \d+/,
    dialect: pythonDialect(),
  });
}
test.runIf(venvs.length > 0)(
  "pytest 8 and 9 (needs their environments' paths in MILLWRIGHT_PYTEST_VENVS)",
  () => undefined,
);
