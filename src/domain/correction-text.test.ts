import { describe, expect, test } from "vitest";
import { parseCorrection, printCorrection, withState } from "./correction-text.ts";

const SESSION = `# why we have it
id: session-import
title: The session comes from app.database
why:
  reason: Models guess app.db.session.
  runs: [r1]
languages: [python]
files: ["app/**/*.py"]
state: on   # for now
does:
  kind: rewrite-import
  from: app.db.session
  to: app.database
examples:
  valid:
    - text: |
        from app.database import get_db
  invalid:
    - text: |
        from app.db.session import get_db
      expected: |
        from app.database import get_db
`;

const problemsOf = (text: string, path = "corrections/session-import.yaml") => {
  const read = parseCorrection(text, path);
  return read.kind === "problems" ? read.problems : [];
};

describe("a correction file", () => {
  test("is read, printed and read again the same", () => {
    const read = parseCorrection(SESSION, "corrections/session-import.yaml");
    if (read.kind === "problems") throw new Error(read.problems.join("\n"));
    const { path: _path, digest: _digest, ...file } = read.correction;
    expect(file).toMatchObject({ id: "session-import", state: "on", does: { kind: "rewrite-import" } });
    const again = parseCorrection(printCorrection(file), "corrections/session-import.yaml");
    expect(again).toMatchObject({ kind: "correction", correction: file });
  });

  test("is switched off without touching anything else", () => {
    const off = withState(SESSION, "off");
    expect(off).toBe(SESSION.replace("state: on", "state: off"));
    expect(withState(off, "on")).toBe(SESSION);
    const silent = SESSION.replace("state: on   # for now\n", "");
    const read = parseCorrection(withState(silent, "off"), "corrections/session-import.yaml");
    expect(read).toMatchObject({ kind: "correction", correction: { state: "off" } });
  });

  test("says every problem at once, each with its line", () => {
    const wrong = SESSION.replace("state: on", "stat: on")
      .replace("  to: app.database\n", "")
      .replace("id: s", "id: S_");
    expect(problemsOf(wrong)).toEqual([
      expect.stringMatching(/^corrections\/session-import\.yaml: line 2: id: .*lower-case words/),
      expect.stringMatching(/line 9: stat: there is no such key\. Did you mean state\?/),
      expect.stringMatching(/line 10: does\.to: is missing/),
    ]);
  });

  test("has the id of its file, an example of each kind, and languages that go together", () => {
    expect(problemsOf(SESSION, "corrections/other.yaml")).toEqual([
      "corrections/other.yaml: line 2: id: must be other, like the file's name.",
    ]);
    expect(problemsOf(SESSION.replace("[python]", "[python, typescript]"))[0]).toContain("Python stands alone");
    expect(problemsOf(SESSION.replace("languages: [python]\n", ""))[0]).toContain("languages: is missing");
    expect(problemsOf(SESSION.replace(/ {2}valid:[\s\S]* {2}invalid:/, "  invalid:"))[0]).toContain("examples.valid");
    expect(problemsOf(SESSION.replace(/ {6}expected: [\s\S]*$/, ""))[0]).toContain("examples.invalid[0].expected");
  });

  test("uses no metavariable that its rule does not capture", () => {
    const rule = SESSION.replace(
      /does:[\s\S]*examples:/,
      () =>
        'does:\n  kind: rule\n  rule: { pattern: "print($A, $$$REST)" }\n  operations:\n    - { kind: replace, with: "log($A, $B)" }\n    - { kind: remove, target: C }\n    - { kind: replace, target: A, with: "$$$REST" }\nexamples:',
    );
    expect(problemsOf(rule)).toEqual([
      expect.stringContaining("captures no $B. It captures: $A, $REST."),
      expect.stringContaining("captures no $C"),
    ]);
  });

  test("names the right shapes for a kind that does not exist, and survives nonsense", () => {
    expect(problemsOf(SESSION.replace("rewrite-import", "rewrite-imports"))[0]).toMatch(/line 11: does\.kind: must be/);
    for (const text of ["", "[]", "- a", "id: [", "a: *b", "\u0000", "id: x\nid: y"])
      expect(problemsOf(text).length).toBeGreaterThan(0);
  });
});
