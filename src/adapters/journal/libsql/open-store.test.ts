import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Database from "libsql";
import { afterAll, describe, expect, test } from "vitest";
import { available } from "../../../../test/kit/available.ts";
import { compiledSources } from "../../../../test/kit/compiled.ts";
import type { Event } from "../../../domain/event.ts";
import { InputError, StepFailure } from "../../../domain/step-failure.ts";
import { manualClock } from "../../clock/manual.ts";
import { journalContract } from "../journal.contract.ts";
import { openStore } from "./open-store.ts";
import { MIGRATIONS, upgrade } from "./schema.ts";

const folders: string[] = [];
const freshFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const clock = manualClock(1_000);
const note = (message: string): Event => ({ type: "notice", message });
const run = { id: "r1", title: "First", createdAt: 1 };

/** Runs a module that sees `openStore` and `folder` in a process of its own, perhaps inside a launcher. */
function childScript(folder: string, body: string): string {
  const compiled = (module: string) => JSON.stringify(pathToFileURL(join(compiledSources(), module)).href);
  const script = join(folder, "child.mjs");
  writeFileSync(
    script,
    `import { openStore } from ${compiled("adapters/journal/libsql/open-store.js")};
     import { systemClock } from ${compiled("adapters/clock/system.js")};
     const open = (folder) => openStore(folder, systemClock());
     const say = (text) => process.stdout.write(text + "\\n");
     ${body}`,
  );
  return script;
}

describe("the journal in SQLite", () => {
  journalContract((now) => openStore(join(freshFolder(), "state"), now));

  test("everything is there after a restart, and the folder ignores itself", async () => {
    const folder = join(freshFolder(), "with späces", ".millwright");
    const first = openStore(folder, clock);
    const journal = await first.create(run);
    await journal.append("a", note("one"));
    await journal.remember("d", "suite", [1]);
    const blob = await journal.putBlob("text");
    first.close();

    const second = openStore(folder, clock);
    const again = second.open("r1");
    expect(await again.entries()).toHaveLength(1);
    expect(await again.recall("d")).toEqual([1]);
    expect(await again.getBlob(blob)).toBe("text");
    second.close();
    expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe("*\n");
  });

  test("every fact that was acknowledged survives kill -9", async () => {
    const folder = freshFolder();
    const script = childScript(
      folder,
      `const journal = await open(${JSON.stringify(folder)}).create({ id: "r1", title: "t", createdAt: 1 });
       for (let i = 1; ; i += 1) {
         await journal.putBlob("text " + i);
         await journal.append("k" + i, { type: "notice", message: "n" + i });
         say(String(i));
       }`,
    );
    const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    for await (const chunk of child.stdout) {
      said += chunk;
      if (said.split("\n").length > 40) child.kill("SIGKILL");
    }
    const acknowledged = Number(said.trim().split("\n").at(-1));
    const store = openStore(folder, clock);
    const entries = await store.open("r1").entries();
    expect(entries.length).toBeGreaterThanOrEqual(acknowledged);
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    const drafts = readdirSync(join(folder, "blobs")).filter((name) => name.endsWith(".tmp"));
    expect(drafts.length).toBeLessThanOrEqual(1);
    store.close();
  });

  test("another process reads while this one writes", async () => {
    const folder = freshFolder();
    const store = openStore(folder, clock);
    const journal = await store.create(run);
    await journal.append("a", note("one"));
    const script = childScript(folder, `say(JSON.stringify(await open(${JSON.stringify(folder)}).entriesAfter(0)));`);
    const { stdout } = spawnSync(process.execPath, [script], { encoding: "utf8" });
    expect(JSON.parse(stdout)).toMatchObject([{ seq: 1, event: { message: "one" } }]);
    store.close();
  });
});

