import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { outlivers } from "../crash/world.ts";
import { available } from "../kit/available.ts";
import { served } from "../kit/served.ts";
import { SUBTRACT_CODE, SUMS_CONFIG, subtracting, sums } from "../kit/sums.ts";
import { possessions, type Target } from "../kit/target.ts";
import { factsIn, type Live, wholeCli } from "../kit/whole-cli.ts";

const cli = wholeCli();
const bare = available.bwrap ? [] : ["--sandbox", "none"];
const RUN = ["run", "specs/subtract.md", "--json", ...bare];
const slowly = 180_000;
const person = subtracting({ examiner: ['{"checks": []}'] });
const aroundOf = (target: Target) => ({ parent: dirname(target.dir) });

/** A person, as a program: answers every letter in the mailbox until `until` is settled; answers the letters' names. */
async function answerLetters(target: Target, script: Script, until: Promise<unknown>): Promise<readonly string[]> {
  const mailbox = join(target.dir, ".millwright/mailbox");
  const answered: string[] = [];
  let goesOn = true;
  void until.finally(() => {
    goesOn = false;
  });
  while (goesOn) {
    const letters = existsSync(mailbox) ? readdirSync(mailbox).filter((name) => name.endsWith(".request.md")) : [];
    for (const letter of letters.filter((name) => !answered.includes(name))) {
      const text = readFileSync(join(mailbox, letter), "utf8");
      const said = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(text)?.[1] ?? "";
      const request = { task: said("task"), role: said("role"), attempt: Number(said("attempt")) };
      const reply = await script(request as never);
      if (reply !== "") writeFileSync(join(mailbox, said("reply")), String(reply));
      answered.push(letter);
    }
    await pause(50);
  }
  return answered;
}

describe("the mailbox, through the whole program", () => {
  test(
    "whoever puts a reply beside each letter has a run to its end; a second process is told who is at work; a killed one is taken over",
    async () => {
      const target = sums();
      const before = possessions(target);
      const waiting = (name: string) => () => existsSync(join(target.dir, ".millwright/mailbox", name));
      const quiet: Script = (request) => (request.role === "developer" ? "" : person(request));

      const first = cli.start(target, RUN);
      const letters = answerLetters(target, quiet, first.ended);
      await expect.poll(waiting("03-T1-developer-1.request.md"), { timeout: 90_000 }).toBe(true);

      const second = await cli.call(target, RUN);
      expect(second.exit, second.stderr).toBe(4);
      expect(second.stderr).toMatch(
        new RegExp(`process ${first.child.pid} \\(run .*what to do: .*kill -INT ${first.child.pid}`, "s"),
      );
      const looking = await cli.call(target, ["status", "--json"]);
      expect(looking.exit, looking.stderr).toBe(0);

      first.child.kill("SIGKILL");
      await first.ended;
      expect(await letters).toHaveLength(3);
      expect(await outlivers(aroundOf(target))).toEqual([]);

      const again = cli.start(target, ["resume", "--json"]);
      const rest = await answerLetters(target, person, again.ended);
      const end = await again.ended;
      expect(end.exit, end.stderr + end.stdout.slice(-2000)).toBe(0);
      expect(rest.map((name) => name.slice(3)).sort()).toEqual(
        [
          "T1-developer-1.request.md",
          "T1-examiner-1.request.md",
          "T1-reviewer-1.request.md",
          "T1-tester-1.request.md",
          "goal-goal-checker-1.request.md",
          "plan-architect-1.request.md",
        ].sort(),
      );
      expect(factsIn(end, "answered").map(({ role }) => role)).toEqual([
        "architect",
        "tester",
        "developer",
        "examiner",
        "reviewer",
        "goal-checker",
      ]);
      expect(target.git("show", "loop/subtract:src/subtract.js")).toContain("left - right");
      expect(possessions(target)).toEqual(before);
      target.remove();
    },
    slowly,
  );
});

test(
  "an Ollama server on the loopback: asked in its own protocol, for every role, to the end",
  async () => {
    const { server, target, asked, close } = await served({ script: person, kind: "ollama" });
    const end = await cli.call(target, RUN);
    expect(end.exit, end.stderr + end.stdout.slice(-2000)).toBe(0);
    expect(new Set(server.chats.map(({ path }) => path))).toEqual(new Set(["/api/chat"]));
    expect(asked()).toEqual([
      "plan architect 1",
      "T1 tester 1",
      "T1 developer 1",
      "T1 examiner 1",
      "T1 reviewer 1",
      "goal goal-checker 1",
    ]);
    expect(factsIn(end, "answered").every(({ usage }) => usage.counted && usage.output > 0)).toBe(true);
    expect(target.git("show", "loop/subtract:src/subtract.js")).toContain("left - right");
    await close();
  },
  slowly,
);

