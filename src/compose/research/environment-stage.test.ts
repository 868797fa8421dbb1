import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { available } from "../../../test/kit/available.ts";
import { type ResearchSetting, type ResearchWork, researchWork } from "../../../test/kit/research-work.ts";
import { makeTarget, type Target } from "../../../test/kit/target.ts";
import { openBubblewrap } from "../../adapters/sandbox/bubblewrap/open-bubblewrap.ts";
import type { StageEnd } from "../../domain/research/stage.ts";
import type { Sandbox } from "../../engine/ports.ts";
import { environmentStage } from "./environment-stage.ts";

const TEXT = "In the beginning was a small text.\n";
const SUM = createHash("sha256").update(TEXT).digest("hex");
const DATASET = {
  name: "text.txt",
  source: "assets/text.txt",
  sha256: SUM,
  bytes: TEXT.length,
  licence: "public domain",
};
const SYSTEM = { kind: "system", interpreter: "/usr/bin/python3" };

let target: Target;
let sandbox: Sandbox;
const works: ResearchWork[] = [];
beforeAll(async () => {
  target = makeTarget({ "assets/text.txt": TEXT, "src/models/model.py": "answer = 42\n" });
  if (available.bwrap) sandbox = await openBubblewrap();
});
afterAll(() => {
  for (const work of works) work.remove();
  target.remove();
});

async function story(plan: object, change: Partial<ResearchSetting> = {}): Promise<ResearchWork> {
  const work = await researchWork({ target, sandbox, plan, ...change });
  works.push(work);
  return work;
}

function passed(end: StageEnd): Extract<StageEnd, { kind: "passed" }> {
  if (end.kind !== "passed") throw new Error(JSON.stringify(end));
  return end;
}

const fileOf = (end: StageEnd, path: string) => passed(end).files.find((file) => file.path === path)?.text ?? "";

describe.runIf(available.bwrap)("the system's own Python", () => {
  test("is found, locked with its versions, and given to the later stages with datasets that nobody can write", async () => {
    const { work } = await story({ environment: SYSTEM, datasets: [DATASET] });
    const end = passed(await environmentStage(work));
    const python = end.python;
    if (python === undefined) throw new Error("no python");
    expect(fileOf(end, "environment.lock")).toMatch(/# python 3\.\d+\.\d+ CPython linux/);
    expect(parse(fileOf(end, "logs/environment.yaml"))).toMatchObject({
      kind: "system",
      digest: python.digest,
      accelerator: { device: "cpu", wanted: "cpu" },
      datasets: [{ name: "text.txt", sha256: SUM, licence: "public domain" }],
    });
    expect(parse(fileOf(end, "experiments/exp-001/config.yaml"))).toMatchObject({ steps: 10, batch: 2, device: "cpu" });
    const kept = end.files.map(({ path }) => path).filter((path) => path.endsWith(".gitkeep"));
    expect(kept).toEqual(["src/data/.gitkeep", "src/training/.gitkeep", "src/evaluation/.gitkeep"]);
    const script =
      "import os\np = os.path.join(os.environ['MILLWRIGHT_DATASETS'], 'text.txt')\nprint(open(p).read())\nopen(p, 'w')";
    const { argv, mounts, env, datasets } = python;
    const limits = { seconds: 20, memoryMegabytes: 512, processes: 32, outputMegabytes: 1, diskMegabytes: 16 };
    const job = {
      argv: [...argv, "-c", script],
      cwd: "/",
      mounts: [...mounts, ...datasets],
      env,
      network: false,
      limits,
    };
    const result = await sandbox.run(job);
    expect(result.stdout).toContain(TEXT.trim());
    expect(result.stderr).toMatch(/Read-only file system|Permission denied/);
    expect(python.digest).toHaveLength(64);
  });

  test("that lacks a package or has another version is a person's matter, with every problem named", async () => {
    const packages = { "no-such-package": "1.0", pip: "0.1" };
    const { work } = await story({ environment: { ...SYSTEM, python: "3.1", packages } });
    const failure = await environmentStage(work).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "StepFailure", code: "environment", remedy: "ask" });
    const { message } = failure as Error;
    for (const part of ["Python is 3.", "the plan wants 3.1", "no-such-package is not installed", "the plan wants 0.1"])
      expect(message).toContain(part);
  });

  test("that is no longer what was locked is refused, and locked anew when the plan changes", async () => {
    const environment = { ...SYSTEM, packages: { pip: "any" } };
    const first = await story({ environment });
    const end = passed(await environmentStage(first.work));
    const lock = fileOf(end, "environment.lock");
    const elsewhere = makeTarget({ "environment.lock": lock.replace(/^pip==.*$/m, "pip==0.0.1") });
    try {
      const drifted = await story({ environment }, { target: elsewhere });
      await expect(environmentStage(drifted.work)).rejects.toThrow(/pip was locked at 0\.0\.1 and is/);
      const changed = await story(
        { environment: { ...environment, packages: { pip: "any", setuptools: "any" } } },
        { target: elsewhere },
      );
      expect(fileOf(await environmentStage(changed.work), "environment.lock")).not.toContain("pip==0.0.1");
    } finally {
      elsewhere.remove();
    }
  });

  test("without the GPU that plan or config names is refused; with `fallback: cpu` every record says so", async () => {
    const named = await story({ environment: SYSTEM, training: { steps: 1, batch: 1, device: "cuda:0" } });
    await expect(environmentStage(named.work)).rejects.toThrow(/wants a GPU.*fallback: cpu/);
    const accelerator = { device: "cuda", fallback: "cpu" };
    const { work } = await story({ environment: { ...SYSTEM, accelerator } });
    const end = passed(await environmentStage(work));
    expect(end.summary).toContain("for testing only, on the CPU");
    expect(end.python?.accelerator).toMatchObject({ device: "cpu", wanted: "cuda" });
    expect(end.python?.env.MILLWRIGHT_DEVICE).toBe("cpu");
    expect(fileOf(end, "experiments/exp-001/config.yaml")).toContain("device_fallback: ");
    expect(fileOf(end, "logs/environment.yaml")).toContain("No GPU: for testing only");
  });
});

