import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { SandboxJob } from "../../../domain/sandbox-job.ts";
import { openSeatbelt, probeSeatbelt } from "./open-seatbelt.ts";
import { seatbeltCommand } from "./seatbelt-command.ts";

const job: SandboxJob = {
  argv: ["printf", "%s|", "it's", "$HOME `x`"],
  cwd: "/a folder",
  mounts: [
    { source: "/a folder", target: "/a folder", access: "write" },
    { source: "/modules", target: "/modules", access: "read" },
  ],
  env: { "odd name": "with = and\nnewline", PATH: "/usr/bin:/bin" },
  network: false,
  limits: { seconds: 5, memoryMegabytes: 256, processes: 32, outputMegabytes: 1, diskMegabytes: 16 },
};
const commandOf = async (change: Partial<SandboxJob> = {}) =>
  seatbeltCommand({ ...job, ...change, links: [] }, { ...job, ...change });

test("the profile writes to the job's folders only, hides the home, and leaves the loopback alone", async () => {
  const { argv, env } = await commandOf();
  const text = argv.join(" ");
  expect(env).toEqual({ PATH: "/usr/bin:/bin" });
  expect(text).toContain("/usr/bin/sandbox-exec -p");
  expect(text).toContain("(deny default");
  expect(text).toMatch(/\(allow file-write\*[^()]*\(subpath "\/a folder"\)/);
  expect(text).toMatch(/\(deny file-write\*[^()]*\(subpath "\/modules"\)/);
  expect(text).toMatch(new RegExp(`\\(deny file-read\\*[^()]*\\(subpath "${homedir()}"\\)`));
  expect(text).toContain('(allow network-outbound (remote ip "localhost:*"))');
  expect(text).not.toContain("(allow network*)");
  expect((await commandOf({ network: true })).argv.join(" ")).toContain("(allow network*)");
});

test("inside, the command has its words and its environment, and nothing else, however they are spelt", async () => {
  const folder = mkdtempSync(join(tmpdir(), "seatbelt-"));
  // A stand-in that ignores the profile, as macOS's own program does not: this is about quoting alone.
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin/sandbox-exec"), '#!/bin/sh\nshift 2\nexec "$@"\n', { mode: 0o755 });
  const inside = async (argv: readonly string[]) => {
    const command = await commandOf({ argv });
    const [shell = "", ...words] = command.argv.map((word) =>
      word.replace("/usr/bin/sandbox-exec", join(folder, "bin/sandbox-exec")),
    );
    return spawnSync(shell, words, { env: command.env, encoding: "utf8" }).stdout;
  };
  expect(await inside(job.argv)).toBe("it's|$HOME `x`|");
  const environment = await inside([process.execPath, "-p", "JSON.stringify(process.env)"]);
  expect(JSON.parse(environment)).toEqual(job.env);
  rmSync(folder, { recursive: true });
});

test.runIf(process.platform !== "darwin")("on another system it says so, and what to write", async () => {
  expect(await probeSeatbelt()).toMatchObject({ usable: false });
  await expect(openSeatbelt()).rejects.toMatchObject({
    code: "sandbox-unavailable",
    message: expect.stringContaining("macOS"),
    hint: expect.stringContaining("sandbox: auto"),
  });
});
