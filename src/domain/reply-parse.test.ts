import { describe, expect, test } from "vitest";
import { parseReply } from "./reply-parse.ts";

const edit = (path: string, search: string, replace: string) =>
  `### EDIT ${path}\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;
const file = (path: string, content: string, fence = "```") => `### FILE ${path}\n${fence}\n${content}\n${fence}\n`;

function edits(text: string) {
  const parsed = parseReply(text);
  if (parsed.kind === "unusable") throw new Error(parsed.problems.join("\n"));
  if (parsed.proposal.kind !== "edits") throw new Error("impossible");
  return parsed.proposal;
}

function problems(text: string): string {
  const parsed = parseReply(text);
  return parsed.kind === "unusable" ? parsed.problems.join("\n") : `usable: ${JSON.stringify(parsed.proposal)}`;
}

describe("a usable reply", () => {
  test("holds edits, files, deletions, notes and assessments", () => {
    const text = [
      "I will do this in two steps.",
      edit("src/a.ts", "const a = 1;", "const a = 2;"),
      file("src/b.ts", "export const b = 1;"),
      "### DELETE src/old.ts",
      "### NOTES",
      "The old module is gone.",
      "### ASSESS",
      "- AC1: met because the constant is 2",
      "- AC2: not met because nothing calls it",
      "**AC3**: met — see b.ts",
    ].join("\n");
    expect(edits(text)).toEqual({
      kind: "edits",
      edits: [
        { kind: "replace", path: "src/a.ts", search: "const a = 1;", replace: "const a = 2;" },
        { kind: "write", path: "src/b.ts", content: "export const b = 1;\n" },
        { kind: "delete", path: "src/old.ts" },
      ],
      notes: "I will do this in two steps.\n\nThe old module is gone.",
      selfAssessment: [
        { criterion: "AC1", met: true, because: "the constant is 2" },
        { criterion: "AC2", met: false, because: "nothing calls it" },
        { criterion: "AC3", met: true, because: "see b.ts" },
      ],
    });
  });

  test.each([
    "### EDIT src/a.ts",
    "### EDIT `src/a.ts`",
    "### EDIT: src/a.ts",
    "## EDIT **src/a.ts**",
    "### **EDIT** `src/a.ts` (the pricing rules)",
    "#### 2. EDIT src/a.ts:",
    "### Edit src/a.ts",
    "### EDIT ./src/a.ts",
    '### EDIT "src/a.ts"',
  ])("%s names src/a.ts", (header) => {
    expect(edits(`${header}\n\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE`).edits).toEqual([
      { kind: "replace", path: "src/a.ts", search: "a", replace: "b" },
    ]);
  });

  test("may hold several blocks for a file, in fences of their own or with prose between", () => {
    const text =
      "### EDIT a.ts\n```ts\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n```\nAnd then:\n```\n<<<<<<< SEARCH\nc\n=======\n>>>>>>> REPLACE\n```\n";
    expect(edits(text).edits).toEqual([
      { kind: "replace", path: "a.ts", search: "a", replace: "b" },
      { kind: "replace", path: "a.ts", search: "c", replace: "" },
    ]);
  });

  test("may stand in a fence as a whole", () => {
    expect(edits(`\`\`\`markdown\n${file("a.ts", "a")}\n${edit("b.ts", "c", "d")}\`\`\`\n`).edits).toHaveLength(2);
  });

  test("may come with Windows line ends, a byte order mark and thoughts in front", () => {
    const text = `\uFEFF<think>\n### EDIT nonsense\nhm\n</think>\n${file("a.ts", "a\nb")}`.replaceAll("\n", "\r\n");
    expect(edits(text).edits).toEqual([{ kind: "write", path: "a.ts", content: "a\nb\n" }]);
  });

  test("a longer fence holds shorter ones, and tildes hold backticks", () => {
    const readme = "# Read me\n\n```bash\nnpm test\n```\n\nDone.";
    expect(edits(file("README.md", readme, "````")).edits).toEqual([
      { kind: "write", path: "README.md", content: `${readme}\n` },
    ]);
    expect(edits(file("README.md", readme, "~~~")).edits).toHaveLength(1);
  });

  test("whatever stands inside a file's fence is content", () => {
    const content = "### DELETE everything\nIMPOSSIBLE: no\n<<<<<<< SEARCH\n### EDIT x.ts";
    expect(edits(file("notes.ts", content)).edits).toEqual([
      { kind: "write", path: "notes.ts", content: `${content}\n` },
    ]);
  });

  test("an empty block makes an empty file", () => {
    expect(edits("### FILE pkg/__init__.py\n```\n```\n").edits).toEqual([
      { kind: "write", path: "pkg/__init__.py", content: "" },
    ]);
  });

  test("prose may hold code after a code file", () => {
    expect(edits(`${file("a.ts", "a")}\nRun it:\n\`\`\`bash\nnpm test\n\`\`\`\n`).edits).toHaveLength(1);
  });

  test.each([
    ["IMPOSSIBLE: AC2 contradicts AC3", "AC2 contradicts AC3"],
    ["impossible: no such table", "no such table"],
    ["I looked hard.\n\n**IMPOSSIBLE:** the spec asks for both\n- a\n- b", "the spec asks for both\n- a\n- b"],
    ["```\nIMPOSSIBLE: fenced\n```", "fenced"],
  ])("%j is an honest answer", (text, reason) => {
    expect(parseReply(text)).toEqual({ kind: "proposal", proposal: { kind: "impossible", reason } });
  });
});

