import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { available } from "../../../test/kit/available.ts";
import { type PythonIndex, startPythonIndex } from "../../../test/kit/python-index.ts";
import { type ResearchSetting, type ResearchWork, researchWork } from "../../../test/kit/research-work.ts";
import { makeTarget, type Target } from "../../../test/kit/target.ts";
import { openBubblewrap } from "../../adapters/sandbox/bubblewrap/open-bubblewrap.ts";
import type { PythonWorld, StageEnd } from "../../domain/research/stage.ts";
import type { Sandbox } from "../../engine/ports.ts";
import { environmentStage } from "./environment-stage.ts";

const VENV = { kind: "venv", interpreter: "/usr/bin/python3" };
const limits = { seconds: 20, memoryMegabytes: 512, processes: 32, outputMegabytes: 1, diskMegabytes: 16 };

let index: PythonIndex;
let target: Target;
let sandbox: Sandbox;
const works: ResearchWork[] = [];
const before = process.env.PIP_INDEX_URL;
beforeAll(async () => {
  index = await startPythonIndex(["tiny==1.0", "tiny==1.1", "picky==3.0 broken"]);
  process.env.PIP_INDEX_URL = index.url;
  target = makeTarget({ "README.md": "An experiment.\n" });
  if (available.bwrap) sandbox = await openBubblewrap();
});
afterAll(async () => {
  if (before === undefined) delete process.env.PIP_INDEX_URL;
  else process.env.PIP_INDEX_URL = before;
  for (const work of works) work.remove();
  target.remove();
  await index.close();
});

async function story(environment: object, change: Partial<ResearchSetting> = {}): Promise<ResearchWork> {
  const work = await researchWork({ target, sandbox, plan: { environment }, ...change });
  works.push(work);
  return work;
}

function passed(end: StageEnd): Extract<StageEnd, { kind: "passed" }> {
  if (end.kind !== "passed") throw new Error(JSON.stringify(end));
  return end;
}

const lockOf = (end: StageEnd) => passed(end).files.find(({ path }) => path === "environment.lock")?.text ?? "";

async function said(python: PythonWorld | undefined, script: string): Promise<string> {
  if (python === undefined) throw new Error("no python");
  const { argv, mounts, env } = python;
  const result = await sandbox.run({ argv: [...argv, "-c", script], cwd: "/", mounts, env, network: false, limits });
  return `${result.stdout}${result.stderr}`.trim();
}

const versions = (packages: object) => JSON.stringify({ move: "versions", packages, why: "it is there" });

