import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { available } from "../../../test/kit/available.ts";
import { scriptedCli } from "../../../test/kit/scripted-cli.ts";
import { PRICING_RUN } from "../../../test/kit/told-run.ts";

const cli = scriptedCli();
const events = PRICING_RUN;
const done = PRICING_RUN.slice(0, -2);
const objects = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("words", () => {
  test("--version and --help", async () => {
    expect(await cli.call(["--version"])).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    const help = await cli.call(["--help"]);
    expect(help.exit).toBe(0);
    for (const name of [
      "init",
      "doctor",
      "plan",
      "run",
      "status",
      "show",
      "resume",
      "diff",
      "replay",
      "demo",
      "config",
    ]) {
      expect(help.stdout).toContain(`  ${name} `);
    }
    expect(help.stdout).toContain("130  interrupted");
  });

  test("every command has examples and its options", async () => {
    for (const name of ["init", "doctor", "plan", "run", "status", "show", "resume", "diff", "replay", "demo"]) {
      const help = await cli.call([name, "--help"]);
      expect(help).toMatchObject({ exit: 0, stdout: expect.stringContaining(`$ millwright ${name}`) });
      expect(help.stdout).toContain("--json");
    }
  });

  test.each([
    [["rnu"], "Did you mean run?"],
    [["run", "x", "--bugdet", "attempts=1"], "Did you mean --budget?"],
    [["run"], "missing required argument"],
    [[], "Usage: millwright"],
    [["run", "x", "--budget", "dollars=1"], "one of attempts, tokens, minutes, money"],
    [["run", "x", "--sandbox", "jail"], "Allowed choices are auto, bubblewrap"],
    [["run", "x", "--model", "poet=m"], 'no role "poet"'],
    [["run", " "], "nothing to do"],
    [["replay", "r1", "--recording", "x"], "not both"],
    [["show", "nope"], 'There is no run "nope". The newest are: r20261121-pricing'],
  ])("%j is a usage error", async (words, message) => {
    const ended = await cli.call(words, { events });
    expect(ended.stderr).toContain(message);
    expect(ended.exit).toBe(2);
  });

  test.each(["--version", "--help"])("%s loads the words of the commands, and nothing that a run needs", (word) => {
    const { main, environment } = cli.prepare({});
    const folder = dirname(environment.MILL_SCRIPT ?? "");
    const [hooks, start] = [join(folder, "hooks.mjs"), join(folder, "start.mjs")];
    writeFileSync(
      hooks,
      `import { writeSync } from "node:fs";
       export const load = (url, context, next) => (writeSync(2, url + "\\n"), next(url, context));`,
    );
    writeFileSync(start, `import { register } from "node:module"; register(${JSON.stringify(pathToFileURL(hooks))});`);
    const words = ["--import", pathToFileURL(start).href, main, word];
    const { stderr, status } = spawnSync(process.execPath, words, { env: environment, encoding: "utf8" });
    expect(status, stderr).toBe(0);
    const loaded = stderr.split("\n").filter((url) => url.startsWith("file:"));
    const rooms = new Set(loaded.map((url) => /\/(?:node_modules|dist)\/(@[^/]+\/[^/]+|[^/]+)/.exec(url)?.[1]));
    expect([...rooms].sort()).toEqual(["apps", "commander", "domain"]);
  });
});