describe("a journal that cannot be used", () => {
  test("one from a newer version is refused with what to do, and left as it is", () => {
    const folder = freshFolder();
    openStore(folder, clock).close();
    const database = new Database(join(folder, "journal.db"));
    database.exec("PRAGMA user_version = 99");
    database.close();
    const open = () => openStore(folder, clock);
    expect(open).toThrow(InputError);
    expect(open).toThrow(/newer millwright \(format 99; this one knows 1\).*Update/);
  });

  test("one from an older version is brought forward with its facts", async () => {
    const folder = freshFolder();
    const store = openStore(folder, clock);
    await (await store.create(run)).append("a", note("one"));
    store.close();
    const database = new Database(join(folder, "journal.db"));
    const later = [...MIGRATIONS, "ALTER TABLE runs ADD COLUMN host TEXT"];
    upgrade(database, later);
    upgrade(database, later);
    expect(database.prepare("PRAGMA user_version").get()).toMatchObject({ user_version: 2 });
    expect(database.prepare("SELECT host, title FROM runs").all()).toEqual([{ host: null, title: "First" }]);
    database.close();
  });

  test("a migration that fails leaves the journal as it was", () => {
    const database = new Database(join(freshFolder(), "journal.db"));
    upgrade(database);
    expect(() => upgrade(database, [...MIGRATIONS, "CREATE TABLE extra (a); CREATE TABLE runs (a)"])).toThrow();
    expect(database.prepare("PRAGMA user_version").get()).toMatchObject({ user_version: 1 });
    expect(database.prepare("SELECT name FROM sqlite_schema WHERE name = 'extra'").all()).toEqual([]);
    database.close();
  });

  test.each([
    ["text that is not JSON", "{"],
    ["an unknown kind of fact", '{"type":"unheard-of"}'],
    ["a fact without its members", '{"type":"notice"}'],
  ])("a row with %s is journal-broken", async (_, text) => {
    const folder = freshFolder();
    const store = openStore(folder, clock);
    const journal = await store.create(run);
    await journal.append("a", note("one"));
    const database = new Database(join(folder, "journal.db"));
    database.prepare("UPDATE facts SET event = ?").run(text);
    database.close();
    await expect(journal.entries()).rejects.toMatchObject({ code: "journal-broken", message: /Fact 1 of/ });
    store.close();
  });

  test("a file that is no database is journal-broken", () => {
    const folder = freshFolder();
    writeFileSync(join(folder, "journal.db"), "not a database".repeat(1_000));
    expect(() => openStore(folder, clock)).toThrow(expect.objectContaining({ code: "journal-broken" }));
  });

  test("a blob that was changed is journal-broken; writing it again heals it", async () => {
    const folder = freshFolder();
    const store = openStore(folder, clock);
    const journal = await store.create(run);
    const name = await journal.putBlob("text");
    chmodSync(join(folder, "blobs", name), 0o600);
    writeFileSync(join(folder, "blobs", name), "tex");
    await expect(journal.getBlob(name)).rejects.toMatchObject({ code: "journal-broken", message: /has been changed/ });
    await journal.putBlob("text");
    expect(await journal.getBlob(name)).toBe("text");
    store.close();
  });

  test("a state folder that is a file is an environment failure", () => {
    const folder = freshFolder();
    writeFileSync(join(folder, "state"), "");
    const open = () => openStore(join(folder, "state"), clock);
    expect(open).toThrow(StepFailure);
    expect(open).toThrow(expect.objectContaining({ code: "environment", hint: expect.stringContaining("writable") }));
  });
});

describe("a disk that refuses", () => {
  const inside = (script: string, ...mounts: readonly string[]) =>
    spawnSync("bwrap", ["--ro-bind", "/", "/", "--dev", "/dev", ...mounts, process.execPath, script], {
      encoding: "utf8",
    });

  test.runIf(available.bwrap)("a full disk: disk-full, and what was acknowledged is whole", () => {
    const folder = freshFolder();
    const state = join(folder, "state");
    mkdirSync(state);
    const script = childScript(
      folder,
      `const store = open(${JSON.stringify(state)});
       const journal = await store.create({ id: "r1", title: "t", createdAt: 1 });
       let kept = 0;
       const failures = [];
       const fill = async (write) => { try { for (;;) await write(); } catch (error) { failures.push(error.code, error.hint); } };
       await fill(async () => { await journal.append("k" + (kept + 1), { type: "notice", message: "x".repeat(5000) }); kept += 1; });
       await fill(() => journal.putBlob(String(Math.random()).repeat(3000)));
       const { readdirSync } = await import("node:fs");
       const seen = (await journal.entries()).length;
       const drafts = readdirSync(${JSON.stringify(join(state, "blobs"))}).filter((name) => name.endsWith(".tmp")).length;
       say(JSON.stringify({ failures, kept, seen, drafts }));`,
    );
    const { stdout, stderr } = inside(script, "--size", String(700 * 1024), "--tmpfs", state);
    expect(stderr).toBe("");
    const { failures, kept, seen, drafts } = JSON.parse(stdout);
    expect(failures).toEqual([
      "disk-full",
      expect.stringContaining("resume"),
      "disk-full",
      expect.stringContaining("resume"),
    ]);
    expect(kept).toBeGreaterThan(0);
    expect(seen).toBe(kept);
    expect(drafts).toBe(0);
  });

  test.runIf(available.bwrap)("a read-only folder is an environment failure that says what to do", () => {
    const folder = freshFolder();
    const script = childScript(
      folder,
      `try { open(${JSON.stringify(join(folder, "state"))}); } catch (error) { say(error.code + ": " + error.hint); }`,
    );
    expect(inside(script).stdout).toMatch(/^environment: Make the folder writable/);
  });
});
