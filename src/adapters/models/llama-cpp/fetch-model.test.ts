import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ModelHub, type ModelHubOptions, startModelHub } from "../../../../test/kit/model-hub.ts";
import { InputError } from "../../../domain/step-failure.ts";
import { failureFrom } from "../models.contract.ts";
import type { Progress } from "./download.ts";
import { download } from "./download.ts";
import { type FetchModel, fetchModel } from "./fetch-model.ts";
import { hubOf } from "./hub.ts";
import { embeddedPlaces } from "./places.ts";

const WEIGHTS = Buffer.concat([Buffer.from("GGUF"), Buffer.alloc(1_000_000, "weights ")]);
const FILES = {
  "tiny-q4_k_m.gguf": WEIGHTS,
  "tiny-q8_0.gguf": Buffer.from("GGUF larger"),
  "README.md": Buffer.from("# Tiny"),
};
const MODEL = "hf:acme/Tiny-GGUF:Q4_K_M";

let root = "";
const hubs: ModelHub[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "fetch-"));
});
afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => hub.close()));
  rmSync(root, { recursive: true, force: true });
});

async function start(options: Partial<ModelHubOptions> = {}, more: Partial<FetchModel> = {}) {
  const hub = await startModelHub({ models: { "acme/Tiny-GGUF": FILES }, ...options });
  hubs.push(hub);
  const places = embeddedPlaces({ XDG_DATA_HOME: root, HOME: root });
  const fetching = (change: Partial<FetchModel> = {}) =>
    fetchModel({ model: MODEL, hub: hubOf({ HF_ENDPOINT: `${hub.url}/` }), places, ...more, ...change });
  const file = join(places.models, "acme/Tiny-GGUF/tiny-q4_k_m.gguf");
  return { hub, fetching, file, places };
}

test("a model is fetched into the person's data folder, told as it comes, and not fetched again", async () => {
  const seen: Progress[] = [];
  const { hub, fetching, file } = await start({}, { onProgress: (progress) => seen.push(progress) });
  expect(await fetching()).toEqual({ path: file, bytes: WEIGHTS.length });
  expect(file.startsWith(join(root, "millwright", "models"))).toBe(true);
  expect(readFileSync(file).equals(WEIGHTS)).toBe(true);
  expect(seen.at(-1)).toMatchObject({
    name: "tiny-q4_k_m.gguf",
    bytes: WEIGHTS.length,
    total: WEIGHTS.length,
    left: 0,
  });
  const asked = hub.requests.length;
  await fetching();
  expect(hub.requests.length).toBe(asked);
});

test("a connection that is cut off half-way goes on where it stopped", async () => {
  const { hub, fetching, file } = await start();
  hub.fail({ kind: "cut-off", after: 400_000 }, { kind: "status", status: 503 });
  await fetching();
  expect(readFileSync(file).equals(WEIGHTS)).toBe(true);
  // How much of the last piece a broken connection still delivers is the network's affair.
  const starts = hub.requests.flatMap((line) => /bytes=(\d+)-/.exec(line)?.[1] ?? []).map(Number);
  expect(starts).toEqual([starts[0], starts[0]]);
  expect(starts[0]).toBeGreaterThan(200_000);
  expect(starts[0]).toBeLessThanOrEqual(400_000);
});

test("one that is cut off again and again keeps what came, and the next call goes on from there", async () => {
  const { hub, fetching, file } = await start();
  hub.fail(
    { kind: "cut-off", after: 600_000 },
    ...Array.from({ length: 4 }, () => ({ kind: "cut-off", after: 0 }) as const),
  );
  const failure = await failureFrom(fetching());
  expect(failure).toMatchObject({ code: "environment", remedy: "retry" });
  expect(failure.hint).toContain("1 MB of 1 MB are kept");
  expect(existsSync(file)).toBe(false);
  // How much of the last piece a broken connection still delivers is the network's affair.
  const { size } = statSync(`${file}.part`);
  expect(size).toBeGreaterThan(400_000);
  expect(size).toBeLessThanOrEqual(600_000);
  await fetching();
  expect(hub.requests.at(-1)).toContain(`bytes=${size}-`);
  expect(readFileSync(file).equals(WEIGHTS)).toBe(true);
});

test("a server that ignores ranges, and one that falls silent, are survived", async () => {
  const { hub, fetching, file, places } = await start();
  hub.fail({ kind: "cut-off", after: 1000 }, { kind: "no-ranges" });
  await fetching();
  expect(readFileSync(file).equals(WEIGHTS)).toBe(true);
  hub.fail({ kind: "silent", after: 1000 });
  const url = `${hub.url}/acme/Tiny-GGUF/resolve/main/tiny-q4_k_m.gguf`;
  const to = join(places.models, "other.gguf");
  const told = { url, name: "other.gguf", bytes: WEIGHTS.length, sha256: undefined };
  await download({ file: told, to, headers: {}, silenceSeconds: 0.3 });
  expect(readFileSync(to).equals(WEIGHTS)).toBe(true);
});

