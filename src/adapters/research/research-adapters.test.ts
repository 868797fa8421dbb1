import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { available } from "../../../test/kit/available.ts";
import { compiledSources } from "../../../test/kit/compiled.ts";
import type { AcceleratorWish } from "../../domain/research/accelerator.ts";
import { chooseAccelerator } from "../../domain/research/accelerator.ts";
import type { Sandbox } from "../../engine/ports.ts";
import { openBubblewrap } from "../sandbox/bubblewrap/open-bubblewrap.ts";
import { openNone } from "../sandbox/none/open-none.ts";
import { lookAtAccelerator } from "./accelerator/look-at-accelerator.ts";
import { fetchDataset } from "./datasets/open-datasets.ts";
import { runOwnProgram } from "./python-program.ts";

let dir: string;
let sandbox: Sandbox;
beforeAll(async () => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "millwright-looks-")));
  sandbox = available.bwrap ? await openBubblewrap() : openNone();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const limits = { seconds: 60, memoryMegabytes: 2048, processes: 64, outputMegabytes: 1, diskMegabytes: 64 };
const interpreter = { argv: ["/usr/bin/python3"], mounts: [], env: { PATH: "/usr/bin:/bin", HOME: "/tmp" } };

function driver(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe("a look at what there is to compute on", () => {
  const wish: AcceleratorWish = { device: "cuda" };
  const room = (driverProgram: string) => ({ sandbox, limits, interpreter, driverProgram, path: "/usr/bin:/bin" });

  test("asks neither driver nor torch where a CPU is wanted", async () => {
    const look = await lookAtAccelerator({ device: "cpu" }, room(join(dir, "nothing")));
    expect(look.cpu.cores).toBeGreaterThan(0);
    expect(look.cpu.memoryMegabytes).toBeGreaterThan(100);
    expect(look.host.said).toBe("not asked");
  });

  test("says that there is no driver, or why the driver fails", async () => {
    const none = await lookAtAccelerator(wish, room(join(dir, "nothing")));
    expect(none.host).toEqual({ gpus: [], said: "nvidia-smi is not installed: no driver" });
    const broken = driver("broken", "echo 'Failed to initialize NVML: Driver/library version mismatch' >&2; exit 18");
    const failed = await lookAtAccelerator(wish, room(broken));
    expect(failed.host.said).toContain("Driver/library version mismatch");
    expect(chooseAccelerator(wish, failed)).toMatchObject({ message: expect.stringContaining("version mismatch") });
  });

  test("a GPU of the driver's that torch cannot use is refused with both halves of the story", async () => {
    const smi = driver("smi", "echo 'A GPU, 535.104.05, 16384'");
    const look = await lookAtAccelerator(wish, room(smi));
    expect(look.host.gpus).toEqual([{ name: "A GPU", driver: "535.104.05", memoryMegabytes: 16_384 }]);
    expect(look.torch.isUsable).toBe(false);
    const chosen = chooseAccelerator(wish, look);
    expect(chosen).toMatchObject({ kind: "refused", message: expect.stringContaining("driver 535.104.05") });
  });
});

test("only the line with this run's own mark counts, whatever packages print while they are imported", async () => {
  const forged = 'import sys\nprint("millwright-0000{\\"a\\": 1}")\nprint(sys.argv[1] + "{\\"a\\": 2}")';
  const world = { sandbox, limits };
  expect(await runOwnProgram(forged, interpreter, world)).toEqual({ kind: "printed", value: { a: 2 } });
  const dying = await runOwnProgram("raise SystemExit('no such thing')", interpreter, world);
  expect(dying).toEqual({ kind: "nothing", said: "no such thing" });
});

describe("a dataset", () => {
  const text = "text\n";
  const sha256 = createHash("sha256").update(text).digest("hex");
  const wish = { name: "a.txt", source: "a.txt", sha256, bytes: text.length, licence: "CC0-1.0" };
  const room = () => {
    mkdirSync(join(dir, "files"), { recursive: true });
    writeFileSync(join(dir, "files/a.txt"), text);
    return { cacheDir: join(dir, "cache"), folder: join(dir, "files"), refusedAddress: () => undefined };
  };

  test("that the disk has no room for is refused before a byte is fetched", async () => {
    const fetched = await fetchDataset({ ...wish, bytes: 5_000_000 }, { ...room(), free: async () => 4_000_000 });
    expect(fetched).toMatchObject({
      kind: "refused",
      message: expect.stringContaining("has 5000000 bytes, and 4000000 bytes are free"),
    });
  });

  test.runIf(available.bwrap)(
    "that fills the disk, before or while it is written, is refused with what to do",
    {
      timeout: 180_000,
    },
    () => {
      const { folder } = room();
      const cacheDir = join(dir, "small");
      mkdirSync(cacheDir);
      const big = Buffer.alloc(20_000_000, "a");
      writeFileSync(join(folder, "big.txt"), big);
      const whole = { ...wish, source: "big.txt", sha256: createHash("sha256").update(big).digest("hex") };
      const program = join(compiledSources(), "adapters/research/datasets/open-datasets.js");
      // Four megabytes are left of the disk; the second look is told that there is room.
      const script = `
      const { readdirSync } = await import("node:fs");
      const { fetchDataset } = await import(${JSON.stringify(program)});
      const wish = ${JSON.stringify({ ...whole, bytes: big.length })};
      const room = ${JSON.stringify({ cacheDir, folder })};
      const seen = [await fetchDataset(wish, room), await fetchDataset(wish, { ...room, free: async () => 1e12 })];
      console.log(JSON.stringify([...seen.map(({ message }) => message), readdirSync(room.cacheDir)]));`;
      const small = ["--dev-bind", "/", "/", "--size", "4000000", "--tmpfs", cacheDir];
      const argv = [...small, process.execPath, "--input-type=module", "-e", script];
      const [before, meanwhile, left] = JSON.parse(execFileSync("bwrap", argv, { encoding: "utf8" }));
      expect(before).toMatch(/has 20000000 bytes, and [34]\d{6} bytes are free on the disk .*Make room/);
      expect(meanwhile).toMatch(/has 20000000 bytes, and 0 bytes are free on the disk .*Make room/);
      expect(left).toEqual([]);
    },
  );

  test("is in the cache from then on, and needs its source no more", async () => {
    expect(await fetchDataset(wish, room())).toMatchObject({ kind: "there", from: "source" });
    const gone = { ...wish, source: "gone.txt" };
    expect(await fetchDataset(gone, room())).toMatchObject({ kind: "there", from: "cache" });
  });

  test("that is a link to somewhere else is refused", async () => {
    const { symlinkSync } = await import("node:fs");
    const opened = room();
    symlinkSync("/etc/hostname", join(dir, "files/link.txt"));
    const fetched = await fetchDataset({ ...wish, source: "link.txt", sha256: "b".repeat(64) }, opened);
    expect(fetched).toMatchObject({ kind: "refused", message: expect.stringContaining("no plain file") });
  });
});
