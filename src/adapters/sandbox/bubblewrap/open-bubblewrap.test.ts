import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { chmod, chown, cp, mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { afterAll, describe, expect, test } from "vitest";
import { available } from "../../../../test/kit/available.ts";
import { compiledSources } from "../../../../test/kit/compiled.ts";
import type { SandboxJob, SandboxResult } from "../../../domain/sandbox-job.ts";
import { type FailureCode, StepFailure } from "../../../domain/step-failure.ts";
import type { Sandbox } from "../../../engine/ports.ts";
import { sandboxContract } from "../sandbox.contract.ts";
import { groupHomes } from "./control-groups.ts";
import { type BubblewrapOptions, openBubblewrap, probeBubblewrap } from "./open-bubblewrap.ts";

const NOBODY = 65534;
const missing = available.bwrap ? undefined : "bubblewrap is not installed, or may not make sandboxes here";
const notRoot = process.getuid?.() === 0 ? undefined : "only root can become another user; the stories above told it";
const made: string[] = [];
const children: ChildProcess[] = [];

afterAll(async () => {
  for (const child of children) child.kill();
  await Promise.all(made.map((path) => rm(path, { recursive: true, force: true })));
});

async function folder(called = "work"): Promise<string> {
  const outer = await mkdtemp(join(tmpdir(), "millwright sandbox-"));
  made.push(outer);
  await chmod(outer, 0o755);
  await mkdir(join(outer, called));
  return join(outer, called);
}

async function folderOfNobody(called?: string): Promise<string> {
  const path = await folder(called);
  await chown(path, NOBODY, NOBODY);
  return path;
}

/** Reads jobs, a line each, runs them and writes their results, a line each: our code in another process. */
const DRIVER = `
  import { createInterface } from "node:readline";
  import { openBubblewrap } from "./adapters/sandbox/bubblewrap/open-bubblewrap.js";
  const sandbox = openBubblewrap(JSON.parse(process.argv[2]));
  const stops = new Map();
  createInterface({ input: process.stdin }).on("line", async (line) => {
    const { id, job } = JSON.parse(line);
    if (job === undefined) return stops.get(id)?.abort();
    stops.set(id, new AbortController());
    const answer = await sandbox
      .then((opened) => opened.run(job, stops.get(id).signal))
      .then((result) => ({ result }), ({ code, message }) => ({ failure: { code, message } }));
    process.stdout.write(JSON.stringify({ id, ...answer }) + "\\n");
  });
`;

interface Elsewhere {
  readonly user?: number;
  readonly options?: BubblewrapOptions;
  /** A file that the other process is started with, open. */
  readonly openFile?: number;
}

const unused = Array<"ignore">(40).fill("ignore");

async function startElsewhere({ user, options, openFile }: Elsewhere): Promise<ChildProcess> {
  const home = await folder("program");
  await cp(compiledSources(), home, { recursive: true });
  await writeFile(join(home, "package.json"), '{"type":"module"}');
  await writeFile(join(home, "driver.js"), DRIVER);
  const child = spawn(process.execPath, [join(home, "driver.js"), JSON.stringify(options ?? {})], {
    ...(user === undefined ? {} : { uid: user, gid: user }),
    env: { PATH: "/usr/bin:/bin", MILLWRIGHT_CONTRACT_SECRET: "dummy-key-of-the-host" },
    // Node closes low numbers itself, and does not look for high ones.
    stdio: openFile === undefined ? ["pipe", "pipe", "inherit"] : ["pipe", "pipe", "inherit", ...unused, openFile],
  });
  children.push(child);
  return child;
}

/** A sandbox that another process has opened. */
async function inAnotherProcess(elsewhere: Elsewhere): Promise<Sandbox> {
  const child = await startElsewhere(elsewhere);
  const waiting = new Map<
    number,
    (answer: { result: SandboxResult; failure?: { code: FailureCode; message: string } }) => void
  >();
  createInterface({ input: child.stdout as Readable }).on("line", (line) => {
    const answer = JSON.parse(line);
    waiting.get(answer.id)?.(answer);
  });
  const failure = (code: FailureCode, message: string) => new StepFailure(message, { code, remedy: "stop", hint: "" });
  const run = async (job: SandboxJob, signal?: AbortSignal): Promise<SandboxResult> => {
    if (signal?.aborted) throw failure("cancelled", "before it began");
    const id = waiting.size + 1;
    const tell = (message: object) => child.stdin?.write(`${JSON.stringify({ id, ...message })}\n`);
    signal?.addEventListener("abort", () => tell({}));
    const answered = new Promise<{ result: SandboxResult; failure?: { code: FailureCode; message: string } }>(
      (resolve) => {
        waiting.set(id, resolve);
      },
    );
    tell({ job });
    const answer = await answered;
    if (answer.failure) throw failure(answer.failure.code, answer.failure.message);
    return answer.result;
  };
  return { name: "bubblewrap elsewhere", isolated: true, run };
}

const kit = { node: process.execPath, notPromised: [] } as const;
const because = (why: string | undefined) => (why === undefined ? {} : { missing: why });

sandboxContract({ ...kit, ...because(missing), name: "bubblewrap", open: () => openBubblewrap(), folder });

sandboxContract({
  ...kit,
  ...because(missing ?? notRoot),
  name: "bubblewrap of a normal user, without control groups",
  open: () => inAnotherProcess({ user: NOBODY, options: { limits: "per-process" } }),
  folder: folderOfNobody,
});

describe("bubblewrap on this machine", () => {
  const story = (what: string, tell: () => Promise<void>) =>
    test(what, async (context) => {
      if (missing !== undefined) return context.skip(missing);
      await tell();
    });
  const job = (script: string, change: Partial<SandboxJob> = {}): SandboxJob => ({
    argv: ["/bin/sh", "-c", script],
    cwd: "/tmp",
    mounts: [],
    env: { PATH: "/usr/bin:/bin" },
    network: false,
    limits: { seconds: 10, memoryMegabytes: 256, processes: 32, outputMegabytes: 1, diskMegabytes: 16 },
    ...change,
  });

  story("is named with its version", async () => {
    const { name, isolated } = await openBubblewrap();
    expect({ name, isolated }).toEqual({ name: expect.stringMatching(/^bubblewrap \d+\.\d+/), isolated: true });
    expect(await probeBubblewrap()).toEqual({ usable: true, name });
  });

  story("lets nothing be written to its own root and devices, which would be memory without a limit", async () => {
    const sandbox = await openBubblewrap();
    const result = await sandbox.run(
      job(
        "for p in / /dev /etc /proc; do { echo x > $p/planted; } 2>/dev/null && echo wrote $p; done; echo > /dev/null && echo devices",
      ),
    );
    expect(result).toMatchObject({ exitCode: 0, stdout: "devices\n" });
  });

  story("shows its first process with an empty environment", async () => {
    const sandbox = await openBubblewrap();
    const result = await sandbox.run(
      job("cat /proc/1/environ | wc -c", { env: { PATH: "/usr/bin", KEY: "of the job" } }),
    );
    expect(result.stdout.trim()).toBe("0");
  });

  story("puts no value of the job's environment where a list of processes shows it", async () => {
    const sandbox = await openBubblewrap();
    const ended = sandbox.run(job("sleep 1", { env: { PATH: "/usr/bin", KEY: "value-of-the-job-31415" } }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
    expect(lines.some((line) => line.includes("/usr/bin/env"))).toBe(true);
    expect(lines.filter((line) => line.includes("value-of-the-job-31415"))).toEqual([]);
    await ended;
  });

  story("hands on no file that the engine itself was started with", async () => {
    const secret = join(await folder(), "secret");
    await writeFile(secret, "dummy-secret");
    const file = await open(secret);
    const sandbox = await inAnotherProcess({ openFile: file.fd });
    const script = "cat /proc/self/fd/43 <&1 2>/dev/null; ls -l /proc/self/fd";
    const result = await sandbox.run(job(script));
    await file.close();
    expect(result.stdout).toContain("/proc/");
    expect(result.stdout).not.toMatch(/secret/);
  });

  story("gives the network, this host's own loopback too, only to a job that asks for it", async () => {
    const server = createServer((socket) => socket.end("reached"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const argv = [
      process.execPath,
      "-e",
      `require("node:net").connect(${port}, "127.0.0.1").on("error", () => {}).pipe(process.stdout)`,
    ];
    const sandbox = await openBubblewrap();
    expect((await sandbox.run(job("", { argv, network: true }))).stdout).toBe("reached");
    expect((await sandbox.run(job("", { argv }))).stdout).toBe("");
    server.close();
  });

  story("makes an empty home in memory where the job wants one", async () => {
    const sandbox = await openBubblewrap();
    const result = await sandbox.run(
      job("cd && pwd && ls -A && echo x > kept && cat kept", { env: { PATH: "/bin", HOME: "/home/someone" } }),
    );
    expect(result).toMatchObject({ exitCode: 0, stdout: "/home/someone\nx\n" });
  });

  story("tells a run that took too much memory, where the kernel counts it", async () => {
    const sandbox = await openBubblewrap();
    if (!sandbox.limitedBy.startsWith("cgroup")) return;
    const result = await sandbox.run(job("head -c 600m /dev/zero | tail"));
    expect(result.ended).toBe("memory");
  });

  story("leaves no control group behind, and removes those of an engine that is gone", async () => {
    const homes = groupHomes(
      await readFile("/proc/self/cgroup", "utf8"),
      await readFile("/proc/self/mountinfo", "utf8"),
    );
    const folders = [...new Set(homes.flatMap(({ memory, pids }) => [memory, pids]))];
    const left = (pid: number) =>
      folders.flatMap((path) => readdirSync(path).filter((name) => name.startsWith(`millwright-${pid}-`)));
    const gone = spawnSync("true").pid;
    const sandbox = await openBubblewrap();
    if (sandbox.limitedBy === "cgroup v1") await mkdir(join(folders[0] ?? "", `millwright-${gone}-1`));
    await (await openBubblewrap()).run(job("true"));
    expect([...left(process.pid), ...left(gone)]).toEqual([]);
  });

  story("dies with an engine that is killed without warning", async () => {
    const work = await folder();
    const child = await startElsewhere({});
    const beat = "setsid sh -c 'while :; do echo x >> /target/beats; sleep 0.05; done' & sleep 60";
    const mounts = [{ source: work, target: "/target", access: "write" }] as const;
    const patient = { ...job("").limits, seconds: 60 };
    child.stdin?.write(`${JSON.stringify({ id: 1, job: job(beat, { mounts, limits: patient }) })}\n`);
    const beats = () => readFile(join(work, "beats"), "utf8").catch(() => "");
    while ((await beats()).length < 6) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 200));
    const atTheEnd = await beats();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await beats()).toBe(atTheEnd);
  });
});

test("a missing bubblewrap is told with the command that installs it", async () => {
  const probed = await probeBubblewrap({ program: "no-such-bubblewrap" });
  expect(probed).toMatchObject({ usable: false, fix: expect.stringMatching(/bubblewrap|podman/) });
  await expect(openBubblewrap({ program: "no-such-bubblewrap" })).rejects.toMatchObject({
    code: "sandbox-unavailable",
  });
});
