import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import type { SandboxJob, SandboxLimits } from "../../domain/sandbox-job.ts";
import type { Sandbox } from "../../engine/ports.ts";

/** What isolation and limits mean, one word a promise. */
export type Promised = "files" | "network" | "memory" | "processes" | "daemons" | "nesting";

export interface SandboxKit {
  readonly name: string;
  /** Called once. */
  open(): Promise<Sandbox>;
  /** A fresh, empty folder that the sandboxed user may write; its name ends in `called`. */
  folder(called?: string): Promise<string>;
  /** Path of Node inside the sandbox. */
  readonly node: string;
  /** The promises this implementation does not make, and says so. */
  readonly notPromised: readonly Promised[];
  /** Why the stories cannot be told on this machine. */
  readonly missing?: string;
}

const LIMITS: SandboxLimits = {
  seconds: 20,
  memoryMegabytes: 512,
  processes: 64,
  outputMegabytes: 4,
  diskMegabytes: 32,
};
const SECRET = "dummy-key-of-the-host";

/** The stories that every sandbox must be able to tell, or must name as not promised. */
export function sandboxContract(kit: SandboxKit): void {
  describe(`${kit.name} keeps the promises of a sandbox`, () => {
    let sandbox: Sandbox;
    beforeAll(async () => {
      if (kit.missing !== undefined) return;
      process.env.MILLWRIGHT_CONTRACT_SECRET = SECRET;
      sandbox = await kit.open();
    }, 60_000);

    const story = (what: string, tell: () => Promise<void>) =>
      test(what, async (context) => {
        if (kit.missing !== undefined) return context.skip(kit.missing);
        await tell();
      });

    /** A promise that is not made is told as such; one that isolates may only leave the kernel's own doors to the engine. */
    const promised = (promise: Promised, what: string, tell: () => Promise<void>) => {
      if (!kit.notPromised.includes(promise)) return story(what, tell);
      story(`NOT PROMISED (${promise}): ${what}`, async () =>
        expect(sandbox.isolated && promise !== "nesting").toBe(false),
      );
    };

    const jobIn = (work: string, argv: readonly string[], change: Partial<SandboxJob> = {}): SandboxJob => ({
      argv,
      cwd: "/target",
      mounts: [{ source: work, target: "/target", access: "write" }],
      env: { PATH: "/usr/bin:/bin" },
      network: false,
      limits: LIMITS,
      ...change,
    });
    const shell = async (script: string, change: Partial<SandboxJob> = {}) =>
      sandbox.run(jobIn(await kit.folder(), ["/bin/sh", "-c", script], change));
    const javascript = async (script: string, change: Partial<SandboxJob> = {}) =>
      sandbox.run(jobIn(await kit.folder(), [kit.node, "-e", script], change));
    const limited = (limits: Partial<SandboxLimits>) => ({ limits: { ...LIMITS, ...limits } });

    describe("a command", () => {
      story("gives back its exit code and both of its streams", async () => {
        const result = await shell("echo out; echo err >&2; exit 3");
        expect(result).toMatchObject({ ended: "exited", exitCode: 3, stdout: "out\n", stderr: "err\n" });
        expect(result.seconds).toBeGreaterThan(0);
      });

      story("runs in its working directory, and what it writes there stays", async () => {
        const work = await kit.folder("wörk späce ☃ 'quoted'");
        const result = await sandbox.run(jobIn(work, ["/bin/sh", "-c", "echo kept > here; cat here"]));
        expect(result).toMatchObject({ exitCode: 0, stdout: "kept\n" });
        expect(await readFile(join(work, "here"), "utf8")).toBe("kept\n");
      });

      story("sees exactly the environment of the job", async () => {
        const env = { PATH: "/usr/bin:/bin", "odd name": "with = and\nnewline ☃", EMPTY: "" };
        const result = await javascript("console.log(JSON.stringify(process.env))", { env });
        expect(JSON.parse(result.stdout)).toEqual(env);
      });

      story("finds no secret of the engine in its own or in the first process's environment", async () => {
        const result = await shell("tr '\\0' '\\n' < /proc/self/environ; cat /proc/1/environ; true");
        expect(result.stdout).toContain("PATH=/usr/bin:/bin");
        if (sandbox.isolated) expect(result.stdout + result.stderr).not.toContain(SECRET);
      });

      story("reads the input of the job, and an end of file when there is none", async () => {
        const input = "zeile ☃\n".repeat(20_000);
        expect((await shell("cat", { input })).stdout).toBe(input);
        expect(await shell("cat")).toMatchObject({ exitCode: 0, stdout: "" });
        expect(await shell("exit 0", { input })).toMatchObject({ exitCode: 0 });
      });

      story("that does not exist ends with 127", async () => {
        const result = await sandbox.run(jobIn(await kit.folder(), ["no-such-program-anywhere", "x"]));
        expect(result).toMatchObject({ ended: "exited", exitCode: 127 });
        expect(result.stderr).toContain("no-such-program-anywhere");
      });

      story("that dies of a signal is told from one that ends", async () => {
        const result = await shell("sh -c 'kill -SEGV $$'; exit $?");
        expect(result).toMatchObject({ ended: "signal", exitCode: 139 });
      });

      story("may say what is not UTF-8: it is replaced, all else is as written", async () => {
        const result = await shell("printf '\\377a\\033[31m\\000b\\303'");
        expect(result.stdout).toBe("\uFFFDa\u001b[31m\u0000b\uFFFD");
      });

      story("whose mount does not exist is a failure of the sandbox, not of the command", async () => {
        const mounts = [{ source: "/no/such/folder", target: "/target", access: "read" }] as const;
        await expect(shell("true", { mounts })).rejects.toMatchObject({ code: "sandbox-unavailable" });
        await expect(stat("/no")).rejects.toMatchObject({ code: "ENOENT" });
      });

      story("sees every mount where the job wants it", async () => {
        const [work, other] = [await kit.folder(), await kit.folder()];
        await writeFile(join(other, "part"), "of another folder");
        const mounts = [
          { source: other, target: "/target/inner", access: "read" },
          { source: work, target: "/target", access: "write" },
        ] as const;
        const job = jobIn(work, ["/bin/sh", "-c", "cat inner/part"], { mounts });
        expect((await sandbox.run(job)).stdout).toBe("of another folder");
      });
    });

    describe("the host", () => {
      promised("files", "cannot be written, except for the mounts meant for it", async () => {
        const [work, readable] = [await kit.folder(), await kit.folder()];
        const mounts = [
          { source: work, target: "/target", access: "write" },
          { source: readable, target: "/readable", access: "read" },
        ] as const;
        const places = ["/usr", "/etc", "/", "/proc/sys/kernel", "/readable", readable, "/var", "/home"];
        const script = `for p in ${quoted(places)}; do { echo x > "$p/planted"; } 2>/dev/null && echo "wrote $p"; done; true`;
        const result = await sandbox.run(jobIn(work, ["/bin/sh", "-c", script], { mounts }));
        expect(result).toMatchObject({ ended: "exited", exitCode: 0, stdout: "" });
        expect(await readdir(readable)).toEqual([]);
      });

      promised("files", "keeps its kernel's settings, whoever runs the sandbox", async () => {
        // The value is written back as it is, so that nothing happens to a host whose sandbox is broken.
        const result = await shell('f=/proc/sys/vm/swappiness; read v < $f; echo "$v" > $f && echo wrote');
        expect(result.stdout).toBe("");
      });

      promised("files", "shows nothing of its homes, secrets and other folders", async () => {
        const outside = await kit.folder();
        await writeFile(join(outside, "secret"), SECRET);
        const secrets = [join(outside, "secret"), "/etc/shadow", "/etc/ssl/private", "/proc/kcore", "/run", "/var/lib"];
        const script = `cat ${quoted(secrets)}; for p in ${quoted([homedir(), ...secrets.slice(2)])}; do ls -A "$p"; done; true`;
        expect((await shell(`{ ${script}; } 2>/dev/null`)).stdout).toBe("");
      });

      promised("files", "cannot be reached through a symbolic link in the work", async () => {
        const [work, outside] = [await kit.folder(), await kit.folder()];
        await writeFile(join(outside, "secret"), SECRET);
        await symlink(join(outside, "secret"), join(work, "file"));
        await symlink(outside, join(work, "folder"));
        const script = "cat file folder/secret; echo x > file; echo x > folder/planted; true";
        const result = await sandbox.run(jobIn(work, ["/bin/sh", "-c", script]));
        expect(result.stdout).toBe("");
        expect(await readdir(outside)).toEqual(["secret"]);
        expect(await readFile(join(outside, "secret"), "utf8")).toBe(SECRET);
      });

      promised("files", "shows none of its processes and none of its open files", async () => {
        const script = "for f in /proc/self/fd/*; do readlink $f; done; echo; for p in /proc/[0-9]*; do echo $p; done";
        const result = await shell(`${script}; kill -9 ${process.pid} 2>/dev/null; true`);
        const [files = "", processes = ""] = result.stdout.split("\n\n");
        const named = files.split("\n").filter((file) => file.startsWith("/"));
        expect(named.filter((file) => file !== "/dev/null" && !file.startsWith("/proc/"))).toEqual([]);
        expect(processes.trim().split("\n").length).toBeLessThan(8);
      });

      promised("network", "and the network cannot be reached", async () => {
        let callers = 0;
        const server = createServer(() => {
          callers += 1;
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const { port } = server.address() as { port: number };
        const result = await javascript(`
          const net = require("node:net");
          for (const [host, port] of [["127.0.0.1", ${port}], ["192.0.2.1", 80], ["localhost", ${port}]]) {
            const socket = net.connect({ host, port, timeout: 3000 });
            socket.on("connect", () => { console.log("reached", host); socket.destroy(); });
            socket.on("timeout", () => { console.log("lost on the way to", host); socket.destroy(); });
            socket.on("error", () => {});
          }
          console.log(Object.keys(require("node:os").networkInterfaces()).join());`);
        server.close();
        expect(result).toMatchObject({ exitCode: 0, stdout: "lo\n" });
        expect(callers).toBe(0);
      });

      promised("nesting", "is no nearer from a user namespace of one's own, which is refused", async () => {
        const result = await shell("unshare --user true && echo nested");
        expect(result.exitCode).not.toBe(127);
        expect(result.stdout).toBe("");
      });
    });

    story("a server of the command's own can be reached on the loopback", async () => {
      const result = await javascript(`
        const http = require("node:http");
        const server = http.createServer((_, response) => response.end("hello")).listen(0, "localhost", async () => {
          console.log(await (await fetch("http://localhost:" + server.address().port)).text());
          server.close();
        });`);
      expect(result).toMatchObject({ exitCode: 0, stdout: "hello\n" });
    });

    describe("a limit", () => {
      story("of time ends the command, after it was asked to end", async () => {
        const work = await kit.folder();
        const script = "trap 'echo asked > asked; exit 0' TERM; sleep 60 & wait";
        const job = jobIn(work, ["/bin/sh", "-c", script], limited({ seconds: 1 }));
        const result = await sandbox.run(job);
        expect(result).toMatchObject({ ended: "timeout", exitCode: null });
        expect(await readFile(join(work, "asked"), "utf8")).toBe("asked\n");
      });

      story("of time ends a command that does not listen, and keeps what it had said", async () => {
        const started = Date.now();
        const script = "trap '' TERM; echo begun; while :; do sleep 0.2; done";
        const result = await shell(script, limited({ seconds: 1 }));
        expect(result).toMatchObject({ ended: "timeout", exitCode: null, stdout: "begun\n" });
        expect(Date.now() - started).toBeLessThan(8000);
      });

      promised("daemons", "of time ends daemons too, in sessions of their own", async () => {
        const work = await kit.folder();
        const daemon = "setsid sh -c 'trap \"\" TERM HUP; while :; do echo x >> beats; sleep 0.05; done' &";
        const job = jobIn(work, ["/bin/sh", "-c", `${daemon} sleep 60`], limited({ seconds: 1 }));
        expect((await sandbox.run(job)).ended).toBe("timeout");
        const beats = async () => (await stat(join(work, "beats"))).size;
        const atTheEnd = await beats();
        expect(atTheEnd).toBeGreaterThan(2);
        await sleep(400);
        expect(await beats()).toBe(atTheEnd);
      });

      promised("daemons", "is not needed for the daemons of a command that ends by itself", async () => {
        const work = await kit.folder();
        const daemon = "setsid sh -c 'while :; do echo x >> beats; sleep 0.05; done' & sleep 0.4";
        expect((await sandbox.run(jobIn(work, ["/bin/sh", "-c", daemon]))).ended).toBe("exited");
        const atTheEnd = (await stat(join(work, "beats"))).size;
        await sleep(400);
        expect((await stat(join(work, "beats"))).size).toBe(atTheEnd);
      });

      promised("processes", "of processes stops whoever starts too many", async () => {
        const script =
          "trap 'set -- /proc/[0-9]*; echo seen $#' EXIT; n=0; while [ $n -lt 300 ]; do sleep 9 & n=$((n+1)); done";
        const result = await shell(script);
        expect(result.exitCode).not.toBe(0);
        const seen = Number(/seen (\d+)/.exec(result.stdout)?.[1]);
        expect(seen).toBeGreaterThan(32);
        expect(seen).toBeLessThanOrEqual(LIMITS.processes + 2);
      });

      promised("processes", "of time ends a fork bomb", async () => {
        const started = Date.now();
        const result = await shell(
          "bomb() { bomb | bomb & }; bomb; while :; do sleep 1; done",
          limited({ seconds: 2 }),
        );
        expect(result.ended).not.toBe("output");
        expect(Date.now() - started).toBeLessThan(12_000);
      });

      promised("memory", "of memory stops whoever takes too much", async () => {
        const hog =
          "const held = []; for (let n = 0; n < 24; n += 1) held.push(Buffer.alloc(1e8, 1)); console.log('survived');";
        const result = await javascript(hog);
        expect(result.stdout).not.toContain("survived");
        expect(result.ended === "memory" || result.exitCode !== 0).toBe(true);
      });

      story("of output ends a flood soon, and keeps its beginning", async () => {
        const started = Date.now();
        const result = await shell("yes | head -c 1000000000", limited({ outputMegabytes: 1, seconds: 60 }));
        expect(result).toMatchObject({ ended: "output", exitCode: null });
        expect(result.stdout.length).toBe(1024 * 1024);
        expect(Date.now() - started).toBeLessThan(10_000);
      });

      promised("files", "of disk holds for one file, and for the folders in memory", async () => {
        const work = await kit.folder();
        const fill = (path: string) =>
          `dd if=/dev/zero of=${path} bs=1M count=100 2>/dev/null && echo "filled ${path}"`;
        // Eight files of eight megabytes: each may be written, all together may not.
        const flood = (folder: string) =>
          `{ for n in 1 2 3 4 5 6 7 8; do dd if=/dev/zero of=${folder}/part$n bs=1M count=8 || break; done; } 2>/dev/null; ls ${folder}`;
        const one = `${fill("/target/big")}; ${fill("/tmp/big")}; rm /tmp/big; ${fill("/dev/shm/big")}; rm /dev/shm/big`;
        const script = `${one}; ${flood("/tmp")}; ${flood("/dev/shm")}`;
        const result = await sandbox.run(jobIn(work, ["/bin/sh", "-c", script]));
        expect(result.ended).toBe("exited");
        expect(result.stdout).not.toContain("filled");
        expect(result.stdout).toContain("part4");
        expect(result.stdout).not.toContain("part6");
        expect((await stat(join(work, "big"))).size).toBeLessThanOrEqual(LIMITS.diskMegabytes * 1024 * 1024);
      });

      story("of disk holds for many files together", async () => {
        const one = "dd if=/dev/zero of=file$n bs=1M count=8 2>/dev/null; sleep 0.02";
        const result = await shell(`n=0; while [ $n -lt 40 ]; do ${one}; n=$((n+1)); done; sleep 20`);
        expect(result.ended).toBe("output");
        expect(result.stderr).toContain("wrote more than 32 MB");
      });
    });

    describe("an engine that stops", () => {
      story("takes the command along", async () => {
        const work = await kit.folder();
        const beat = "while :; do echo x >> beats; sleep 0.05; done";
        const stopping = new AbortController();
        const ended = sandbox.run(jobIn(work, ["/bin/sh", "-c", beat]), stopping.signal);
        setTimeout(() => stopping.abort(), 500);
        const started = Date.now();
        await expect(ended).rejects.toMatchObject({ code: "cancelled" });
        expect(Date.now() - started).toBeLessThan(5000);
        const atTheEnd = await stat(join(work, "beats")).catch(() => undefined);
        await sleep(300);
        expect((await stat(join(work, "beats")).catch(() => undefined))?.size).toBe(atTheEnd?.size);
      });

      story("starts nothing more", async () => {
        const work = await kit.folder();
        const job = jobIn(work, ["/bin/sh", "-c", "echo x > started"]);
        await expect(sandbox.run(job, AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
        expect(await readdir(work)).toEqual([]);
      });
    });

    story("twenty runs, two at a time, leave no process, mount or control group behind", async () => {
      const tag = `contract-${process.pid}-${Date.now()}`;
      const work = await kit.folder(tag);
      await mkdir(join(work, "data"));
      const descriptors = (await readdir("/dev/fd").catch(() => [])).length;
      const lane = async () => {
        for (let run = 0; run < 10; run += 1) {
          const result = await sandbox.run(jobIn(work, ["/bin/sh", "-c", `sleep 0.01; : ${tag}`]));
          expect(result.exitCode).toBe(0);
        }
      };
      await Promise.all([lane(), lane()]);
      expect(await processesNaming(tag)).toEqual([]);
      expect(await readFile("/proc/self/mountinfo", "utf8").catch(() => "")).not.toContain(tag);
      expect((await readdir("/dev/fd").catch(() => [])).length).toBeLessThanOrEqual(descriptors + 2);
    });
  });
}

function quoted(paths: readonly string[]): string {
  return paths.map((path) => `'${path}'`).join(" ");
}

/** Command lines on this host that hold a text. */
async function processesNaming(text: string): Promise<readonly string[]> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return lines.filter((line) => line.includes(text));
}
