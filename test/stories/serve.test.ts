import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { manualClock } from "../../src/adapters/clock/manual.ts";
import { openServe } from "../../src/compose/serve/open-serve.ts";
import type { LoggedNote } from "../../src/domain/schedule/serve-log.ts";
import { DIVIDE, finding, planned, said } from "../kit/audits.ts";
import { served } from "../kit/served.ts";
import { within } from "../kit/story.ts";
import { approval, edit, file, SUMS_CONFIG, testOf } from "../kit/sums.ts";
import { wholeCli } from "../kit/whole-cli.ts";

const cli = wholeCli();

const REFUSING = 'throws(() => divide(1, 0), { name: "RangeError", message: "right must not be 0" });';
const ANSWERS: Readonly<Record<string, string>> = {
  auditor: said([finding()]),
  architect: planned(),
  tester: file("test/divide.test.js", testOf("divide", "AC1 refuses zero", `assert.${REFUSING}`)),
  developer: edit(
    "src/divide.js",
    "  return left / right;",
    '  if (right === 0) throw new RangeError("right must not be 0");\n  return left / right;',
  ),
  reviewer: approval("AC1"),
  "goal-checker": JSON.stringify({ decision: "MET", evidence: ["src/divide.js refuses zero"] }),
  documenter: [
    file("wiki/20_SYSTEM/division.md", "# Division\n\n`divide(1, 0)` of `src/divide.js#divide` throws a RangeError.\n"),
    edit("wiki/index.md", "## System\n", "## System\n\n- [Division](20_SYSTEM/division.md): how numbers are divided\n"),
  ].join("\n"),
};

/** Monday, five minutes before the weekly audit. */
const START = Date.parse("2026-11-23T02:55:30Z");
const SCHEDULE = 'schedule: { audit: "0 3 * * 1", execute: "*/10 * * * *", document: after-merge, timezone: UTC }\n';

test("a week begins by itself: an audit finds work, the plan is executed, a person merges, the merge is documented", async () => {
  const script = ({ role }: { readonly role: string }) => ANSWERS[role] ?? "";
  const files = { "src/divide.js": DIVIDE };
  const { target, close } = await served({ script, config: `${SUMS_CONFIG}${SCHEDULE}`, files });
  await within(target, {}, (mill) => mill.wiki.init());
  const clock = manualClock(START);
  const { argv, environment } = cli.command(target, []);
  const serve = await openServe(target.dir, {}, { clock, program: argv, env: environment });
  const notes: LoggedNote[] = [];
  const stop = new AbortController();
  const merged = () => {
    const branch = target.git("for-each-ref", "--format=%(refname:short)", "refs/heads/loop/refuse-zero");
    // What the audit wrote into the checkout is on the branch (the plan), or in the way of the log there.
    target.git("checkout", "--quiet", "--", "wiki");
    target.git("clean", "-fdq", "plans", "wiki");
    target.git("merge", "--quiet", "--ff-only", branch);
  };
  try {
    await serve.run({
      signal: stop.signal,
      listening: async () => undefined,
      note(note) {
        notes.push(note);
        if (note.kind !== "end") return;
        if (note.loop === "execute" && note.end.kind === "done") merged();
        const isLast = note.loop === "document" && target.git("log", "--oneline").includes("Refuse zero");
        if (isLast || notes.length > 60) stop.abort();
      },
    });
    const ends = notes.flatMap((note) =>
      note.kind === "end" && note.end.kind !== "idle" ? [`${note.loop} ${note.end.kind} ${note.end.reason}`] : [],
    );
    expect(
      ends.map((end) => end.split(" ").slice(0, 2).join(" ")),
      ends.join("\n"),
    ).toEqual(["audit done", "execute done", "document done"]);
    expect(notes).toContainEqual(expect.objectContaining({ kind: "chose", plan: "refuse-zero" }));
    expect(target.git("show", "main:src/divide.js")).toContain("right must not be 0");
    const documented = target.git("for-each-ref", "--format=%(refname:short)", "refs/heads/loop/document-*");
    expect(target.git("show", `${documented}:wiki/20_SYSTEM/division.md`)).toContain("throws a RangeError");
    const log = target.git("show", `${documented}:wiki/log.md`);
    for (const kind of ["run", "document"]) expect(log).toMatch(new RegExp(`^## \\[[-\\d]{10}\\] ${kind} \\|`, "m"));
    expect(readdirSync(join(target.dir, ".millwright/serve"))).toContain("log.jsonl");
    // People hold the merge: nothing of the documentation is on main.
    expect(target.git("ls-tree", "-r", "--name-only", "main", "wiki/20_SYSTEM")).toBe("");
  } finally {
    await close();
  }
}, 300_000);
