import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { failureFrom } from "./models.contract.ts";
import { cannotWrite, writeWhole } from "./write-whole.ts";

test("a file is written with its folders and leaves nothing beside it, also when it is written again", async () => {
  const dir = await mkdtemp(join(tmpdir(), "whole-"));
  const path = join(dir, "a", "b.md");
  await writeWhole(path, "one");
  await writeWhole(path, "two");
  expect(await readFile(path, "utf8")).toBe("two");
  expect(await readdir(join(dir, "a"))).toEqual(["b.md"]);
  await rm(dir, { recursive: true });
});

test("a place that cannot be written to is named, and no part is left", async () => {
  const dir = await mkdtemp(join(tmpdir(), "whole-"));
  await writeWhole(join(dir, "taken", "x"), "");
  expect(await failureFrom(writeWhole(join(dir, "taken"), "text"))).toMatchObject({
    code: "environment",
    remedy: "ask",
  });
  expect(await readdir(dir)).toEqual(["taken"]);
  await rm(dir, { recursive: true });
});

test.runIf(existsSync("/dev/full"))("a full disk is called a full disk", async () => {
  const error: unknown = await writeFile("/dev/full", "text").catch((reason: unknown) => reason);
  expect(cannotWrite("x.md", error)).toMatchObject({ code: "disk-full", remedy: "ask" });
});