describe("how it ends", () => {
  test.each([
    ["done", { kind: "done", branch: "loop/pricing" }, 0],
    ["stuck", { kind: "stuck", reason: "T2 did not land" }, 1],
    ["waiting", { kind: "waiting", reason: "the budget is spent" }, 3],
    ["stopped", { kind: "stopped", reason: "the model is down" }, 4],
    ["cancelled", { kind: "cancelled", reason: "interrupted" }, 130],
  ])("%s", async (name, outcome, exit) => {
    const ended = await cli.call(["run", "specs/x.md"], { events: done, outcome });
    expect(ended.stdout).toContain(`\n${name}`);
    expect(ended.exit).toBe(exit);
  });

  test("every problem of a config at once", async () => {
    const openFailure = { kind: "input", problems: ["line 1: suite?", "line 2: limit?"] };
    const ended = await cli.call(["config", "validate"], { openFailure });
    expect(ended).toEqual({ exit: 2, stdout: "", stderr: "error: line 1: suite?\nerror: line 2: limit?\n" });
    const json = await cli.call(["config", "validate", "--json"], { openFailure });
    expect(objects(json.stdout)).toEqual([{ kind: "error", exit: 2, code: "input", problems: openFailure.problems }]);
  });

  test("what could not be found out, with what to do", async () => {
    const failure = {
      kind: "step",
      message: "disk\u001b[31m full",
      code: "disk-full",
      remedy: "stop",
      hint: "Free some space.",
    };
    const ended = await cli.call(["run", "x"], { failure });
    expect(ended).toMatchObject({ exit: 4, stderr: "error: disk full\n  what to do: Free some space.\n" });
  });

  test("a bug says so, and where the journal is", async () => {
    const ended = await cli.call(["run", "x"], { failure: { kind: "bug", message: "undefined is not a function" } });
    expect(ended.exit).toBe(70);
    expect(ended.stderr).toContain("This is a bug in millwright: TypeError: undefined is not a function");
    expect(ended.stderr).toContain("The journal is intact: /somewhere/.millwright/journal.db");
  });

  test("a crash outside of every promise is a bug, too", async () => {
    const ended = await cli.call(["run", "x"], { failure: { kind: "crash", message: "boom" }, hang: true });
    expect(ended).toMatchObject({
      exit: 70,
      stderr: expect.stringContaining("This is a bug in millwright: TypeError: boom"),
    });
  });

  test("with --json, a usage error is an object", async () => {
    const ended = await cli.call(["run", "x", "--json", "--bugdet", "1"]);
    expect(ended.exit).toBe(2);
    expect(objects(ended.stdout)).toEqual([
      { kind: "error", exit: 2, code: "usage", message: expect.stringContaining("--bugdet") },
    ]);
  });

  test("doctor ends with environment when something is bad", async () => {
    const checks = [
      { name: "git", state: "ok", detail: "clean" },
      { name: "sandbox", state: "bad", detail: "none found", fix: "apt-get install bubblewrap" },
    ] as const;
    const ended = await cli.call(["doctor"], { checks });
    expect(ended).toMatchObject({
      exit: 4,
      stdout: "✓ git: clean\n✗ sandbox: none found\n    fix: apt-get install bubblewrap\n",
    });
    expect((await cli.call(["doctor"], { checks: [checks[0]] })).exit).toBe(0);
  });
});

