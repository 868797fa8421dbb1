import { mkdir, mkdtemp, readdir, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { SandboxJob } from "../../../domain/sandbox-job.ts";
import { sandboxContract } from "../sandbox.contract.ts";
import { openNone, probeNone } from "./open-none.ts";

const made: string[] = [];
afterAll(() => Promise.all(made.map((path) => rm(path, { recursive: true, force: true }))));

async function folder(called = "export"): Promise<string> {
  const outer = await mkdtemp(join(tmpdir(), "millwright none-"));
  made.push(outer);
  await mkdir(join(outer, called));
  return join(outer, called);
}

sandboxContract({
  name: "none",
  open: async () => openNone(),
  folder,
  node: process.execPath,
  notPromised: ["files", "network", "memory", "processes", "daemons", "nesting"],
});

describe("without a sandbox", () => {
  const job = (source: string, script: string, change: Partial<SandboxJob> = {}): SandboxJob => ({
    argv: ["/bin/sh", "-c", script],
    cwd: "/target",
    mounts: [{ source, target: "/target", access: "write" }],
    env: { PATH: "/usr/bin:/bin" },
    network: false,
    limits: { seconds: 10, memoryMegabytes: 256, processes: 32, outputMegabytes: 1, diskMegabytes: 16 },
    ...change,
  });

  test("it says that nothing is isolated", async () => {
    const { name, isolated } = openNone();
    expect({ name, isolated }).toEqual({ name: "none", isolated: false });
    expect(await probeNone()).toEqual({ usable: true, name: "none" });
  });

  test("jobs that are given at once run one after the other, also after one that failed", async () => {
    const [source, sandbox] = [await folder(), openNone()];
    const script = "mkdir busy || exit 1; sleep 0.1; rmdir busy";
    const lost = sandbox.run(job("/no/such/folder", script));
    const results = Promise.all([1, 2, 3].map(() => sandbox.run(job(source, script))));
    await expect(lost).rejects.toMatchObject({ code: "sandbox-unavailable" });
    expect((await results).map((result) => result.exitCode)).toEqual([0, 0, 0]);
  });

  test("a folder mounted into the work is a link while the job runs, and gone afterwards", async () => {
    const [source, modules, sandbox] = [await folder(), await folder("modules"), openNone()];
    await writeFile(join(modules, "here"), "");
    const mounts = [
      { source, target: "/target", access: "write" },
      { source: modules, target: "/target/node_modules", access: "read" },
    ] as const;
    const result = await sandbox.run(job(source, "ls node_modules", { mounts }));
    expect(result.stdout).toBe("here\n");
    expect(await readdir(source)).toEqual([]);

    await symlink(modules, join(source, "node_modules"));
    expect((await sandbox.run(job(source, "ls node_modules", { mounts }))).stdout).toBe("here\n");
    expect(await readlink(join(source, "node_modules"))).toBe(modules);
  });

  test("what stands in a link's place is neither hidden nor removed: that job is refused", async () => {
    const [source, modules, sandbox] = [await folder(), await folder("modules"), openNone()];
    await mkdir(join(source, "node_modules"));
    const mounts = [
      { source, target: "/target", access: "write" },
      { source: modules, target: "/target/node_modules", access: "read" },
    ] as const;
    await expect(sandbox.run(job(source, "true", { mounts }))).rejects.toMatchObject({ code: "sandbox-unavailable" });
    expect(await readdir(source)).toEqual(["node_modules"]);
  });

  test("children in the command's group die with it", async () => {
    const [source, sandbox] = [await folder(), openNone()];
    const started = Date.now();
    expect((await sandbox.run(job(source, "sleep 30 & echo done"))).stdout).toBe("done\n");
    expect(Date.now() - started).toBeLessThan(5000);
  });
});
