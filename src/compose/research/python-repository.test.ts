import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { available } from "../../../test/kit/available.ts";
import { makeTarget, type Target } from "../../../test/kit/target.ts";
import { openBubblewrap } from "../../adapters/sandbox/bubblewrap/open-bubblewrap.ts";
import { Config } from "../../domain/config.ts";
import { ENVIRONMENT } from "../../domain/research/install-commands.ts";
import type { PythonWorld } from "../../domain/research/stage.ts";
import { openRepository } from "../open-repository.ts";
import { repositoryWith } from "./python-repository.ts";

const TEST = `import os

import only_here


def test_AC1_environment():
    assert only_here.answer() == 42


def test_AC2_dataset():
    with open(os.path.join(os.environ["MILLWRIGHT_DATASETS"], "text.txt")) as file:
        assert file.read() == "a text"
`;

let target: Target;
let own: string;
beforeAll(() => {
  target = makeTarget({ "tests/test_environment.py": TEST, "requirements.txt": "only-here==1.0\n" });
  own = realpathSync(mkdtempSync(join(tmpdir(), "millwright-python-")));
  mkdirSync(join(own, "environment"));
  mkdirSync(join(own, "datasets"));
  writeFileSync(join(own, "datasets/text.txt"), "a text");
});
afterAll(() => {
  target.remove();
  rmSync(own, { recursive: true, force: true });
});

describe.runIf(available.bwrap)("the tests of an experiment", () => {
  test("run in the environment that was made for it and see its datasets", {
    timeout: 120_000,
  }, async () => {
    const prefix = join(own, "environment/prefix");
    execFileSync("/usr/bin/python3", ["-m", "venv", "--without-pip", "--system-site-packages", prefix]);
    const [version = ""] = readdirSync(join(prefix, "lib"));
    writeFileSync(join(prefix, "lib", version, "site-packages/only_here.py"), "def answer():\n    return 42\n");
    const sandbox = await openBubblewrap();
    const config = Config.parse({ suites: [{ runner: "pytest" }], lint: "off", types: "off" });
    const stateDir = join(own, "state");
    const opened = await openRepository({ root: target.dir, stateDir, config, sandbox });
    const python: PythonWorld = {
      argv: [`${ENVIRONMENT}/prefix/bin/python`],
      mounts: [{ source: join(own, "environment"), target: ENVIRONMENT, access: "read" }],
      env: { MILLWRIGHT_DATASETS: "/datasets" },
      digest: "e".repeat(64),
      accelerator: { device: "cpu", wanted: "cpu", name: "A CPU", cores: 2, memoryMegabytes: 4000 },
      datasets: [{ source: join(own, "datasets"), target: "/datasets", access: "read" }],
    };
    const { repository } = opened;
    const within = await repositoryWith(python, { repository, sandbox, root: target.dir, stateDir });
    try {
      const head = await repository.git.resolve("HEAD");
      const job = { tree: head?.tree ?? "", selection: { kind: "all" }, seconds: 60 } as const;
      const report = await within.repository.toolchain.suite(job);
      expect(report.errors).toEqual([]);
      expect(report.cases.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual(
        expect.arrayContaining(["test_AC1_environment passed", "test_AC2_dataset passed"]),
      );
      const [here, elsewhere] = await Promise.all([
        within.repository.toolchain.prepare(job.tree),
        repositoryWith({ ...python, digest: "f".repeat(64) }, { repository, sandbox, root: target.dir, stateDir }).then(
          (other) => other.repository.toolchain.prepare(job.tree).finally(() => other.close()),
        ),
      ]);
      expect(here.digest).not.toBe(elsewhere.digest);
    } finally {
      await within.close();
      await opened.close();
    }
  });
});