describe("what it shows", () => {
  test("without a terminal, lines that are only appended", async () => {
    const ended = await cli.call(["run", "specs/x.md"], {
      events,
      outcome: { kind: "stuck", reason: "T2 did not land" },
    });
    expect(ended.stdout).not.toMatch(/\p{Cc}(?<!\n)/u);
    expect(ended.stdout).toMatchInlineSnapshot(`
      "   0:00  run: Pricing: refuse negative prices (red-green, from 0123456789)
         0:01  plan: asks the architect, attempt 1, ollama/qwen
         0:02  plan: architect answered, attempt 1, ollama/qwen
         0:03  plan refused, attempt 1
         0:03    plan/vague AC2 says "works".
         0:04  plan: asks the architect, attempt 2, ollama/qwen
         0:05  plan: architect answered, attempt 2, ollama/qwen
         0:06  plan pricing: 2 tasks, plans/2026-11-pricing.md
         0:07  T1: Refuse negative prices (feature)
         0:08  T1: door passed
         0:09  T1: red calls the tester: No test names AC1 yet.
         0:10  T1: asks the tester, attempt 1, ollama/qwen
         0:11  T1: tester answered, attempt 1, ollama/qwen
         0:12  T1: tester attempt 1 admitted: test/price.test.ts
         0:13  T1: door passed
         0:14  T1: red passed
         0:15  T1: lint passed
         0:16  T1: green calls the developer: AC1 fails.
         0:17  T1: asks the developer, attempt 1, ollama/qwen
         0:18  T1: developer answered, attempt 1, ollama/qwen
         0:19  T1: developer attempt 1 admitted: src/price.ts
         0:20  T1: door passed
         0:21  T1: red passed
         0:22  T1: lint passed
         0:23  T1: green refused
         0:23  T1:   green/failed test/price.test.ts:14 AC1 refuses -1 with RangeError failed.
         0:24  T1: asks the developer, attempt 2, ollama/qwen
         0:25  T1: developer answered, attempt 2, ollama/qwen
         0:26  T1: door refused developer attempt 2
         0:26  T1:   door/outside ../secret ../secret is outside of the task's files.
         0:27  T1: asks the developer, attempt 3, ollama/qwen
         0:28  T1: developer answered, attempt 3, ollama/qwen
         0:29  T1: developer attempt 3 admitted: src/price.ts
         0:30  T1: door passed
         0:31  T1: red passed
         0:32  T1: lint passed
         0:33  T1: green passed
         0:33  T1:   2 tests failed before and after; none of this task's business
         0:34  T1: review by ollama/llama: APPROVE, 100
         0:34  T1:   AC1 met: line 14
         0:35  T1: review passed
         0:36  T1: current passed
         0:37  T1: landed fedcba9876 on loop/pricing, 13 tests passed
         0:38  T1: task landed
         0:39  T2: Convert currencies (feature)
         0:40  T2: asks the tester, attempt 1, ollama/qwen
         0:41  T2: tester answered, attempt 1, ollama/qwen
         0:42  T2: tester says impossible: the spec names no exchange rate
         0:43  T2: task stuck: tester: the spec names no exchange rate
         0:44  goal: NOT MET, round 1
         0:44    npm test: exit 0
         0:44    no conversion
         0:45  run stuck: T2 did not land

      stuck: T2 did not land
      1 of 2 tasks landed, 3 refusals, 7 answers, 11k tokens, 0:45
      landed   fedcba9876 T1 Refuse negative prices (loop/pricing, 13 tests passed)
      refused  plan: AC2 says "works".
               T1 by green: AC1 refuses -1 with RangeError failed.
               T1 by door: ../secret is outside of the task's files.
      know     T1: 2 tests failed before and after; none of this task's business
      next     millwright show r20261121-pricing
               edit plans/2026-11-pricing.md, then: millwright run plans/2026-11-pricing.md
      "
    `);
  });

  test("NDJSON: each fact, then the end", async () => {
    const ended = await cli.call(["run", "x", "--json"], { events });
    const lines = objects(ended.stdout);
    expect(lines).toHaveLength(events.length + 1);
    expect(lines[0]).toMatchObject({ kind: "entry", seq: 1, event: { type: "run-started" } });
    expect(lines.at(-1)).toEqual({
      kind: "end",
      run: "r20261121-pricing",
      outcome: { kind: "done", branch: "loop/pricing" },
      exit: 0,
    });
    expect(ended.stdout).not.toMatch(/\p{Cc}(?<!\n)/u);
  });

  test.each(["plan x", "resume", "replay", "demo"])("%s --json is NDJSON, too", async (words) => {
    const ended = await cli.call([...words.split(" "), "--json"], { events, path: "plans/p.md" });
    expect(objects(ended.stdout).at(-1)).toMatchObject({ kind: "end", exit: 0 });
  });

  test.each(["status", "show", "diff", "init", "doctor", "config validate"])(
    "%s --json is one object",
    async (words) => {
      const ended = await cli.call([...words.split(" "), "--json"], { events });
      expect(objects(ended.stdout)).toHaveLength(1);
      expect(ended.stdout).not.toMatch(/\p{Cc}(?<!\n)|\p{Bidi_Control}/u);
    },
  );

  test("the options reach the mill", async () => {
    const words =
      "run a spec --workflow score --budget attempts=2 --land main --sandbox none --model reviewer=a/b --independence none --recording rec --strict --json";
    const ended = await cli.call(words.split(" "), { echo: true });
    expect(objects(ended.stdout).at(-1).request).toEqual({
      input: "a spec",
      workflow: "score",
      budget: { attempts: 2 },
      land: "main",
      sandbox: "none",
      models: { reviewer: "a/b" },
      independence: "none",
      recording: "rec",
      strict: true,
    });
    const resumed = await cli.call(["resume", "r2026", "--budget", "tokens=1e6", "--json"], { events });
    expect(objects(resumed.stdout).at(-1)).toMatchObject({
      resumed: "r20261121-pricing",
      changes: { budget: { tokens: 1_000_000 } },
    });
  });

  test("show, by the beginning of an id", async () => {
    const runs = ["r20261120-a", "r20261121-pricing"];
    expect((await cli.call(["show", "r20261121"], { events, runs })).stdout).toContain(
      "# Pricing: refuse negative prices",
    );
    expect((await cli.call(["show", "--story"], { events, runs })).stdout).toContain("T1: red calls the tester");
    const ambiguous = await cli.call(["show", "r2026"], { events, runs });
    expect(ambiguous).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("may be any of: r20261120-a, r20261121-pricing"),
    });
    const none = await cli.call(["show"], { runs: [] });
    expect(none).toMatchObject({ exit: 2, stderr: expect.stringContaining("no run yet") });
  });

  test("diff and status let nothing through that a terminal obeys", async () => {
    const diff = await cli.call(["diff", "r", "T1"], { events });
    expect(diff.stdout).toBe("diff --git a/r20261121-pricing b/T1\n-old\n+new txt\n");
    const colored = await cli.call(["diff"], { events }, { FORCE_COLOR: "1" });
    expect(colored.stdout).toContain("\u001b[31m-old\u001b[39m");
    const status = await cli.call(["status"], { events }, { NO_COLOR: "1", FORCE_COLOR: "1" });
    expect(status.stdout).toContain("r20261121-pricing  done");
    expect(status.stdout).not.toContain("\u001b");
  });

  test("the demo ends with where it happened", async () => {
    const ended = await cli.call(["demo"], { events });
    expect(ended.stdout).toContain("Recorded: pricing");
    expect(ended.stdout).toContain("The repository: /tmp/pricing demo");
  });
});

