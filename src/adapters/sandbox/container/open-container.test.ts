import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { available } from "../../../../test/kit/available.ts";
import { sandboxContract } from "../sandbox.contract.ts";
import { type ContainerSandbox, openContainer, probeContainer } from "./open-container.ts";

const IMAGE = `localhost/millwright-test-${process.pid}`;
const missing = available.podman ? undefined : "podman is not installed";
const runtime = existsSync("/usr/sbin/runc") || existsSync("/usr/bin/runc") ? { runtime: "runc" } : {};
const options = { engine: "podman", image: IMAGE, ...runtime } as const;
const made: string[] = [];
const opened: ContainerSandbox[] = [];

async function folder(called = "export"): Promise<string> {
  const outer = await mkdtemp(join(tmpdir(), "millwright container-"));
  made.push(outer);
  await mkdir(join(outer, called));
  return join(outer, called);
}

/** The few programs that the stories need, with their libraries, from this host: no registry is asked. */
async function makeImage(): Promise<void> {
  const root = await folder("root");
  const names = [
    "sh",
    "env",
    "cat",
    "ls",
    "sleep",
    "tr",
    "head",
    "tail",
    "yes",
    "dd",
    "rm",
    "readlink",
    "setsid",
    "unshare",
    "true",
  ];
  const found = names.map((name) => realpathSync(execFileSync("which", [name], { encoding: "utf8" }).trim()));
  const programs = [...found, realpathSync(process.execPath)];
  const libraries = spawnSync("ldd", programs, { encoding: "utf8" }).stdout.matchAll(/(\/\S+) \(0x/g);
  for (const folderName of ["tmp", "proc", "dev", "sys", "etc", "usr/bin", "target", "readable"]) {
    await mkdir(join(root, folderName), { recursive: true });
  }
  await symlink("usr/bin", join(root, "bin"));
  const copies = [
    ...found.map((source, index) => [source, `usr/bin/${names[index]}`] as const),
    [realpathSync(process.execPath), process.execPath] as const,
    ...[...libraries].map((line) => [realpathSync(line[1] ?? ""), line[1] ?? ""] as const),
  ];
  for (const [source, target] of copies) {
    await mkdir(dirname(join(root, target)), { recursive: true });
    await cp(source, join(root, target), { dereference: true });
  }
  const tar = spawn("tar", ["-C", root, "-c", "."], { stdio: ["ignore", "pipe", "inherit"] });
  const load = spawn("podman", ["import", "-q", "-c", "ENV FROM_IMAGE=yes", "-", IMAGE], {
    stdio: [tar.stdout, "ignore", "inherit"],
  });
  await new Promise((resolve) => load.once("close", resolve));
}

beforeAll(async () => {
  if (missing === undefined) await makeImage();
}, 120_000);
afterAll(async () => {
  await Promise.all(opened.map((sandbox) => sandbox.close()));
  if (missing === undefined) spawnSync("podman", ["rmi", "-f", IMAGE]);
  await Promise.all(made.map((path) => rm(path, { recursive: true, force: true })));
}, 60_000);

async function opening(): Promise<ContainerSandbox> {
  const sandbox = await openContainer(options);
  opened.push(sandbox);
  return sandbox;
}

sandboxContract({
  name: "podman",
  open: opening,
  folder,
  node: process.execPath,
  // Docker's own system call filter refuses it, Podman's does not.
  notPromised: ["nesting"],
  ...(missing === undefined ? {} : { missing }),
});

describe("a container engine", () => {
  test("without an image, or without the image named, is told with the way out", async () => {
    expect(await probeContainer({ engine: "podman" })).toMatchObject({
      usable: false,
      fix: expect.stringContaining("image:"),
    });
    const lost = { engine: "docker", image: "some-image", socket: "/no/such/socket" } as const;
    expect(await probeContainer(lost)).toMatchObject({ usable: false, reason: expect.stringContaining("docker") });
    await expect(openContainer(lost)).rejects.toMatchObject({ code: "sandbox-unavailable" });
  });

  test("that works is named with its version, and leaves no container behind", async (context) => {
    if (missing !== undefined) return context.skip(missing);
    expect(await probeContainer(options)).toEqual({ usable: true, name: expect.stringMatching(/^podman \d/) });
    expect(await probeContainer({ ...options, image: "localhost/no-such-image" })).toMatchObject({
      usable: false,
      fix: "podman pull localhost/no-such-image",
    });
    const listed = execFileSync("podman", ["ps", "-aq", "--filter", `label=millwright.owner=${process.pid}`], {
      encoding: "utf8",
    });
    expect(listed).toBe("");
  });
});