describe.runIf(available.bwrap)("datasets", () => {
  let server: Server;
  let url = "";
  const asked: string[] = [];
  beforeAll(async () => {
    const texts: Record<string, string> = { "/changed": TEXT.replace("small", "SMALL"), "/endless": TEXT.repeat(100) };
    const statuses: Record<string, number[]> = { "/gone": [404, 404, 404], "/busy": [503] };
    server = createServer((request, response) => {
      const path = request.url ?? "";
      asked.push(path);
      response.statusCode = statuses[path]?.shift() ?? 200;
      response.write(texts[path] ?? TEXT);
      response.end();
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  test("are fetched once, tried again when a server is busy, and measured again in the cache", async () => {
    const plan = { environment: SYSTEM, datasets: [{ ...DATASET, source: `${url}/busy` }] };
    const first = await story(plan);
    const end = passed(await environmentStage(first.work));
    expect(asked.filter((one) => one === "/busy")).toHaveLength(2);
    const cached = join(first.work.stateDir, "cache/datasets", SUM);
    expect(statSync(cached).mode & 0o222).toBe(0);
    const other = { ...first.work, key: "research/environment/2" };
    expect(passed(await environmentStage(other)).python?.digest).toBe(end.python?.digest);
    expect(asked.filter((one) => one === "/busy")).toHaveLength(2);
    rmSync(cached);
    writeFileSync(cached, TEXT.toUpperCase());
    await environmentStage({ ...first.work, key: "research/environment/3" });
    expect(asked.filter((one) => one === "/busy")).toHaveLength(3);
    expect(readFileSync(cached, "utf8")).toBe(TEXT);
  });

  test("that are wrong, gone, endless, missing or refused by the network's rule are all named at once", async () => {
    const dir = mkdtempSync(join(tmpdir(), "millwright-data-"));
    writeFileSync(join(dir, "short.txt"), "short");
    const datasets = [
      { ...DATASET, name: "changed", source: `${url}/changed`, sha256: "a".repeat(64) },
      { ...DATASET, name: "gone", source: `${url}/gone`, sha256: "b".repeat(64) },
      { ...DATASET, name: "endless", source: `${url}/endless`, sha256: "c".repeat(64) },
      { ...DATASET, name: "missing", source: "assets/nothing.txt", sha256: "d".repeat(64) },
      { ...DATASET, name: "short", source: `file://${dir}/short.txt`, sha256: "e".repeat(64) },
      { ...DATASET, name: "far", source: "https://data.example.invalid/x", sha256: "f".repeat(64) },
    ];
    const { work } = await story({ environment: SYSTEM, datasets }, { config: { network: "local-only" } });
    const { message } = (await environmentStage(work).catch((error: unknown) => error)) as Error;
    for (const part of [
      "changed has the checksum",
      "status 404",
      "sends more than",
      "assets/nothing.txt is not there",
      "short has 5 bytes",
      "is refused by `network: local-only`",
    ])
      expect(message).toContain(part);
    rmSync(dir, { recursive: true });
  });

  test("are prepared once in the sandbox, by the plan's own command", async () => {
    const prepare = { run: 'tr a-z A-Z < "$RAW" > "$PREPARED"' };
    const { work } = await story({ environment: SYSTEM, datasets: [{ ...DATASET, prepare }] });
    const end = passed(await environmentStage(work));
    const folder = end.python?.datasets[0]?.source ?? "";
    expect(readFileSync(join(folder, "text.txt"), "utf8")).toBe(TEXT.toUpperCase());
    const failing = { run: "echo no such tokenizer >&2; exit 3" };
    const other = await story({ environment: SYSTEM, datasets: [{ ...DATASET, prepare: failing }] });
    await expect(environmentStage(other.work)).rejects.toThrow(/failed \(3\): no such tokenizer/);
  });
});
