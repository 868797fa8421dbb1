import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { available } from "../kit/available.ts";
import { served } from "../kit/served.ts";
import { subtracting } from "../kit/sums.ts";
import { possessions, type Target } from "../kit/target.ts";
import { entriesIn, factsIn, wholeCli } from "../kit/whole-cli.ts";

const cli = wholeCli();
const RUN = ["run", "specs/subtract.md", "--json", "--sandbox", "none"];
const slowly = 180_000;
const quoted = (words: readonly string[]) => words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");

/** A folder beside the target, for what a story writes down. */
function sideOf(target: Target): string {
  const side = join(dirname(target.dir), "side");
  mkdirSync(side);
  return side;
}

/** What lies on the small disk: the mill's state alone, or the repository and all temporary files, too. */
type Small = "the state" | "everything";

describe.runIf(available.bwrap)("a disk that is full", () => {
  // The role at whose first answer the disk has no room left, but for some kilobytes.
  test.each<[Small, string, number]>([
    ["the state", "architect", 0],
    ["the state", "goal-checker", 0],
    ["everything", "tester", 0],
    ["everything", "developer", 60],
    ["everything", "developer", 150],
    ["everything", "reviewer", 60],
  ])(
    "%s on it, when the %s answers, %s KB left: it stops and says so; with room again, resume repeats one question at most",
    async (small, role, left) => {
      let side = "";
      let times = 0;
      const { target, asked, close } = await served({
        script: subtracting(),
        before: async (request) => {
          if (request.role !== role || times++ > 0) return;
          writeFileSync(join(side, "fill"), "");
          while (!readFileSync(join(side, "log"), "utf8").includes("filled")) await pause(20);
        },
      });
      side = sideOf(target);
      const before = possessions(target);
      await fillMeanwhile(target, side, { small, left });
      const read = (name: string) => readFileSync(join(side, name), "utf8");

      expect(read("log"), read("run.err") + read("resume.err")).toMatch(/No space left.*filled\nrun 4\nresume 0\n/s);
      expect(read("run.err") + read("run.out")).toMatch(/full|no space/i);
      expect(read("run.err") + read("run.out")).toMatch(/Free some space/);
      const repeated = asked().filter((one, index) => asked().indexOf(one) !== index);
      expect(repeated.length, asked().join(", ")).toBeLessThanOrEqual(1);
      expect(new Set(asked()).size, "a full disk costs no maker an attempt").toBe(6);
      expect(target.git("show", "loop/subtract:src/subtract.js")).toContain("left - right");
      expect(possessions(target)).toEqual(before);
      await close();
    },
    slowly,
  );
});

describe.runIf(available.bwrap)("a folder that cannot be written", () => {
  const closed = (path: string) => ({ within: ["bwrap", "--dev-bind", "/", "/", "--ro-bind", path, path] });

  test("the repository: refused with what to do, before anybody is asked", async () => {
    const { target, asked, close } = await served({ script: subtracting() });
    const before = possessions(target);
    const end = await cli.call(target, RUN, closed(target.dir));
    expect(end.exit, end.stderr).toBe(4);
    expect(end.stderr).toMatch(/cannot be written.*what to do: .*writable/s);
    expect(asked()).toEqual([]);
    expect(possessions(target)).toEqual(before);
    await close();
  });

  test("the state of a run that waits: resume says what to do, and goes on when it may", async () => {
    const { target, close } = await served({ script: subtracting() });
    const waiting = await cli.call(target, [...RUN, "--budget", "attempts=2"]);
    expect(waiting.exit, waiting.stderr).toBe(3);
    const shut = closed(join(target.dir, ".millwright"));
    const refused = await cli.call(target, ["resume", "--budget", "attempts=9"], shut);
    expect(refused.exit, refused.stderr).toBe(4);
    expect(refused.stderr).toMatch(/what to do: .*writ/s);
    expect((await cli.call(target, ["resume", "--budget", "attempts=9"])).exit).toBe(0);
    await close();
  });
});

describe("a clock that jumps back", () => {
  test(
    "by a day between start and resume: the run ends well, in the order of what happened, and its report counts no time backwards",
    async () => {
      const { target, asked, close } = await served({ script: subtracting() });
      const yesterday = join(sideOf(target), "yesterday.cjs");
      writeFileSync(yesterday, YESTERDAY);
      const waiting = await cli.call(target, [...RUN, "--budget", "attempts=2"]);
      expect(waiting.exit, waiting.stderr).toBe(3);
      const back = { node: ["--require", yesterday] };
      const end = await cli.call(target, ["resume", "--json", "--budget", "attempts=9,minutes=30"], back);
      expect(end.exit, end.stderr + end.stdout.slice(-2000)).toBe(0);

      const times = entriesIn(end).map(({ at }) => at);
      expect(Math.min(...times), "the story's clock did jump").toBeLessThan(Math.max(...times) - 80_000_000);
      expect(new Set(asked()).size, asked().join(", ")).toBe(asked().length);
      expect(factsIn(end, "landed")).toHaveLength(1);
      for (const words of [["status"], ["show"], ["show", "--story"]]) {
        const shown = await cli.call(target, words, back);
        expect(shown.exit, shown.stderr).toBe(0);
        expect(shown.stdout).not.toMatch(/-\d+(\.\d+)? ?(ms|s|m|h)\b|NaN/);
      }
      await close();
    },
    slowly,
  );
});

const YESTERDAY = `
  const Real = Date;
  const shift = -86_400_000;
  globalThis.Date = class extends Real {
    constructor(...all) {
      if (all.length === 0) super(Real.now() + shift);
      else super(...all);
    }
    static now() {
      return Real.now() + shift;
    }
  };
`;

/** Runs and resumes on a disk of 16 MB that somebody else fills when the file `fill` appears, and empties in between. */
async function fillMeanwhile(
  target: Target,
  side: string,
  { small, left }: { small: Small; left: number },
): Promise<void> {
  const [run, resume] = [cli.command(target, RUN), cli.command(target, ["resume", "--json"])];
  const around = dirname(target.dir);
  const disk = small === "everything" ? around : join(target.dir, ".millwright");
  const origin = join(side, "origin");
  mkdirSync(origin);
  const script = [
    `cd '${side}'; : > log`,
    small === "everything" ? `mkdir '${around}/home' '${around}/tmp'; cp -a '${origin}' '${target.dir}'` : ":",
    `(while [ ! -e fill ]; do sleep 0.05; done; cat /dev/zero > '${disk}/filler' 2>> log; truncate -s -${left}K '${disk}/filler'; echo filled >> log) &`,
    `cd '${target.dir}'`,
    `${quoted(run.argv)} > '${side}/run.out' 2> '${side}/run.err'; echo "run $?" >> '${side}/log'`,
    `touch '${side}/fill'; wait; rm '${disk}/filler'`,
    `${quoted(resume.argv)} > '${side}/resume.out' 2> '${side}/resume.err'; echo "resume $?" >> '${side}/log'`,
    small === "everything" ? `cp -a '${target.dir}/.' '${origin}/'` : ":",
  ].join("\n");
  const mounts = ["--dev-bind", "/", "/", "--size", "16000000", "--tmpfs", disk];
  if (small === "everything") mounts.push("--bind", side, side, "--bind", target.dir, origin);
  const said = await inShell(["bwrap", ...mounts], script, run.environment);
  expect(said).toBe("");
}

function inShell(within: readonly string[], script: string, environment: Readonly<Record<string, string>>) {
  const [program = "", ...words] = [...within, "sh", "-c", script];
  const child = spawn(program, words, { env: environment, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  return new Promise<string>((done) => child.on("close", () => done(said)));
}
