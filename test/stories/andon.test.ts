import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { openLine } from "../../src/compose/open-line.ts";
import { facts, goOn, refusalText, tell } from "../kit/story.ts";
import { byTask, file, planWith, SUBTRACT_CODE, SUMS_CONFIG, subtracting, sums } from "../kit/sums.ts";
import { possessions, type Target } from "../kit/target.ts";
import { wholeCli } from "../kit/whole-cli.ts";

const cli = wholeCli();
let target: Target;
afterEach(() => target.remove());

async function mill(...words: readonly string[]) {
  const end = await cli.call(target, words);
  return { ...end, text: `${end.stdout}\n${end.stderr}` };
}

const withLimits = (limits: string) => sums({ "millwright.yaml": `${SUMS_CONFIG}limits: { ${limits} }\n` });
const book = () => openLine(target.dir, join(target.dir, ".millwright"));
const gutted = file("test/subtract.test.js", 'import { test } from "node:test";\ntest("AC1 subtracts", () => {});');

/** Five answers, each with words of another line that the mill finds; the last one is the root cause. */
async function fiveWhys(): Promise<void> {
  const places = [
    ["the developer's answer rewrote the test of the tester", "package.json:1", '"name": "sums"'],
    ["nothing in the brief said that tests stand", "src/add.js:1", "export function add"],
    ["the brief of this project names no protected test", "src/add.js:2", "return left + right"],
    ["nobody wrote down which files are the tester's", "specs/subtract.md:1", "# Subtract"],
    ["the project has no note about who owns tests", "specs/subtract.md:3", "We want"],
  ] as const;
  for (const [index, [answer, place, words]] of places.entries()) {
    const root = index === 4 ? ["--category", "spec-omission"] : [];
    const said = await mill("andon", "why", "--answer", answer, ...root, "--verify-file", place, words);
    expect(said.exit, said.text).toBe(0);
  }
}

