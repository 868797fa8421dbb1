import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ModelRequest } from "../../src/domain/model-call.ts";
import { AGENT_PATH, installed } from "../kit/agents.ts";
import { available } from "../kit/available.ts";
import { type ModelServer, startModelServer } from "../kit/model-server.ts";
import { REAL_AGENTS } from "../kit/real-agents.ts";
import { DESIGN, experiment, PLAN, researching } from "../kit/research.ts";
import type { SeenRequest, ServedReply } from "../kit/seen-request.ts";
import type { Target } from "../kit/target.ts";
import { factsIn, type Live, wholeCli } from "../kit/whole-cli.ts";

/** What the coder's tools write, by the first path that it may change. */
const WRITTEN: Readonly<Record<string, string>> = {
  "test/test_mean.py": "from mean import mean\n\n\ndef test_AC1_mean():\n    assert mean([1, 2, 6]) == 3.0\n",
  "src/mean.py": "def mean(numbers):\n    return sum(numbers) / len(numbers)\n",
  "test/test_evaluate.py":
    "from evaluate import error_of\n\n\ndef test_AC2_error():\n    assert error_of(3.0, 2.0) == 1.0\n",
  "src/evaluate.py":
    'import json\n\n\ndef error_of(left, right):\n    return abs(left - right)\n\n\nif __name__ == "__main__":\n    print(json.dumps({"error": error_of(3.0, 2.0)}))\n',
};

const CHECKS = PLAN.replaceAll('"true"', "python3 src/mean.py");

const script = researching();
let target: Target | undefined;
let server: ModelServer | undefined;
let mill: Live | undefined;
afterEach(async () => {
  mill?.child.kill("SIGKILL");
  if (target) tmux("kill-server");
  await server?.close();
  target?.remove();
});

const outer = () => dirname(target?.dir ?? "");
const sockets = () => join(outer(), "sockets");

function tmux(...args: readonly string[]): string {
  const env = { PATH: process.env.PATH, TMUX_TMPDIR: sockets() };
  const { stdout } = spawnSync("tmux", [...args], { env, encoding: "utf8" });
  return stdout.trim();
}

/** What a client that attaches is told of the session. */
function attach(session: string): string {
  const { stdout } = spawnSync("tmux", ["-C", "attach", "-t", session], {
    env: { PATH: process.env.PATH, TMUX_TMPDIR: sockets() },
    input: "display-message -p 'attached #{session_attached} to #{session_name}'\n",
    encoding: "utf8",
  });
  return stdout;
}

/** Command lines of what agents run on this target's copies. */
function agentsLeft(): readonly string[] {
  const all = execFileSync("ps", ["-eo", "args="], { encoding: "utf8", maxBuffer: 1 << 26 }).split("\n");
  return all.filter((line) => line.includes(outer()) && line.includes("mw-agent-"));
}

const coders = REAL_AGENTS.filter(({ kind }) => kind === "pi" || kind === "claude-code");