describe("an unusable reply says exactly what is wrong", () => {
  test.each([
    ["", "empty"],
    ["  \n\n", "empty"],
    ["Sure! I would change the price function so that it checks for negatives.", "prose"],
    ["<think>hmm", "<think>"],
    ["### EDIT src/a.ts\n<<<<<<< SEARCH\na\n=======\nb", "cut off before the block of line 2 (src/a.ts)"],
    ["### EDIT src/a.ts\n<<<<<<< SEARCH\na", "cut off"],
    ["### FILE src/a.ts\n```ts\nexport const a", "cut off inside ### FILE src/a.ts"],
    ["### FILE src/a.ts\nexport const a = 1;\n", "not followed by a fenced block"],
    ["### FILE src/a.ts\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n", "belong under ### EDIT src/a.ts"],
    ["### EDIT src/a.ts\n```ts\nexport const a = 1;\n```\n", "### EDIT src/a.ts holds no block"],
    ["### EDIT\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE", "needs a path"],
    ["### EDIT a.ts\n<<<<<<< SEARCH\na\nb\n>>>>>>> REPLACE", "no ======="],
    ["### EDIT a.rst\n<<<<<<< SEARCH\nTitle\n=======\ntext\n=======\nb\n>>>>>>> REPLACE", "2 lines ======="],
    ["### EDIT a.ts\n<<<<<<< SEARCH\na\n=======\n<<<<<<< SEARCH\nb\n=======\nc\n>>>>>>> REPLACE", "a new block starts"],
    ["### EDIT a.ts\na\n=======\nb\n>>>>>>> REPLACE", "without <<<<<<< SEARCH"],
    ["<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE", "write ### EDIT path above it"],
    ["src/a.ts\n```\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n```", "write ### EDIT path above it"],
    ["### EDIT a.ts\n<<<<<<< SEARCH\na\n=======\na\n>>>>>>> REPLACE", "by themselves"],
    ["### CREATE src/a.ts\n```\na\n```", "write ### FILE path"],
    ["### RENAME src/a.ts -> src/b.ts", "usable"],
    ["--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1,3 +1,4 @@\n-a\n+b\n", "unified diff"],
    ["```diff\ndiff --git a/a.ts b/a.ts\n```", "unified diff"],
    ["*** Begin Patch\n*** Update File: a.ts\n@@\n-a\n+b\n*** End Patch", "Begin Patch"],
    ['{"edits": [{"path": "a.ts", "search": "a"}]}', "JSON"],
    ['```json\n[{"path": "a.ts"}]\n```', "JSON"],
    ["<tool_call>\n{}\n</tool_call>", "tool call"],
    ["IMPOSSIBLE:", "needs its reason"],
    ["IMPOSSIBLE: a\n### NOTES\nIMPOSSIBLE: b", "more than once"],
    [`${edit("a.ts", "a", "b")}IMPOSSIBLE: the rest`, "both edits and IMPOSSIBLE"],
    [`${file("a.ts", "a")}${file("`a.ts`", "b")}`, "already has a block on line 1"],
    [`${file("a.ts", "a")}${edit("./a.ts", "a", "b")}`, "already has a block"],
    [`### DELETE a.ts\n${edit("a.ts", "a", "b")}`, "already has a block"],
    [`${edit("a.ts", "a", "b")}\n@@ -1,2 +1,2 @@\n-x\n+y\n`, "unified diff"],
    [file("README.md", "# Use\n```bash\nnpm test\n```\nmore"), "longer fence (````)"],
    [file("README.md", "# Use\n```\nnpm test\n```\nmore"), "longer fence (````)"],
    [file("a.ts", "a\0b"), "NUL"],
  ])("%j", (text, expected) => {
    if (expected === "usable") expect(problems(text)).not.toContain("usable:");
    else expect(problems(text)).toContain(expected);
  });

  test.each([
    "// ... existing code ...",
    "// ...",
    "# ... rest of the file unchanged",
    "  /* rest of the class remains unchanged */",
    "<!-- existing content here -->",
    "// existing imports",
    "... (rest unchanged)",
    "// Rest of the code stays the same",
    "// … other methods",
    "{/* ... existing routes */}",
    "-- unchanged",
    "# (rest of the function is unchanged)",
    "// [existing code unchanged]",
    "// keep the existing handlers below",
  ])("%s is left-out code", (line) => {
    expect(problems(file("src/a.ts", `const a = 1;\n${line}\nconst b = 2;`))).toContain("Line 4:");
    expect(problems(edit("src/a.ts", "const a = 1;", `const a = 2;\n${line}`))).toContain("Line 6:");
  });

  test.each([
    "    ...",
    "  ...rest,",
    "  ...existing",
    "  return [...existing, code];",
    "// Existing code paths call this with null.",
    "# Unchanged since 1.2: the format is frozen.",
    "// The rest of the arguments are options.",
    "const message = 'loading...';",
    "// wait...",
    "def f(*args): ...",
    "// other tests live in pricing.edge.test.ts",
  ])("%s is code", (line) => {
    expect(edits(file("src/a.ts", line)).edits).toHaveLength(1);
  });

  test("a comment that stood in the search may stay", () => {
    expect(edits(edit("a.ts", "// ...\na", "// ...\nb")).edits).toHaveLength(1);
  });

  test("all problems come at once", () => {
    expect(problems(`### EDIT\n### FILE b.ts\ntext\n${file("c.ts", "// ...")}`).split("\n")).toHaveLength(3);
  });
});

describe("10 MB", () => {
  const size = 10_000_000;
  test.each([
    ["one line of backticks", "`".repeat(size)],
    ["one line of hashes", `### EDIT ${"#".repeat(size)}`],
    ["blank lines", "\n".repeat(size)],
    ["spaces", `### FILE a.ts\n${" ".repeat(size)}`],
    ["headers", "### EDIT a.ts\n".repeat(size / 14)],
    ["search markers", "<<<<<<< SEARCH\n".repeat(size / 15)],
    ["fences", "```\n".repeat(size / 4)],
    ["a large file", file("a.ts", "const a = 1;\n".repeat(size / 13))],
    ["files", Array.from({ length: 100_000 }, (_, at) => file(`f${at}.ts`, "a")).join("\n")],
    ["impossible", `IMPOSSIBLE: ${"no ".repeat(size / 3)}`],
    ["prose", "I think that this is hard. ".repeat(size / 27)],
  ])(
    "of %s are read to the end: work that grows with the square would take hours",
    { timeout: 120_000 },
    (name, text) => {
      expect(parseReply(text).kind).toBe(/file|impossible/.test(name) ? "proposal" : "unusable");
    },
  );
});