describe("Ctrl-C", () => {
  /** A run whose developer's test never ends, so that something is always going on when a person has enough. */
  async function stubborn() {
    const hangs = SUBTRACT_CODE.replace("  return", "  while (left !== 0) {}\n  return");
    let times = 0;
    const script: Script = (request) => {
      if (request.role !== "developer") return subtracting()(request);
      times += 1;
      return times === 1 ? hangs : SUBTRACT_CODE;
    };
    return served({ script, config: `${SUMS_CONFIG}limits: { testSeconds: 5 }\n` });
  }

  const during = async (live: Live, sign: RegExp) =>
    expect.poll(() => sign.test(live.said()), { timeout: 90_000 }).toBe(true);

  test(
    "once: it stops in good order, says how to go on, and ends with 130; resume finishes",
    async () => {
      const { target, asked, close } = await stubborn();
      const live = cli.start(target, RUN);
      await during(live, /"proposal-admitted".*"role":"developer"/);
      live.child.kill("SIGINT");
      const end = await live.ended;
      expect(end).toMatchObject({ exit: 130, signal: null });
      expect(end.stderr).toMatch(/Nothing is lost.*millwright resume r\d+.*Ctrl-C again/s);
      expect(end.stdout).toContain('"kind":"end"');
      expect(await outlivers(aroundOf(target))).toEqual([]);

      const resumed = await cli.call(target, ["resume", "--json"]);
      expect(resumed.exit, resumed.stderr).toBe(0);
      expect(new Set(asked()).size, asked().join(", ")).toBe(asked().length);
      await close();
    },
    slowly,
  );

  test(
    "twice: it ends at once, with 130; nobody outlives it, and resume finishes",
    async () => {
      const { server, target, asked, close } = await stubborn();
      const before = possessions(target);
      // The second one as soon as the first was heard: nothing can have come to an end in between.
      const impatient = join(dirname(target.dir), "impatient.cjs");
      writeFileSync(impatient, 'process.once("SIGINT", () => process.kill(process.pid, "SIGINT"));');
      const live = cli.start(target, RUN, { node: ["--require", impatient] });
      await during(live, /"proposal-admitted".*"role":"developer"/);
      live.child.kill("SIGINT");
      const end = await live.ended;
      expect(end.stderr).toContain("Ctrl-C again");
      expect(end.stdout, "it waited for a good end").not.toContain('"kind":"end"');
      expect(end).toMatchObject({ exit: 130, signal: null });
      expect(await outlivers(aroundOf(target))).toEqual([]);
      expect(possessions(target)).toEqual(before);

      const resumed = await cli.call(target, ["resume", "--json"]);
      expect(resumed.exit, resumed.stderr + resumed.stdout.slice(-2000)).toBe(0);
      expect(new Set(asked()).size, asked().join(", ")).toBe(server.chats.length);
      expect(target.git("show", "loop/subtract:src/subtract.js")).toContain("left - right");
      await close();
    },
    slowly,
  );
});

describe("a model server that is down", () => {
  test(
    "from the beginning: trouble of the environment, 4, with its address; one that answered before is waited for",
    async () => {
      const { server, target, asked, close } = await served({
        script: subtracting(),
        config: `${SUMS_CONFIG}limits: { stepTries: 1 }\n`,
        before: async ({ role }) => {
          if (role === "developer" && asked().length === 3) await server.down();
        },
      });
      await server.down();
      const never = await cli.call(target, RUN);
      expect(never.exit, never.stderr).toBe(4);
      expect(never.stdout).toMatch(/not reachable at http:\/\/127\.0\.0\.1/);
      const plan = await cli.call(target, ["plan", "specs/subtract.md"]);
      expect(plan.exit, plan.stdout + plan.stderr).toBe(4);

      await server.up();
      const live = cli.start(target, ["resume"]);
      await expect.poll(() => /could not: ask\/T1\/developer/.test(live.said()), { timeout: 60_000 }).toBe(true);
      await server.up();
      const end = await live.ended;
      expect(end.exit, end.stdout + end.stderr).toBe(0);
      await close();
    },
    slowly,
  );
});