describe.runIf(available.bwrap && available.tmux && available.pytest).each(coders)(
  "$program as coder in tmux",
  (real) => {
    const cli = wholeCli();
    beforeEach((context) => {
      if (!installed(real.program)) context.skip(`${real.program} is not in a folder of MILLWRIGHT_AGENTS`);
    });

    async function answer(seen: SeenRequest): Promise<string | ServedReply> {
      if (seen.role !== "") return String(await script(seen as unknown as ModelRequest));
      if (seen.results.length > 0) return "It is written as the plan says.";
      const path = /Only these paths may change:\\n- ([\w./]+)/.exec(JSON.stringify(seen.body))?.[1] ?? "";
      const text = WRITTEN[path];
      return text === undefined ? `IMPOSSIBLE: nobody has scripted ${path}` : { tools: [real.write(path, text)] };
    }

    test("an experiment's code is written in one named session, which a killed mill leaves to who goes on, and the end removes", {
      timeout: 600_000,
    }, async () => {
      const questions: { readonly sessions: string; readonly screen: string }[] = [];
      let killed = false;
      let hold: () => void = () => undefined;
      const held = new Promise<void>((done) => {
        hold = done;
      });
      server = await startModelServer({
        async answer(seen) {
          const isCoder = JSON.stringify(seen.body).includes("Only these paths may change:\\n- src/mean.py");
          if (seen.role !== "" || !isCoder || seen.results.length > 0) return answer(seen);
          const [session = ""] = tmux("ls", "-F", "#{session_name}").split("\n");
          questions.push({
            sessions: tmux("ls", "-F", "#{session_name} #{session_created}"),
            screen: tmux("capture-pane", "-p", "-t", `${session}:core1-developer`),
          });
          if (!killed) await held;
          return answer(seen);
        },
      });
      const coder = `${real.kind}/${real.model}`;
      const config = [
        `models: { default: local/m, tester: "${coder}", developer: "${coder}" }`,
        "independence: none",
        "suites:\n  - { runner: pytest, command: /usr/bin/python3 -m pytest }",
        "dependencies: { install: none }\ntypes: off\nlint: off",
        `servers: { local: { kind: openai-compatible, url: "${server.openAiUrl}" } }`,
        `agents: { ${real.kind}: { kind: ${real.kind}, url: "${real.url(server)}", key: AGENT_KEY, tmux: true } }`,
      ];
      target = experiment({
        ...DESIGN,
        "design/plan.md": CHECKS,
        "millwright.yaml": `${config.join("\n")}\n`,
      });
      mkdirSync(sockets());
      const environment = { PATH: `${AGENT_PATH}:${process.env.PATH}`, AGENT_KEY: "dummy", TMUX_TMPDIR: sockets() };

      mill = cli.start(target, ["research", ".", "--json"], { environment });
      await expect.poll(() => questions.length, { timeout: 200_000, interval: 200 }).toBe(1);
      const [run = ""] = questions[0]?.sessions.match(/millwright-\S+/) ?? [];
      expect(run).toMatch(/^millwright-r/);
      // The tester's window of the same task is still there.
      expect(tmux("list-windows", "-t", run, "-F", "#{window_name}").split("\n")).toEqual([
        "core1-tester",
        "core1-developer",
      ]);
      // The client may read its input before it has attached.
      await expect.poll(() => attach(run), { timeout: 20_000 }).toContain(`attached 1 to ${run}`);

      mill.child.kill("SIGKILL");
      await mill.ended;
      await expect.poll(agentsLeft, { timeout: 20_000 }).toEqual([]);
      expect(tmux("ls", "-F", "#{session_name} #{session_created}")).toBe(questions[0]?.sessions);
      killed = true;
      hold();

      const end = await cli.call(target, ["resume", "--json"], { environment });
      expect(end.stderr).toBe("");
      expect(end, end.stdout.slice(-3000)).toMatchObject({ exit: 0 });
      expect(questions.at(-1)?.sessions).toBe(questions[0]?.sessions);
      expect(questions.at(-1)?.screen.match(/== core1-developer, question 1;/g)).toHaveLength(2);
      expect(factsIn(end, "landed").map(({ task }) => task)).toEqual(["core1", "eval1"]);
      for (const path of ["src/mean.py", "src/evaluate.py"])
        expect(`${target.git("show", `research/mean:${path}`)}\n`).toBe(WRITTEN[path]);
      const results = target.git("show", "research/mean:experiments/exp-001/results.yaml");
      expect(results).toContain("error");

      expect(tmux("ls")).toBe("");
      expect(agentsLeft()).toEqual([]);
      const temporary = join(outer(), "tmp");
      const left = readdirSync(temporary, { recursive: true, encoding: "utf8" });
      expect(left.filter((path) => /mw-agent-|watch\/./.test(path))).toEqual([]);
    });
  },
);
