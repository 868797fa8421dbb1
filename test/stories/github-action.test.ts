import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";

interface Step {
  readonly name: string;
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
}

const action = parse(readFileSync(resolve(import.meta.dirname, "../../action.yml"), "utf8")) as {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
};
const { steps } = action.runs;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millwright-action-"));
  mkdirSync(join(folder, "bin"));
  for (const name of ["npm", "node", "gh"]) {
    const path = join(folder, "bin", name);
    // Writes its words down one by one; gh answers with what an attacker wrote into an issue.
    writeFileSync(
      path,
      `#!/bin/bash\nprintf '%s\\0' ${name} "$@" >> "$CALLS"; printf '\\n' >> "$CALLS"\n[ ${name} = gh ] && cat "$ISSUE_TEXT"\nexit 0\n`,
    );
    chmodSync(path, 0o755);
  }
  writeFileSync(
    join(folder, "issue"),
    "# $(touch pwned-by-issue)\n\n> `touch pwned-by-issue`\n> ${{ github.token }}\n",
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a step's script as the runner does, with these values of the inputs in its environment. */
function runStep(step: Step, inputs: Readonly<Record<string, string>>) {
  const script = join(folder, "step.sh");
  writeFileSync(script, step.run);
  const given = Object.entries(step.env ?? {}).map(([name, expression]) => {
    const [, input] = /^\$\{\{ inputs[.]([a-z-]+) \}\}$/.exec(expression) ?? [];
    return [name, inputs[input ?? ""] ?? ""];
  });
  const calls = join(folder, "calls");
  writeFileSync(calls, "");
  const end = spawnSync("/bin/bash", ["--noprofile", "--norc", "-eo", "pipefail", script], {
    cwd: folder,
    encoding: "utf8",
    env: {
      PATH: `${join(folder, "bin")}:/usr/bin:/bin`,
      CALLS: calls,
      ISSUE_TEXT: join(folder, "issue"),
      GITHUB_ACTION_PATH: "/action path",
      ...Object.fromEntries(given),
    },
  });
  const said = readFileSync(calls, "utf8").split("\0\n").filter(Boolean);
  return { exit: end.status, stderr: end.stderr, calls: said.map((line) => line.split("\0")) };
}

test("no script of the action has an expression in it: what people write reaches it by the environment alone", () => {
  expect(steps.map(({ name }) => name)).toEqual([
    "Install Millwright",
    "Plan an issue",
    "Run the loops",
    "Ask for a pull request",
  ]);
  for (const { run } of steps) expect(run).not.toContain("${{");
  for (const { env = {} } of steps)
    for (const value of Object.values(env)) expect(value).toMatch(/^\$\{\{ inputs[.][a-z-]+ \}\}$/);
});

const HOSTILE = ['"; touch pwned; "', "$(touch pwned)", "`touch pwned`", "a\ntouch pwned", "--help; touch pwned", "*"];
const MILL = "/action path/dist/apps/cli/main.js";

test.each(HOSTILE)("a hostile input stays one word: %j", (hostile) => {
  const inputs = { loops: hostile, issue: hostile, config: hostile, "pull-request": hostile, token: hostile };
  const [, plan, loops, pull] = steps.map((step) => runStep(step, inputs));
  expect(plan).toMatchObject({ exit: 2, calls: [] });
  expect(loops?.calls).toEqual([["node", MILL, "serve", `--once=${hostile}`, "--config", hostile]]);
  expect(pull?.calls).toEqual([["node", MILL, "pr", "--if-landed", "--config", hostile]]);
  expect(existsSync(join(folder, "pwned"))).toBe(false);
});

test("the text of an issue becomes a file and nothing else", () => {
  const [, plan] = steps.map((step) => runStep(step, { issue: "12" }));
  expect(plan?.exit, plan?.stderr).toBe(0);
  expect(plan?.calls.map(([program, ...words]) => [program, ...words.slice(0, 3)])).toEqual([
    ["gh", "issue", "view", "12"],
    ["node", MILL, "plan", "--"],
  ]);
  expect(plan?.calls[1]?.at(-1)).toBe("specs/issue-12.md");
  expect(readFileSync(join(folder, "specs/issue-12.md"), "utf8")).toContain("$(touch pwned-by-issue)");
  expect(existsSync(join(folder, "pwned-by-issue"))).toBe(false);
});

test("a draft is asked for where the default is kept", () => {
  const defaults = Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, input.default]));
  const [install, , loops, pull] = steps.map((step) => runStep(step, defaults));
  expect(install?.calls).toEqual([["npm", "ci", "--prefix", "/action path", "--no-audit", "--no-fund"]]);
  expect(loops?.calls).toEqual([["node", MILL, "serve", "--once=audit,execute,document"]]);
  expect(pull?.calls).toEqual([["node", MILL, "pr", "--if-landed", "--draft"]]);
});