describe("the line stops, and a person lets it run again", { timeout: 300_000 }, () => {
  test("tampering stops it; runs wait with exit code 3; why, act and close; then the run lands", async () => {
    target = withLimits("sameSignature: 9");
    const cheat: Script = subtracting({ developer: [gutted, `${gutted}\n${SUBTRACT_CODE}`, SUBTRACT_CODE] });
    const told = await tell(target, cheat);
    expect(told.outcome.kind, refusalText(told)).toBe("waiting");
    expect(facts(told, "landed")).toEqual([]);
    const [{ id } = { id: "" }] = await book().stopped();
    expect(facts(told, "incident-opened")).toMatchObject([{ incident: id, kind: "tampering" }]);
    const before = possessions(target);

    const status = await mill("andon");
    expect([status.exit, status.stdout]).toEqual([0, expect.stringContaining(id)]);
    const check = await mill("andon", "check");
    expect([check.exit, check.stderr]).toEqual([3, expect.stringContaining("tampering")]);
    const another = await mill("run", "specs/subtract.md");
    expect([another.exit, another.stdout]).toEqual([3, expect.stringContaining(`millwright andon show ${id}`)]);
    expect((await mill("resume", told.run)).exit).toBe(3);
    expect(possessions(target)).toEqual(before);

    const early = await mill("andon", "close");
    expect(early.exit).toBe(2);
    expect(early.stderr).toContain("Five Whys: no answer yet");
    expect(early.stderr).toContain("Actions: none yet");
    await fiveWhys();
    const what = "the contribution guide says who owns tests";
    const act = await mill("andon", "act", "--level", "L3", "--what", what, "--artefact", "CONTRIBUTING.md");
    expect(act.exit, act.text).toBe(0);
    expect((await mill("andon", "close")).stderr).toContain("CONTRIBUTING.md does not exist at HEAD");
    target.write("CONTRIBUTING.md", "Tests are the tester's.\n");
    expect((await mill("andon", "close")).stderr).toContain("not committed");
    target.commit("Say who owns tests");
    const closed = await mill("andon", "close");
    expect(closed.exit, closed.text).toBe(0);
    expect((await mill("andon", "check")).exit).toBe(0);
    const shown = await mill("andon", "show", id, "--json");
    expect(JSON.parse(shown.stdout)).toMatchObject({
      id,
      closing: { closed: expect.any(String) },
      whys: 5,
      actions: 1,
    });
    expect(existsSync(join(target.dir, ".millwright/incidents/archive", id, "final-report.md"))).toBe(true);

    const after = await goOn(target, subtracting());
    expect(after.outcome.kind, refusalText(after)).toBe("done");
    expect(facts(after, "incident-closed")).toMatchObject([{ incident: id, kind: "tampering" }]);
  });

  test("what the mill runs itself decides whether an answer is verified, and whether a cause is proven", async () => {
    target = sums({ "src/add.js": "export function add(left, right) {\n  return left - right;\n}\n" });
    expect((await mill("andon", "open", "--stop", "the sum of one and two is wrong")).exit).toBe(0);
    const why = (...words: readonly string[]) =>
      mill("andon", "why", "--answer", "the sum subtracts its right side", ...words);
    const proven = ["--proven", "--category", "design flaw"];
    const run = "node --test test/add.test.js";
    expect((await why("--verify-file", "src/add.js:2", "left + right")).stderr).toContain(
      "says there: return left - right",
    );
    expect((await why("--verify-file", "src/none.js:2", "left")).stderr).toContain("is not in the repository");
    expect((await why("--verify-command", run)).stderr).toContain("ended with exit code 1, not 0");
    expect((await why("--verify-command", "sleep 9", "--expect-exit", "x")).exit).toBe(2);
    expect((await why("--verify-command", run, ...proven)).stderr).toContain("it proves no cause");
    expect((await why("--verify-command", "test -f package.json", ...proven)).stderr).toContain(
      "does not show the cause",
    );
    expect((await why()).stderr).toContain("--verify-file path:line");
    expect((await book().all())[0]?.analysis.whys).toEqual([]);

    target.write("src/add.js", "export function add(left, right) {\n  return left + right;\n}\n");
    target.commit("Add");
    const taken = await why("--verify-command", run, ...proven);
    expect(taken.exit, taken.text).toBe(0);
    const [incident] = await book().all();
    expect(incident?.analysis.whys).toMatchObject([
      { proven: "removes", category: "design flaw", verification: { exitCode: 1, exitCodeNow: 0 } },
    ]);
    await mill("andon", "act", "--level", "l1", "--what", "the sum adds its right side", "--artefact", "src/add.js");
    const refused = await mill("andon", "close");
    expect(refused.stderr.match(/^error: (?:Approval|Hypothesis)/gm)).toHaveLength(2);
    const words = ["--approved-by", "Ada Lovelace", "--hypothesis", "the test of the sum holds it from now on"];
    expect((await mill("andon", "close", ...words)).exit).toBe(0);
  });

  test("the second failure that people report stops the line; an unwritten hypothesis keeps it", async () => {
    target = sums();
    expect((await mill("andon", "open", "the page shows a negative total")).stdout).toContain("Filed");
    expect((await mill("andon", "check")).exit).toBe(0);
    expect((await mill("andon", "open", "TBD")).exit).toBe(2);
    const routine = await mill("andon", "open", "in the shell I see: ruff: command not found");
    expect(routine.stdout + routine.stderr).toMatch(/Routine|Filed|stopped/);
    expect((await mill("andon", "open", "the page shows a negative total again")).stdout).toContain(
      "The line is stopped",
    );
    expect((await mill("andon", "check")).exit).toBe(3);
    const doctor = await mill("doctor");
    expect(doctor.stdout).toContain("the line is stopped");
    expect((await mill("status")).stdout).toContain("The line is stopped");
  });

  test("the hook holds a push while the line is stopped; a person's hook is never written over", async () => {
    target = sums();
    const hook = join(target.dir, ".git/hooks/pre-push");
    expect((await mill("andon", "hook")).stdout).toContain("#!/bin/sh");
    expect(existsSync(hook)).toBe(false);
    expect((await mill("andon", "hook", "--write")).exit).toBe(0);
    expect(readFileSync(hook, "utf8")).toContain("andon check");
    expect((await mill("andon", "hook", "--write")).exit).toBe(0);
    const remote = join(dirname(target.dir), "remote.git");
    target.git("init", "-q", "--bare", remote);
    const bin = join(dirname(target.dir), "bin");
    target.git("init", "-q", bin);
    const [program, ...words] = cli.command(target, []).argv;
    writeFileSync(
      join(bin, "millwright"),
      `#!/bin/sh\nexec ${[program, ...words].map((word) => `'${word}'`).join(" ")} "$@"\n`,
    );
    chmodSync(join(bin, "millwright"), 0o755);
    const path = ["-c", `alias.send=!PATH=${bin}:$PATH git push -q ${remote} main`, "send"];
    target.git(...path);
    await book().report({
      key: "k",
      run: "r",
      task: undefined,
      kind: "tampering",
      stops: true,
      at: "door",
      problem: "p",
      evidence: ["e"],
    });
    expect(() => target.git(...path)).toThrow("the line is stopped");
    writeFileSync(hook, "#!/bin/sh\necho mine\n");
    const refused = await mill("andon", "hook", "--write");
    expect([refused.exit, refused.stderr]).toEqual([2, expect.stringContaining("millwright andon check || exit 1")]);
    expect(readFileSync(hook, "utf8")).toBe("#!/bin/sh\necho mine\n");
  });

  test("outside of a repository, and with a name that nothing has, it says so", async () => {
    target = sums();
    const parent = { ...target, dir: dirname(target.dir) };
    expect((await cli.call(parent, ["andon", "check"])).exit).toBe(2);
    expect((await mill("andon", "show", "INC-2020")).stderr).toContain("There is no incident INC-2020");
    expect((await mill("andon", "close")).stderr).toContain("No incident is open");
  });
});