describe.runIf(available.bwrap)("a virtual environment", { timeout: 120_000 }, () => {
  test("is installed in the sandbox, locked with hashes, and installed from its lock alone", async () => {
    const environment = { ...VENV, packages: { tiny: "1.0" } };
    const first = await story(environment);
    const end = passed(await environmentStage(first.work));
    const lock = lockOf(end);
    expect(lock).toMatch(/^# millwright locked this; wish [0-9a-f]{16}\ntiny==1\.0 --hash=sha256:[0-9a-f]{64}\n$/);
    expect(await said(end.python, "import tiny; print(tiny.version)")).toBe("1.0");
    expect(await said(end.python, "open('/environment/prefix/x', 'w')")).toContain("Read-only file system");

    const locked = makeTarget({ "environment.lock": lock });
    const forged = makeTarget({ "environment.lock": lock.replace(/sha256:.{64}/, `sha256:${"0".repeat(64)}`) });
    try {
      const again = await story(environment, { target: locked });
      const same = passed(await environmentStage(again.work));
      expect(lockOf(same)).toBe(lock);
      expect(same.python?.digest).toBe(end.python?.digest);
      const wrong = await story(environment, { target: forged });
      await expect(environmentStage(wrong.work)).rejects.toThrow(/nobody is there/);
      expect(wrong.errors[0]?.error).toMatch(/DO NOT MATCH THE HASHES/);
    } finally {
      locked.remove();
      forged.remove();
    }
  });

  test("that cannot be installed is answered by the coder: another version, and every try is in the log of errors", async () => {
    const coder = () => versions({ tiny: "1.1" });
    const { work, errors, briefs, problems } = await story({ ...VENV, packages: { tiny: "2.0" } }, { coder });
    const end = passed(await environmentStage(work));
    expect(await said(end.python, "import tiny; print(tiny.version)")).toBe("1.1");
    expect(briefs[0]).toContain("from versions: 1.0, 1.1");
    expect(errors).toEqual([
      {
        stage: "environment",
        subject: "installation",
        error: expect.stringContaining("tiny==2.0"),
        resolution: "other versions: tiny 1.1 (it is there)",
      },
    ]);
    expect(end.summary).toContain("changed on the way: other versions: tiny 1.1");
    expect(end.report).toMatchObject({ changes: ["other versions: tiny 1.1 (it is there)"] });
    expect(problems).toEqual([]);
    // The same visit again installs nothing and asks nobody.
    const asked = index.requests.length;
    const resumed = await environmentStage(work);
    expect([lockOf(resumed), index.requests.length, briefs.length]).toEqual([lockOf(end), asked, 1]);
  });

  test("is built from source when the coder says so", async () => {
    const coder = () => JSON.stringify({ move: "source", packages: ["picky"], why: "its wheel is broken" });
    const { work } = await story({ ...VENV, packages: { picky: "3.0" } }, { coder });
    const end = passed(await environmentStage(work));
    expect(await said(end.python, "import picky; print(picky.built)")).toBe("from source");
  });

  test("that fails three times is escalated; the orchestrator's words lead one more round", async () => {
    const coder = (told: string) => versions({ tiny: told.includes("Take 1.0") ? "1.0" : "9.9" });
    const orchestrator = () => ({ move: "instructions", words: "Take 1.0, the plan allows it." });
    const { work, problems, errors } = await story({ ...VENV, packages: { tiny: "2.0" } }, { coder, orchestrator });
    const end = passed(await environmentStage(work));
    expect(await said(end.python, "import tiny; print(tiny.version)")).toBe("1.0");
    expect(problems).toHaveLength(1);
    expect(problems[0]?.text.match(/## Failure/g)).toHaveLength(3);
    expect(errors).toHaveLength(3);
  });

  test("that fails after the orchestrator's words as well is a person's matter: six tries and no seventh", async () => {
    const coder = () => versions({ tiny: "9.9" });
    const orchestrator = () => ({ move: "instructions", words: "Try once more." });
    const { work, problems, errors } = await story({ ...VENV, packages: { tiny: "2.0" } }, { coder, orchestrator });
    await expect(environmentStage(work)).rejects.toMatchObject({
      remedy: "ask",
      message: expect.stringContaining("tiny==9.9"),
      hint: expect.stringContaining("cannot be installed after 6 tries"),
    });
    expect([problems.length, errors.length]).toEqual([1, 5]);
  });

  test("asks for no other index: such an answer is unusable, and a person is asked in the end", async () => {
    const coder = () => JSON.stringify({ move: "versions", packages: { tiny: "1.0" }, index: "http://evil", why: "x" });
    const { work, errors, problems } = await story({ ...VENV, packages: { tiny: "2.0" } }, { coder });
    await expect(environmentStage(work)).rejects.toMatchObject({
      code: "environment",
      remedy: "ask",
      message: expect.stringContaining("nobody is there"),
    });
    expect(errors[0]?.resolution).toContain("an answer that cannot be used");
    expect(problems).toHaveLength(1);
    // The person mends it, and the same visit begins anew.
    expect(index.requests.join(" ")).not.toContain("evil");
  });

  test("that cannot reach its index is nobody's fault: it is tried again and then waits; the coder is not asked", async () => {
    process.env.PIP_INDEX_URL = "http://127.0.0.1:9/simple";
    try {
      const { work, briefs } = await story({ ...VENV, packages: { tiny: "1.0" } });
      await expect(environmentStage(work)).rejects.toMatchObject({ code: "install-failed", remedy: "retry" });
      expect(briefs).toEqual([]);
    } finally {
      process.env.PIP_INDEX_URL = index.url;
    }
  });

  test.each(["uv", "conda", "micromamba"])(
    "of kind %s is refused by name where that program is missing",
    async (kind) => {
      const path = process.env.PATH;
      process.env.PATH = "/usr/bin:/bin";
      try {
        const { work } = await story({ kind, packages: { tiny: "1.0" } });
        await expect(environmentStage(work)).rejects.toThrow(
          new RegExp(`no program \`${kind}\` is on the PATH. Install it \\(.+\\), or write another kind`),
        );
      } finally {
        process.env.PATH = path;
      }
    },
  );
});

/**
 * Stand in for programs that this house's machines do not have: each takes the words that its documentation gives, and no others,
 * and does with a virtual environment and pip what they stand for. LOCKED is a line of pip's with its hash.
 */
const STAND_INS = {
  uv: `#!/bin/sh
case "$*" in
  "venv --no-config --python /usr/bin/python3"*" /environment/prefix") exec /usr/bin/python3 -m venv --without-pip /environment/prefix ;;
  "pip compile --no-config --no-header --generate-hashes --python /environment/prefix/bin/python -o /environment/lock.txt /environment/wanted.txt")
    grep -qx "tiny==1.0" /environment/wanted.txt && echo "LOCKED" >/environment/lock.txt ;;
  "pip sync --no-config --require-hashes --python /environment/prefix/bin/python /environment/lock.txt")
    exec /usr/bin/python3 -m pip --python /environment/prefix/bin/python install --no-deps --require-hashes -r /environment/lock.txt ;;
  *) echo "unknown: $*" >&2; exit 2 ;;
esac
`,
  conda: `#!/bin/sh
make() { /usr/bin/python3 -m venv --without-pip /environment/prefix; }
case "$*" in
  "create --yes --prefix /environment/prefix --file /environment/lock.txt") grep -q @EXPLICIT /environment/lock.txt && make ;;
  "create --yes --prefix /environment/prefix --override-channels --channel conda-forge python=3 tiny=1.0") make ;;
  "list --prefix /environment/prefix --explicit --md5") printf '@EXPLICIT\\nhttps://conda.example.invalid/noarch/tiny-1.0-0.conda#0123\\n' ;;
  *) echo "unknown: $*" >&2; exit 2 ;;
esac
`,
  micromamba: `#!/bin/sh
make() { /usr/bin/python3 -m venv --without-pip /environment/prefix; }
case "$*" in
  "create --yes --prefix /environment/prefix --file /environment/lock.txt") grep -q @EXPLICIT /environment/lock.txt && make ;;
  "create --yes --prefix /environment/prefix --override-channels --channel conda-forge python=3 tiny=1.0") make ;;
  "env export --prefix /environment/prefix --explicit") printf '@EXPLICIT\\nhttps://conda.example.invalid/noarch/tiny-1.0-0.conda#0123\\n' ;;
  *) echo "unknown: $*" >&2; exit 2 ;;
esac
`,
} as const;

describe.runIf(available.bwrap).each(["uv", "conda", "micromamba"] as const)("%s", (kind) => {
  test("is driven by the words of its documentation, and installs from its lock alone the second time", {
    timeout: 120_000,
  }, async () => {
    const pip = await story({ ...VENV, packages: { tiny: "1.0" } });
    const [, line = ""] = lockOf(await environmentStage(pip.work)).split("\n");
    const tools = mkdtempSync(join(tmpdir(), "millwright-tools-"));
    mkdirSync(join(tools, "bin"));
    writeFileSync(join(tools, "bin", kind), STAND_INS[kind].replace("LOCKED", line));
    chmodSync(join(tools, "bin", kind), 0o755);
    const path = process.env.PATH;
    process.env.PATH = `${tools}/bin:/usr/bin:/bin`;
    const locked = makeTarget({ "README.md": "x\n" });
    try {
      const own = kind === "uv" ? { interpreter: "/usr/bin/python3" } : { python: "3" };
      const environment = { kind, ...own, packages: { tiny: "1.0" } };
      const first = await story(environment);
      const lock = lockOf(await environmentStage(first.work));
      expect(lock).toContain(kind === "uv" ? line : "@EXPLICIT\nhttps://");
      locked.write("environment.lock", lock);
      locked.commit("Lock");
      if (kind === "uv") {
        const program = STAND_INS.uv.replace("pip compile", "never");
        writeFileSync(join(tools, "bin", kind), program);
      }
      const again = await story(environment, { target: locked });
      expect(lockOf(await environmentStage(again.work))).toBe(lock);
    } finally {
      process.env.PATH = path;
      locked.remove();
      rmSync(tools, { recursive: true, force: true });
    }
  });
});
