import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { outlivers } from "../crash/world.ts";
import { available } from "../kit/available.ts";
import { served } from "../kit/served.ts";
import { SUMS_CONFIG, subtracting } from "../kit/sums.ts";
import { possessions } from "../kit/target.ts";
import { wholeCli } from "../kit/whole-cli.ts";

const cli = wholeCli();
const LIMITS =
  "limits: { testSeconds: 3, commandSeconds: 5, outputMegabytes: 1, diskMegabytes: 16, processes: 64, stepTries: 1 }\n";
const suite = (...lines: readonly string[]) =>
  ['import { test } from "node:test";', 'import { spawn } from "node:child_process";', ...lines, ""].join("\n");

const BAD: readonly (readonly [string, string, RegExp, "everywhere" | "isolated"])[] = [
  ["never ends", suite('test("waits", () => { for (;;) {} });'), /time limit.*testSeconds/, "everywhere"],
  [
    "never ends, with daemons",
    suite(
      'spawn("sleep", ["600"], { detached: true, stdio: "ignore" }).unref();',
      'test("waits", () => new Promise((done) => setTimeout(done, 600_000)));',
    ),
    /time limit.*in "waits".*testSeconds/,
    "isolated",
  ],
  [
    "floods its output",
    suite(
      'test("floods", async () => { for (;;) { process.stdout.write("x".repeat(65536) + "\\n"); await new Promise(setImmediate); } });',
    ),
    /printed more than it may.*outputMegabytes/,
    "everywhere",
  ],
  [
    "forks without end",
    suite(
      'test("forks", () => new Promise((_, fail) => { for (let at = 0; at < 500; at += 1) spawn("sleep", ["60"]).on("error", fail); }));',
    ),
    /time limit.*testSeconds/,
    "isolated",
  ],
];

describe("a target whose own suite, on the base, is beyond judging: said with what to do, nothing lost, nobody left", () => {
  for (const [name, text, message, where] of BAD)
    test.runIf(where === "everywhere" || available.bwrap)(
      name,
      async () => {
        const { target, close } = await served({
          script: subtracting(),
          config: SUMS_CONFIG + LIMITS,
          files: { "test/bad.test.js": text },
        });
        const before = possessions(target);
        const bare = available.bwrap ? [] : ["--sandbox", "none"];
        const end = await cli.call(target, ["run", "specs/subtract.md", ...bare]);
        const said = end.stdout + end.stderr;
        expect(end.exit, said).toBe(3);
        expect(said).toMatch(message);
        expect(said).toMatch(/waiting: .*on the base itself.*Repair it, or narrow `suites` in millwright\.yaml/);
        expect(await outlivers({ parent: dirname(target.dir) })).toEqual([]);
        expect(possessions(target)).toEqual(before);

        target.git("rm", "-q", "test/bad.test.js");
        target.git("commit", "-q", "-m", "Repair the suite");
        const again = await cli.call(target, ["run", "specs/subtract.md", ...bare]);
        expect(again.exit, again.stdout + again.stderr).toBe(0);
        await close();
      },
      180_000,
    );
});
