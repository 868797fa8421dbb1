import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CompiledDriver, compiledDriver } from "../crash/compiled-driver.ts";
import { duringSuites, everyNth, faultsOf, pursue, seeded, survive, type Truth, unbroken } from "../crash/crashes.ts";
import { git } from "../crash/makers.ts";
import { linesOf, makeWorld, outlivers, resultOf, startLife } from "../crash/world.ts";
import { available } from "../kit/available.ts";

/** A sample of test/crash, which kills at every write. */
describe.concurrent("a run that was broken comes out like one that was not", { timeout: 240_000 }, () => {
  let driver: CompiledDriver;
  let truth: Truth;
  beforeAll(async () => {
    driver = compiledDriver();
    truth = await unbroken(driver);
  }, 240_000);
  afterAll(() => driver.remove());

  test("the unbroken run meets a refusal of every kind, and a branch that moves", () => {
    const story = truth.result.story.join("\n");
    for (const line of ["plan refused", "red refused", "door refused", "green refused", "rebased from", "goal: MET"])
      expect(story).toContain(line);
    expect(truth.installs).toBe(1);
  });

  test("killed at writes of the journal, and around a landing between the branch and the fact", async () => {
    const landing = ["after begun/land/T2/3", "before done/land/T2/3", "before landed/T2"];
    const kills = [...new Set([...everyNth(truth.points, 7, 120), ...landing])];
    expect(await survive(driver, truth, { kills })).toEqual([]);
  });

  test("killed while a model answers, while tests run and while packages are installed: nobody outlives it", async () => {
    const kills = ["during ask/T1/developer/2", "during install", duringSuites(truth)[3] ?? ""];
    expect(await survive(driver, truth, { kills })).toEqual([]);
  });

  test("killed before it had begun, while it is resumed, and while that is resumed", async () => {
    const kills = ["before done/inputs", "before started", "before resumed", "after resumed", "after notice/1"];
    expect(await survive(driver, truth, { kills })).toEqual([]);
  });

  test("killed at some moment inside of a step", async () => {
    const random = seeded(42);
    const points = truth.points.filter(({ name }) => /^after begun\/(land|rebase|answer|branch|base)\//.test(name));
    const point = points[Math.floor(random() * points.length)]?.name ?? "";
    const world = makeWorld("none");
    expect(await pursue(world, driver, { late: { point, milliseconds: Math.floor(random() * 40) } })).toEqual([]);
    expect(faultsOf(world, truth)).toEqual([]);
    world.remove();
  });

  test("killed right after its end: what was to land on a person's branch is there", async () => {
    const world = makeWorld("none");
    const { signal } = await startLife(world, driver, { kills: ["after ended"], land: "mine" }).ended;
    expect(signal).toBe("SIGKILL");
    expect(git(world.dir, "rev-parse", "mine")).toBe(git(world.dir, "rev-parse", "loop/numbers"));
    world.remove();
  });

  test("interrupted by Ctrl-C, again and again", async () => {
    expect(await survive(driver, truth, { interrupts: everyNth(truth.points, 40, 151) })).toEqual([]);
  });

  test.runIf(available.bwrap)("killed while tests run in bubblewrap: nothing inside outlives it", async () => {
    const confined = await unbroken(driver, "bubblewrap");
    const point = duringSuites(confined)[2]?.replace("during ", "after begun/") ?? "";
    const world = makeWorld("bubblewrap");
    expect(await pursue(world, driver, { late: { point, milliseconds: 100 } })).toEqual([]);
    expect(faultsOf(world, confined)).toEqual([]);
    world.remove();
  });

  test("a second process is refused with the owner's pid; a dead owner's lock is taken over", async () => {
    const world = makeWorld("none");
    const owner = startLife(world, driver, { pause: "ask/plan/architect/1" });
    await expect.poll(() => existsSync(join(world.side, "waiting")), { timeout: 60_000 }).toBe(true);
    const pid = readFileSync(join(world.side, "waiting"), "utf8");
    const cli = join(driver.dist, "apps/cli/main.js");
    const env = { PATH: process.env.PATH ?? "", HOME: world.parent };
    const second = spawnSync(process.execPath, [cli, "run", "specs/numbers.md", "--sandbox", "none"], {
      cwd: world.dir,
      env,
      encoding: "utf8",
    });
    expect(second.status, second.stderr).toBe(4);
    expect(second.stderr).toContain(`process ${pid}`);

    owner.child.kill("SIGKILL");
    await owner.ended;
    expect(await outlivers(world)).toEqual([]);
    writeFileSync(join(world.side, "go"), "");
    const { code, said } = await startLife(world, driver).ended;
    expect({ code, said }).toEqual({ code: 0, said: "" });
    expect(resultOf(world)?.story).toEqual(truth.result.story);
    expect(linesOf(world, "calls").filter((call) => call === "plan/architect/1")).toHaveLength(2);
    world.remove();
  });
});
