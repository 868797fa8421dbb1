import { describe, expect, test } from "vitest";
import { actionProblems, type ClosingLook, closeProblems } from "./andon-close.ts";
import { FIXES, metaTemplates, PATTERN, WALK } from "./andon-meta.ts";
import type { IncidentReport } from "./incident.ts";
import { analysisOf, evidenceOf } from "./incident-opening.ts";
import type { Incident, Why } from "./incident-record.ts";
import { incidentReportText } from "./incident-report-text.ts";

function incident(report: Partial<IncidentReport> = {}, change: Partial<Incident> = {}): Incident {
  const full: IncidentReport = {
    key: "k",
    run: "r1",
    task: "T1",
    kind: "tampering",
    stops: true,
    at: "door",
    problem: "T1 changes a test that stands",
    evidence: ["tests/a.test.ts"],
    ...report,
  };
  const evidence = evidenceOf(full, { id: "INC-1", at: 0, around: { status: [] } });
  const proven: Why = {
    answer: "no gate looked at fixtures",
    verification: { kind: "command", command: "npm test", tree: "t", exitCode: 1, output: "", exitCodeNow: 0 },
    proven: "removes",
    category: "tool gap",
  };
  const made: Incident = {
    id: "INC-1",
    evidence,
    analysis: { ...analysisOf(full), whys: [proven] },
    actions: [{ level: "L2", what: "the gate looks at fixtures", artefact: "gate.ts" }],
    documents: {},
    ...change,
  };
  return { ...made, documents: { "report.md": incidentReportText(made), ...change.documents } };
}

const LOOK: ClosingLook = { artefacts: ["changed"], remaining: [], depth: 5 };
const problems = (one: Incident, look: Partial<ClosingLook> = {}) => closeProblems(one, { ...LOOK, ...look });

test("an incident with its four artifacts may be closed", () => expect(problems(incident())).toEqual([]));

describe("closing is refused", () => {
  test("without evidence", () => {
    const bare = incident({ evidence: [] });
    expect(problems(bare).join()).toContain("Evidence:");
  });

  test("without Five Whys", () => {
    const bare = incident();
    expect(problems({ ...bare, analysis: { ...bare.analysis, whys: [] } })).toEqual([
      expect.stringContaining("Five Whys: no answer yet"),
    ]);
  });

  test("without an action", () =>
    expect(problems(incident({}, { actions: [] }))).toEqual([expect.stringContaining("Actions: none")]));

  test.each([
    ["missing", "gate.ts does not exist at HEAD"],
    ["unchanged", "what it was before the incident"],
    ["uncommitted", "not committed"],
    ["no-commit", "no commit"],
    ["older", "before the incident"],
  ] as const)("with an artefact that is %s", (state, words) => {
    expect(problems(incident(), { artefacts: [state] })).toEqual([expect.stringContaining(words)]);
  });

  test("with an artefact that nobody has looked at", () =>
    expect(problems(incident(), { artefacts: [] })).toHaveLength(1));

  test("without the report", () => {
    expect(problems({ ...incident(), documents: {} })).toEqual([expect.stringContaining("Report:")]);
    expect(problems({ ...incident(), documents: { "report.md": "# all fine\n" } })).toHaveLength(1);
  });

  test("under 0.70 confidence without a named person", () => {
    const unknown = incident({ kind: "escalation", evidence: ["it went wrong"] });
    expect(problems(unknown)).toEqual([expect.stringContaining("under 0.70")]);
    expect(problems(unknown, { approvedBy: "Ada Lovelace" })).toEqual([]);
  });

  test.each([
    "",
    "x",
    "TBD",
    "claude",
    "Claude Opus 4",
    "gpt-5",
    "the model",
    "llm",
    "me",
    "approved",
    "human",
    "millwright",
  ])("with %j as the person", (approvedBy) => expect(problems(incident(), { approvedBy }).length).toBe(1));

  test("where people reported it twice, without a hypothesis", () => {
    const reported = incident({ kind: "reported", at: "a person" });
    const look = { approvedBy: "Ada Lovelace" };
    for (const hypothesis of [undefined, "", "TODO", "it works"])
      expect(problems(reported, { ...look, hypothesis })).toEqual([expect.stringContaining("Hypothesis:")]);
    expect(problems(reported, { ...look, hypothesis: "the build refuses negative totals now" })).toEqual([]);
    expect(problems(incident({ kind: "reported", stops: false }), look)).toEqual([]);
  });

  test("with everything that is missing at once", () => {
    const bare = incident({ kind: "reported", evidence: [] });
    const nothing = { ...bare, analysis: { ...bare.analysis, whys: [] }, actions: [], documents: {} };
    expect(problems(nothing)).toHaveLength(6);
  });
});

