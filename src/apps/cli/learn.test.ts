import { spawnSync } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { available } from "../../../test/kit/available.ts";
import { scriptedCli } from "../../../test/kit/scripted-cli.ts";
import { PRICING_RUN } from "../../../test/kit/told-run.ts";
import type { Candidate } from "../../domain/learn-candidate.ts";

const cli = scriptedCli();

const candidate: Candidate = {
  id: "session-import-1a2b3c",
  kind: "new",
  title: "import get_db from app.database \u001b[2Jinstead of app.session",
  from: "cases",
  reason: "Makers made this mistake in 3 different places.",
  text: "id: x\ntitle: t\nlanguages:\n  - python\ndoes:\n  kind: rewrite-import\nexamples:\n  valid: []\n",
  path: "corrections/session-import-1a2b3c.yaml",
  standing: "offered",
  state: "waiting",
  cases: [
    {
      id: "r1/T1/developer/1",
      task: "T1 a",
      path: "app/a.py",
      gate: "green",
      rule: "green/error",
      message: "m",
      signature: "abc",
    },
  ],
  evidence: {
    recorded: 9,
    untouched: 5,
    unreadable: 0,
    rows: [
      { proposal: "r1/T9/developer/1", title: "T9 z", effect: "still-passes", before: "passed", after: "passed" },
      {
        proposal: "r1/T1/developer/1",
        title: "T1 a",
        effect: "helped",
        before: "refused by green: green/error",
        after: "passed",
      },
    ],
  },
  tried: "",
  rejected: [],
};

describe("millwright learn", () => {
  test("shows each candidate with its evidence, and what to do; nothing of a text moves the terminal", async () => {
    const { stdout, exit } = await cli.call(["learn"], { candidates: [candidate] });
    expect(exit).toBe(0);
    expect(stdout).toContain("1 refused, and pass with it the gate that refused them");
    expect(stdout).toContain("0 passed, and refused with it");
    expect(stdout).toMatch(/helped +r1\/T1\/developer\/1 +refused by green: green\/error -> passed/);
    expect(stdout.indexOf("helped ")).toBeLessThan(stdout.indexOf("still-passes "));
    expect(stdout).toContain("kind: rewrite-import");
    expect(stdout).not.toContain("examples:");
    expect(stdout).not.toContain("\u001b[2J");
    expect(stdout).toContain("millwright learn --approve <id>");
  });

  test("says that nothing waits; --json is one object", async () => {
    expect((await cli.call(["learn", "--list"])).stdout).toContain("No correction waits for your word.");
    const { stdout } = await cli.call(["learn", "--json"], { candidates: [candidate] });
    expect(JSON.parse(stdout).waiting[0].evidence.rows).toHaveLength(2);
  });

  test("--approve and --reject decide, and nothing else goes with them", async () => {
    const { stdout } = await cli.call(["learn", "--approve", "a,b", "--reject", "c"]);
    expect(stdout).toContain("approved a: corrections/a.yaml, commit 0123456789");
    expect(stdout).toContain("rejected c");
    expect(await cli.call(["learn", "--approve", "a", "--ask"])).toMatchObject({ exit: 2 });
  });

  test("a run ends by saying how many wait", async () => {
    const { stdout } = await cli.call(["run", "x", "--recording", "r"], {
      events: PRICING_RUN,
      candidates: [candidate],
    });
    expect(stdout).toContain("1 correction for your word: millwright learn");
    const silent = await cli.call(["run", "x", "--recording", "r"], { events: PRICING_RUN });
    expect(silent.stdout).not.toContain("for your word");
  });
});

describe("in a terminal, millwright learn", () => {
  const tmux = (socket: string, ...words: readonly string[]) =>
    spawnSync("tmux", ["-L", socket, "-f", "/dev/null", ...words], { encoding: "utf8" });

  test.runIf(available.tmux)(
    "asks for each candidate: y writes it, n remembers it, Enter leaves it for later",
    async () => {
      const others = ["put-200", "no-gone", "older-one"].map((id): Candidate => ({ ...candidate, id }));
      const retired: Candidate = { ...candidate, id: "retire-old", kind: "retire", path: "corrections/old.yaml" };
      const { main, environment } = cli.prepare({ candidates: [candidate, ...others, retired] });
      const socket = `millwright-learn-${process.pid}`;
      const settings = Object.entries(environment).map(([name, value]) => `${name}='${value}'`);
      const line = `env ${settings.join(" ")} '${process.execPath}' '${main}' learn; echo "exit: $?"; sleep 60`;
      try {
        tmux(socket, "new-session", "-d", "-x", "160", "-y", "50", line);
        const screen = () => tmux(socket, "capture-pane", "-p", "-J", "-S", "-400", "-t", "0").stdout;
        const until = async (sign: RegExp) => {
          for (let look = 0; look < 400 && !sign.test(screen()); look += 1) await pause(50);
          expect(screen()).toMatch(sign);
        };
        const answers = ["y", "n", "", "YES", "maybe"];
        for (const [at, { id, kind }] of [candidate, ...others, retired].entries()) {
          await until(new RegExp(`${id}: ${kind === "new" ? "Write" : "Switch off"} corrections/`));
          tmux(socket, "send-keys", "-t", "0", answers[at] ?? "", "Enter");
        }
        await until(/exit: \d+/);
        const end = screen();
        expect(end).toContain("exit: 0");
        expect(end.match(/^(approved|rejected) [\w-]+/gm)).toEqual([
          "approved session-import-1a2b3c",
          "approved older-one",
          "rejected put-200",
        ]);
      } finally {
        tmux(socket, "kill-server");
      }
    },
  );

  test("asks nobody where no person is", async () => {
    const { stdout, exit } = await cli.call(["learn"], { candidates: [candidate] });
    expect(exit).toBe(0);
    expect(stdout).not.toContain("approved");
  });
});
