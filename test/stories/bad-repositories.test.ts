import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Database from "libsql";
import { describe, expect, test } from "vitest";
import { openMill } from "../../src/compose/open-mill.ts";
import { facts, goOn, refusalText, sandboxed, silent, tell, within } from "../kit/story.ts";
import { SUBTRACT_CODE, SUMS_CONFIG, subtracting, sums } from "../kit/sums.ts";
import { possessions } from "../kit/target.ts";

describe("repositories as people have them", () => {
  test("a path with spaces and letters of the world", async () => {
    const target = sums({ "docs/Grüße 世界.md": "# Hello\n" }, "mein Projekt äöü 世界");
    const before = possessions(target);
    const told = await tell(target, subtracting());
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(possessions(target)).toEqual(before);
    target.remove();
  });

  test("a detached HEAD", async () => {
    const target = sums();
    target.git("checkout", "-q", "--detach");
    const before = possessions(target);
    const told = await tell(target, subtracting());
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(possessions(target)).toEqual(before);
    target.remove();
  });

  test("a shallow clone", async () => {
    const origin = sums();
    origin.write("second.txt", "two");
    origin.commit("Second");
    const target = { ...origin, dir: join(origin.dir, "../shallow") };
    origin.git("clone", "-q", "--depth", "1", `file://${origin.dir}`, target.dir);
    const told = await tell(target, subtracting());
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    origin.remove();
  });

  test("no commits yet: refused with the two commands that help", async () => {
    const target = sums();
    target.git("update-ref", "-d", "HEAD");
    await expect(tell(target, subtracting())).rejects.toThrow(/no commits yet.*git add.*--allow-empty/);
    target.remove();
  });

  test("submodules: refused with the line of config; with that line, they are empty folders", async () => {
    const target = sums();
    const commit = target.git("rev-parse", "HEAD");
    target.git("update-index", "--add", "--cacheinfo", `160000,${commit},vendor/library`);
    target.git("commit", "-q", "-m", "A submodule");
    await expect(tell(target, subtracting())).rejects.toThrow(/submodules \(vendor\/library\).*submodules: empty/);
    writeFileSync(join(target.dir, "millwright.yaml"), `${SUMS_CONFIG}submodules: empty\n`);
    const told = await tell(target, subtracting());
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    target.remove();
  });

  test("no repository at all", async () => {
    await expect(openMill("/", {}, sandboxed())).rejects.toThrow(/git/);
  });
});

describe("the journal", () => {
  test("of a newer version is refused, and left as it is", async () => {
    const target = sums();
    const told = await tell(target, subtracting());
    const path = await within(target, {}, async (mill) => mill.journal);
    const database = new Database(path);
    database.exec("PRAGMA user_version = 9999");
    database.close();
    await expect(tell(target, subtracting())).rejects.toThrow(/newer/);
    const again = new Database(path);
    again.exec("PRAGMA user_version = 1");
    const { count } = again.prepare("SELECT count(*) AS count FROM runs").get() as { count: number };
    again.close();
    expect([told.outcome.kind, count]).toEqual(["done", 1]);
    target.remove();
  });

  test("at a ceiling of the budget the run waits; resume with a larger one repeats nothing", async () => {
    const target = sums();
    const asked: string[] = [];
    const script = subtracting({ developer: [SUBTRACT_CODE] });
    const counting: typeof script = (request) => {
      asked.push(`${request.task} ${request.role} ${request.attempt}`);
      return script(request);
    };
    const told = await tell(target, counting, { budget: { attempts: 2 } });
    expect(told.outcome).toMatchObject({
      kind: "waiting",
      reason: expect.stringMatching(/budget of 2 model answers.*resume --budget/),
    });
    const stillWaiting = await goOn(target, counting);
    expect(stillWaiting.outcome.kind).toBe("waiting");
    const end = await within(target, { script: counting }, (mill) =>
      mill.resume(undefined, { budget: { attempts: 50 } }, silent()),
    );
    expect(end.outcome).toEqual({ kind: "done", branch: "loop/subtract" });
    expect(new Set(asked).size, asked.join(", ")).toBe(asked.length);
    expect(facts(stillWaiting, "run-resumed")).toHaveLength(1);
    target.remove();
  });

  test("a run that was stopped by a person is resumed where it was", async () => {
    const target = sums();
    const stop = new AbortController();
    const script = subtracting();
    const asked: string[] = [];
    const stopping: typeof script = (request) => {
      asked.push(request.role);
      if (request.role === "developer" && !stop.signal.aborted) stop.abort();
      return script(request);
    };
    const end = await within(target, { script: stopping }, (mill) =>
      mill.run({ input: "specs/subtract.md" }, silent(stop.signal)),
    );
    expect(end.outcome).toMatchObject({ kind: "cancelled", reason: expect.stringContaining("resume") });
    const told = await goOn(target, stopping);
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(asked.filter((role) => role === "tester")).toHaveLength(1);
    target.remove();
  });
});

describe("a replay", () => {
  test("with a reply that is missing says which; one whose request has drifted is refused under --strict, else said", async () => {
    const target = sums();
    const told = await tell(target, subtracting());
    const journal = await within(target, {}, async (mill) => mill.journal);
    const recording = join(journal, "..", "recordings", told.run);
    const prompt = readFileSync(resolve(import.meta.dirname, "../../roles/developer.md"), "utf8");
    target.write(".agents/roles/developer.md", `${prompt}\nBe polite.\n`);
    const replay = (strict: boolean) =>
      within(target, {}, async (mill) => {
        const end = await mill.replay({ run: told.run }, { strict }, silent());
        return { ...end, entries: await mill.entries(end.run) };
      });
    const strict = await replay(true);
    expect(strict.outcome, refusalText(strict)).toMatchObject({
      kind: "waiting",
      reason: expect.stringMatching(/drift|is not the (one|request)|differs/),
    });
    const loose = await replay(false);
    expect(loose.outcome.kind, refusalText(loose)).toBe("done");
    expect(facts(loose, "answered").some(({ drifted }) => drifted)).toBe(true);

    const removed = spawnSync("find", [recording, "-name", "*developer*", "-print", "-delete"], {
      encoding: "utf8",
    }).stdout;
    expect(removed).not.toBe("");
    const missing = await replay(false);
    expect(missing.outcome, refusalText(missing)).toMatchObject({ reason: expect.stringMatching(/developer/) });
    expect(missing.outcome.kind).not.toBe("done");
    target.remove();
  });

  test("of a folder that is none", async () => {
    const target = sums();
    const nowhere = within(target, {}, (mill) =>
      mill.replay({ dir: join(target.dir, "src") }, { strict: false }, silent()),
    );
    await expect(nowhere).rejects.toThrow(/holds no recording/);
    target.remove();
  });
});