describe("stopping", () => {
  const hanging = async (deaf: boolean) => {
    const { child, ended } = cli.start(["run", "x"], { events: events.slice(0, 12), hang: true, deaf });
    await once(child.stdout!, "data");
    await pause(100);
    return { child, ended };
  };

  test.each(["SIGINT", "SIGTERM"] as const)("%s: the mill stops, and it says how to go on", async (signal) => {
    const { child, ended } = await hanging(false);
    child.kill(signal);
    const { exit, stderr, stdout } = await ended;
    expect(exit).toBe(130);
    expect(stderr).toContain("go on with: millwright resume r20261121-pricing");
    expect(stdout).toContain("cancelled");
  });

  test("twice: it ends at once, even when the mill does not listen", async () => {
    const { child, ended } = await hanging(true);
    child.kill("SIGINT");
    await once(child.stderr!, "data");
    child.kill("SIGINT");
    expect((await ended).exit).toBe(130);
  });

  test("a reader that leaves stops the run", async () => {
    const { child, ended } = cli.start(["run", "x", "--json"], { events, pauseMilliseconds: 10, hang: true });
    child.stdout!.once("data", () => child.stdout!.destroy());
    expect((await ended).exit).toBe(130);
  });
});

test("a reader that leaves early, like head, is no error", async () => {
  const many = Array.from({ length: 1_500 }, (_, index) => ({
    type: "notice" as const,
    message: `${index} ${"x".repeat(150)}`,
  }));
  const { child, ended } = cli.start(["show", "--story"], { events: many });
  child.stdout!.once("data", () => child.stdout!.destroy());
  expect(await ended).toMatchObject({ exit: 0, stderr: "" });
});

describe("in a terminal", () => {
  const tmux = (socket: string, ...words: readonly string[]) =>
    spawnSync("tmux", ["-L", socket, "-f", "/dev/null", ...words], { encoding: "utf8" });

  test.runIf(available.tmux)(
    "the tree is redrawn, a resize does no harm, and the record stays in the scrollback once",
    async () => {
      const { main, environment } = cli.prepare({
        events,
        pauseMilliseconds: 60,
        glimpses: [{ after: 20, seen: { kind: "tests", task: "T1", passed: 12, failed: 1 } }],
        outcome: { kind: "stuck", reason: "T2 did not land" },
      });
      const socket = `millwright-${process.pid}`;
      const settings = Object.entries(environment)
        .map(([name, value]) => `${name}='${value}'`)
        .join(" ");
      try {
        tmux(
          socket,
          "new-session",
          "-d",
          "-x",
          "70",
          "-y",
          "20",
          `env -u CI ${settings} '${process.execPath}' '${main}' run x; echo "exit: $?"; sleep 60`,
        );
        const screen = () => tmux(socket, "capture-pane", "-p", "-J", "-S", "-200", "-t", "0").stdout;
        const until = async (sign: RegExp) => {
          for (let look = 0; look < 200 && !sign.test(screen()); look += 1) await pause(50);
          return screen();
        };
        expect(await until(/last refusal: green: test\/price.test.ts:14/)).toMatch(/RED . +GATES . +GREEN . +REVIEW ./);
        tmux(socket, "resize-window", "-x", "50", "-y", "15", "-t", "0");
        const end = await until(/exit: \d+/);
        expect(end).toContain("exit: 1");
        expect(end).not.toContain("last refusal:");
        for (const once of ["T1: landed fedcba9876", "T1: red calls the tester", "T2: tester says impossible"]) {
          expect(end.split(once)).toHaveLength(2);
        }
      } finally {
        tmux(socket, "kill-server");
      }
    },
  );
});