describe("Meta-Andon", { timeout: 300_000 }, () => {
  const tasks = ["T1", "T2", "T3", "T4"].map((id, index) => ({
    id,
    accept: { [`AC${index + 1}`]: `\`subtract(5, 3)\` of \`src/subtract.js\` returns 2, seen by ${id}` },
    files: [`src/${id}.js`],
    tests: [`test/${id}.test.js`],
    creates: [`src/${id}.js#one`],
  }));
  const prose = { tester: ["I would rather write a poem about tests."] };
  const failing = byTask(planWith(tasks), { T1: prose, T2: prose, T3: prose, T4: prose });

  test("three tasks without landing open it; runs are refused, plans are not; it is closed with its documents", async () => {
    target = withLimits("attempts: 2, orchestrations: 0");
    const told = await tell(target, failing);
    expect(told.outcome.kind, refusalText(told)).toBe("waiting");
    expect(facts(told, "task-ended").filter(({ outcome }) => outcome === "stuck")).toHaveLength(3);
    expect(facts(told, "incident-opened")).toMatchObject([
      { kind: "meta-andon", problem: expect.stringContaining("3 tasks") },
    ]);
    expect((await mill("run", "specs/subtract.md")).exit).toBe(3);

    const shown = await mill("andon", "show");
    expect(shown.stdout).toContain("walk-through.md");
    const [{ id } = { id: "" }] = await book().stopped();
    const folder = join(target.dir, ".millwright/incidents", id);
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining(["pattern-analysis.md", "walk-through.md", "batch-fix-plan.md"]),
    );
    const walk = readFileSync(join(folder, "walk-through.md"), "utf8");
    for (const task of ["T1", "T2", "T3", "T4"]) expect(walk).toContain(`| ${task} `);
    const early = await mill("andon", "close", "--approved-by", "Ada Lovelace");
    expect([early.exit, early.stderr]).toEqual([2, expect.stringContaining("walk-through.md, T4: Risk")]);

    const filled = walk
      .replace(/\[none, low, medium or high\]/g, "low")
      .replace(/\[what is done about it\]/g, "a skill tells the form");
    writeFileSync(join(folder, "walk-through.md"), filled.replace(/\[([^\]]*)\]/g, "$1"));
    const pattern = readFileSync(join(folder, "pattern-analysis.md"), "utf8");
    const five = ["a", "b", "c", "d", "e"]
      .map((letter, index) => `${index + 1}. because of the ${letter}${letter} layer`)
      .join("\n");
    let asked = 0;
    writeFileSync(
      join(folder, "pattern-analysis.md"),
      pattern.replace(/^\[.*\]$/gm, () => (asked++ === 1 ? five : "Every tester answered in prose, not in files.")),
    );
    const fix = readFileSync(join(folder, "batch-fix-plan.md"), "utf8");
    writeFileSync(join(folder, "batch-fix-plan.md"), fix.replace(/^\[.*\]$/gm, "resume: T1 lands"));
    expect((await mill("andon", "close")).stderr).toContain("at least 5 words of your own");
    writeFileSync(
      join(folder, "batch-fix-plan.md"),
      fix.replace(/^\[.*\]$/gm, "A skill tells every tester the form of an answer."),
    );
    expect((await mill("andon", "close")).stderr).toContain("a Meta-Andon is closed by a person");
    const closed = await mill("andon", "close", "--approved-by", "Ada Lovelace");
    expect(closed.exit, closed.text).toBe(0);
    expect((await mill("andon", "check")).exit).toBe(0);
  });

  test("two tasks without landing do not", async () => {
    target = withLimits("attempts: 2, orchestrations: 0");
    const told = await tell(target, byTask(planWith(tasks.slice(0, 2)), { T1: prose, T2: prose }));
    expect(told.outcome.kind).toBe("stuck");
    expect(facts(told, "incident-opened")).toEqual([]);
    // The next run goes on counting.
    const next = await tell(target, byTask(planWith(tasks.slice(0, 1)), { T1: prose }));
    expect(facts(next, "incident-opened")).toMatchObject([{ kind: "meta-andon" }]);
  });
});

