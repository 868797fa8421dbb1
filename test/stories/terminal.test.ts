import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { available } from "../kit/available.ts";
import { served } from "../kit/served.ts";
import { file, planWith, SUBTRACT_CODE, SUBTRACT_PLAN, SUBTRACT_TESTS, SUMS_CONFIG, subtracting } from "../kit/sums.ts";
import { wholeCli } from "../kit/whole-cli.ts";

const cli = wholeCli();
const quoted = (words: readonly string[]) => words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");

/** What would do harm to whoever reads it raw: a title, the clipboard, a cleared screen, a hidden line, another order of letters. */
const TRICKS = [
  "\u001b]0;OWNED\u0007",
  "\u001b]52;c;T1dORUQ=\u0007",
  "\u001b[2J\u001b[3J",
  "\u009b31m",
  "\u001b[8m",
  "\u202eDENWO",
  "\rOWNED\u001b[K",
  "\u001bP+q\u001b\\",
];
const NASTY = TRICKS.map((trick, index) => `${trick}trick-${index}`).join(" ");
/** The same, as JavaScript writes it. */
const WRITTEN = JSON.stringify(NASTY).replace(
  /[^\x20-\x7e]/g,
  (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
);

const FAILING = file(
  "src/subtract.js",
  [
    `process.stdout.write(${WRITTEN}); process.stderr.write(${WRITTEN});`,
    "export function subtract() {",
    `  throw new Error(${WRITTEN});`,
    "}",
  ].join("\n"),
);

test.runIf(available.tmux)(
  "nothing that a model, a plan or a test says reaches the terminal raw: neither live, nor in a report, nor in a diff",
  async () => {
    const rejection = JSON.stringify({
      criteria: [{ id: "AC1", met: false, evidence: NASTY, reason: `not yet ${NASTY}` }],
      findings: [],
      summary: NASTY,
    });
    const odd = planWith([{ more: { title: `Do it ${NASTY}` } }], { title: `Numbers ${NASTY}` });
    const script = subtracting({
      architect: [NASTY, odd, SUBTRACT_PLAN],
      tester: [`${NASTY}\n${SUBTRACT_TESTS}`],
      developer: [NASTY, FAILING, `${NASTY}\n${SUBTRACT_CODE}`, SUBTRACT_CODE.replace("left -", "/* same */ left -")],
      reviewer: [rejection, subtracting()({ task: "T1", role: "reviewer", attempt: 1 } as never) as string],
      "goal-checker": [JSON.stringify({ decision: "MET", evidence: [`seen ${NASTY}`] })],
    });
    const { target, close } = await served({ script, config: `${SUMS_CONFIG}limits: { planAttempts: 3 }\n` });
    target.write("docs/old.txt", `${NASTY}\n`);
    target.commit(`Old ${NASTY}`);

    const around = dirname(target.dir);
    const raw = join(around, "raw");
    const story = join(around, "story.sh");
    const bare = available.bwrap ? [] : ["--sandbox", "none"];
    const calls = [["run", "specs/subtract.md", ...bare], ["status"], ["show"], ["show", "--story"], ["diff"]];
    const { environment } = cli.command(target, []);
    const lines = calls.map((words) => `${quoted(cli.command(target, words).argv)}; echo "exit: $?"`);
    writeFileSync(story, `cd '${target.dir}'\n${lines.join("\n")}\necho all is said\nsleep 60\n`);

    const socket = `millwright-story-${process.pid}`;
    const tmux = (...words: readonly string[]) =>
      spawnSync("tmux", ["-L", socket, "-f", "/dev/null", ...words], { encoding: "utf8" }).stdout;
    const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    try {
      tmux(
        "new-session",
        "-d",
        "-x",
        "100",
        "-y",
        "40",
        quoted(["sh", "-c", 'sleep 1; exec "$@"', "sh", "env", "-u", "CI", ...settings, "sh", story]),
      );
      tmux("pipe-pane", "-t", "0", `cat > '${raw}'`);
      const screen = () => tmux("capture-pane", "-p", "-J", "-S", "-2000", "-t", "0");
      for (let look = 0; look < 1200 && !screen().includes("all is said"); look += 1) await pause(100);

      const shown = screen();
      expect(shown.match(/exit: 0/g), shown).toHaveLength(calls.length);
      for (const [index] of TRICKS.entries()) expect(shown, "it is told, in plain letters").toContain(`trick-${index}`);
      expect(tmux("display-message", "-p", "-t", "0", "#{pane_title}")).not.toContain("OWNED");
      expect(tmux("show-buffer") ?? "").not.toContain("OWNED");

      const bytes = readFileSync(raw, "utf8");
      expect(bytes.length).toBeGreaterThan(2_000);
      for (const trick of TRICKS) expect(bytes, JSON.stringify(trick)).not.toContain(trick);
      // Only the mill's own words: colours, the cursor, and clearing of what is redrawn.
      const spoken = new Set(bytes.match(/(?![\r\n])\p{Cc}(?:\[[0-9;?]*[ -/]*[@-~])?|[\u202a-\u202e\u2066-\u2069]/gu));
      const own = /^\[(?:[0-9;]*m|\d*[ABCDGJK]|\?25[hl]|\?2026[hl])$/;
      expect([...spoken].filter((word) => !word.startsWith("\u001b") || !own.test(word.slice(1)))).toEqual([]);
    } finally {
      tmux("kill-server");
      await close();
    }
  },
  240_000,
);