test("an action names a level, a sentence and a path inside the repository", () => {
  expect(actionProblems({ level: "l1", what: "the type forbids it now", artefact: "src/a.ts" })).toEqual([]);
  for (const wrong of [
    { level: "L5" },
    { what: "TBD" },
    { what: "fixed" },
    { artefact: "" },
    { artefact: "../x" },
    { artefact: "/etc/x" },
  ])
    expect(
      actionProblems({ level: "L1", what: "the type forbids it now", artefact: "src/a.ts", ...wrong }),
    ).toHaveLength(1);
  expect(actionProblems({ level: "", what: "", artefact: "" })).toHaveLength(3);
});

describe("a Meta-Andon", () => {
  const remaining = [
    { task: "T2", title: "Pay", reason: "deadlock: green refused" },
    { task: "T3", title: "Ship | fast", reason: "" },
  ];
  const meta = incident({ kind: "meta-andon", at: "meta-andon", task: undefined }, { actions: [] });
  const whys = [1, 2, 3, 4, 5]
    .map((number) => `${number}. the ${"abcde"[number]} layer was never looked at`)
    .join("\n");
  const filled = {
    ...meta.documents,
    [PATTERN]: `# P\n\n## What the failures have in common\n\nAll of them import the session from the wrong module.\n\n## Why it keeps failing\n\n${whys.replace("f layer", "fifth layer")}\n\n## Why earlier fixes did not hold\n\nNone was tried until now, only retries of the same.\n`,
    [WALK]:
      "# W\n\n| Task | Risk | Evidence | Action |\n|---|---|---|---|\n| T2 Pay | high | src/pay.py imports session | correction for the import |\n| T3 Ship | none | uses no session | none |\n",
    [FIXES]:
      "# F\n\n## Objective\n\nNo task imports the session from the wrong place.\n\n## Changes\n\ncorrections/session.yaml rewrites the import in all files.\n\n## Verification\n\nmillwright corrections test shows that it rewrites three recorded proposals.\n",
  };
  const look = { remaining, approvedBy: "Ada Lovelace", artefacts: [] };
  const closing = (documents: Readonly<Record<string, string>>) => problems({ ...meta, documents }, look);
  const without = (name: string) => Object.fromEntries(Object.entries(filled).filter(([key]) => key !== name));

  test("is closed with its documents and a person; Five Whys and actions are in them", () =>
    expect(closing(filled)).toEqual([]));

  test("needs a person, however sure the mill is", () => {
    expect(problems({ ...meta, documents: filled }, { remaining })).toEqual([expect.stringContaining("Approval:")]);
  });

  test.each([PATTERN, WALK, FIXES])("is not closed without %s", (name) => {
    expect(closing(without(name)).join()).toContain(`${name} is missing`);
  });

  test("is not closed with its templates as they were", () => {
    const templates = { ...meta.documents, ...metaTemplates(remaining) };
    const found = closing(templates).join("\n");
    for (const name of [PATTERN, WALK, FIXES]) expect(found).toContain(name);
    expect(found).toContain("T2: Risk is one of");
    expect(found).toContain("T3: Risk is one of");
  });

  test("names every remaining task", () => {
    const short = filled[WALK]?.replace(/\| T3.*\n/, "") ?? "";
    expect(closing({ ...filled, [WALK]: short })).toEqual([`${WALK} has no row for T3.`]);
  });

  test("gives five answers that differ", () => {
    const same = (filled[PATTERN] ?? "").replace(
      /^\d\. .*$/gm,
      (line) => `${line[0]}. the same layer was not looked at`,
    );
    expect(closing({ ...filled, [PATTERN]: same })).toEqual([expect.stringContaining("1 of 5 numbered answers")]);
  });

  test("takes no table with other columns, and no section without words", () => {
    expect(closing({ ...filled, [WALK]: "| A | B |\n|---|---|\n| T2 | x |\n" }).join()).toContain(
      "no table with the columns",
    );
    const empty = (filled[FIXES] ?? "").replace(/corrections\/session.*\n/, "TBD\n");
    expect(closing({ ...filled, [FIXES]: empty })).toEqual([expect.stringContaining('"Changes"')]);
    const lost = (filled[FIXES] ?? "").replace("## Verification", "## Check");
    expect(closing({ ...filled, [FIXES]: lost }).join()).toContain('no section "## Verification"');
  });
});