test("a file with a wrong checksum is removed and never gets its name", async () => {
  const { fetching, file } = await start({ sha256: "0".repeat(64) });
  const failure = await failureFrom(fetching());
  expect(failure.message).toMatch(/wrong checksum, and was removed: SHA-256 [0-9a-f]{64}, expected 0{64}/);
  expect([existsSync(file), existsSync(`${file}.part`)]).toEqual([false, false]);
});

test("what an older version of the file left half-way does not end up in it", async () => {
  const { fetching, file } = await start();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, Buffer.alloc(5000, "old"));
  expect((await failureFrom(fetching())).message).toContain("wrong checksum");
  await fetching();
  expect(readFileSync(file).equals(WEIGHTS)).toBe(true);
});

test("too little disk is said with both numbers before a byte is fetched", async () => {
  const { hub, fetching } = await start({}, { free: async () => 12e6 });
  const failure = await failureFrom(fetching());
  expect(failure.code).toBe("disk-full");
  expect(failure.message).toMatch(/tiny-q4_k_m.gguf needs 68 MB on the disk of .*, and 12 MB are free/);
  expect(hub.requests.some((line) => line.includes("/resolve/"))).toBe(false);
});

test("an abort ends it as cancelled, and keeps what came", async () => {
  const abort = new AbortController();
  const { hub, fetching, file } = await start({}, { signal: abort.signal });
  hub.fail({ kind: "silent", after: 300_000 });
  const call = failureFrom(fetching());
  await expect.poll(() => existsSync(`${file}.part`) && statSync(`${file}.part`).size).toBe(300_000);
  abort.abort();
  expect((await call).code).toBe("cancelled");
});

describe("names", () => {
  test("a quantisation that is not there is answered with those that are", async () => {
    const { fetching } = await start();
    const failure = await failureFrom(fetching({ model: "hf:acme/Tiny-GGUF:Q4_K_S" }));
    expect(failure.message).toContain("acme/Tiny-GGUF has no Q4_K_S; it has Q4_K_M, Q8_0");
    expect(failure.hint).toContain("hf:acme/Tiny-GGUF:Q4_K_M");
  });

  test("a model that is not there is answered with the nearest ones", async () => {
    const { fetching } = await start();
    const failure = await failureFrom(fetching({ model: "hf:acme/Tinny-GGUF:Q4_K_M" }));
    expect(failure.message).toContain("gives no model acme/Tinny-GGUF (404)");
    expect(failure.hint).toContain("hf:acme/Tiny-GGUF");
  });

  test("a gated model says that its licence has to be accepted; with the token it comes", async () => {
    const { hub, fetching } = await start({ gated: { models: ["acme/Tiny-GGUF"], token: "dummy" } });
    const failure = await failureFrom(fetching());
    expect(failure.hint).toMatch(/accept its licence at .*acme\/Tiny-GGUF and set HF_TOKEN/);
    await fetching({ hub: hubOf({ HF_ENDPOINT: hub.url, HF_TOKEN: "dummy" }) });
  });

  test("what is no name of a model is refused at once, and so is a hub that is not there", async () => {
    const { hub, fetching } = await start();
    for (const model of ["Qwen/x", "hf:a/../b", "hf:one", "hf:a/b:c d"])
      await expect(fetching({ model })).rejects.toThrow(InputError);
    await hub.close();
    expect((await failureFrom(fetching())).message).toMatch(/is not reachable \(ECONNREFUSED\)/);
  });

  test("a model in several parts is fetched whole, and only whole counts as fetched", async () => {
    const parts = {
      "big-Q4_K_M-00001-of-00002.gguf": Buffer.from("GGUF one"),
      "big-Q4_K_M-00002-of-00002.gguf": Buffer.from("GGUF two"),
    };
    const { fetching, places } = await start({ models: { "acme/Big-GGUF": parts } });
    const fetched = await fetching({ model: "hf:acme/Big-GGUF:q4_k_m" });
    expect(fetched.bytes).toBe(16);
    expect(fetched.path).toContain("00001-of-00002");
    rmSync(join(places.models, "acme/Big-GGUF/big-Q4_K_M-00002-of-00002.gguf"));
    expect((await fetching({ model: "hf:acme/Big-GGUF:q4_k_m" })).bytes).toBe(16);
  });
});