describe("a process that is killed while it opens an incident", { timeout: 300_000 }, () => {
  test("leaves a whole incident or none, wherever it is killed", async () => {
    target = sums();
    const shim = join(dirname(target.dir), "kill-at.cjs");
    writeFileSync(shim, KILL_AT);
    let kills = 0;
    for (; kills < 40; kills++) {
      const environment = { KILL_AT: String(kills) };
      const end = await cli.call(target, ["andon", "open", "--stop", `the page is wrong ${"again ".repeat(kills)}`], {
        environment,
        node: ["--require", shim],
      });
      for (const { problem } of await book().stopped()) expect(problem).toContain("the page is wrong");
      expect(await book().stopped()).toHaveLength((await book().all()).length);
      if (end.signal !== "SIGKILL") break;
    }
    expect(kills).toBeGreaterThan(8);
    const left = readdirSync(join(target.dir, ".millwright/incidents")).filter((name) => name.startsWith(".new"));
    expect(left).toEqual([]);
  });
});

/** Kills its process right before the n-th change of the incidents' folder. */
const KILL_AT = `
const { promises } = require("node:fs");
let left = Number(process.env.KILL_AT);
for (const name of ["open", "rename", "link", "mkdir"]) {
  const real = promises[name];
  promises[name] = function (path, ...rest) {
    if (String(path).includes("incidents") && left-- === 0) process.kill(process.pid, "SIGKILL");
    return real.call(promises, path, ...rest);
  };
}
require("node:module").syncBuiltinESMExports();
`;
