import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { openObjectReader } from "./object-reader.ts";

const dirs: string[] = [];
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function repository(): { readonly dir: string; blob(text: string): string } {
  const dir = mkdtempSync(join(tmpdir(), "millwright-reader-"));
  dirs.push(dir);
  execFileSync("git", ["init", "-q", "--bare", dir]);
  const blob = (text: string) =>
    execFileSync("git", ["hash-object", "-w", "--stdin"], { cwd: dir, input: text, encoding: "utf8" }).trim();
  return { dir, blob };
}

it("finds what stands in a store of objects that was joined after it began to read", async () => {
  const [own, other] = [repository(), repository()];
  const [first, second] = [own.blob("first"), other.blob("second")];
  const reader = openObjectReader({ cwd: own.dir, variables: { GIT_DIR: own.dir } });
  expect((await reader.read(first))?.toString()).toBe("first");
  writeFileSync(join(own.dir, "objects/info/alternates"), `${join(other.dir, "objects")}\n`);
  expect((await reader.read(second))?.toString()).toBe("second");
  await reader.close();
});

it("answers every question, be it found or not, while others are asked", async () => {
  const own = repository();
  const texts = Array.from({ length: 20 }, (_, number) => `text ${number}`);
  const ids = texts.map((text) => own.blob(text));
  const reader = openObjectReader({ cwd: own.dir, variables: { GIT_DIR: own.dir } });
  const asked = ids.flatMap((id, at) => [id, `${"0".repeat(36)}${String(at).padStart(4, "0")}`]);
  const answers = await Promise.all(asked.map((id) => reader.read(id)));
  expect(answers.map((bytes) => bytes?.toString())).toEqual(texts.flatMap((text) => [text, undefined]));
  await reader.close();
});
