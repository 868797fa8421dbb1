import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Fault } from "../../src/adapters/models/scripted/scripted.ts";
import { facts, goOn, refusalText, type Told, tell } from "../kit/story.ts";
import {
  approval,
  byTask,
  edit,
  file,
  planWith,
  SUBTRACT_CODE,
  SUMS_CONFIG,
  subtracting,
  sums,
  testOf,
} from "../kit/sums.ts";
import { possessions, type Target } from "../kit/target.ts";

const PATIENT = `${SUMS_CONFIG}limits: { attempts: 100, sameSignature: 1000, scopeEscapes: 1000, tampering: 1000 }\n`;
const text = "export const subtract = 1;";

/** Replies of one developer, one after the other, and what the door says of each. */
const REPLIES: readonly (readonly [string, string | Fault, RegExp])[] = [
  ["nothing", "", /reply is empty/],
  ["blanks", " \n\n", /reply is empty/],
  ["prose", "I would simply subtract the numbers.", /prose without a block/],
  ["thoughts without an end", "<think>Let me see", /ends inside its <think>/],
  ["a block that is cut off", "### FILE src/subtract.js\n```\nexport function", /unusable-reply/],
  ["an edit that is cut off", "### EDIT src/add.js\n<<<<<<< SEARCH\nexport", /unusable-reply/],
  [
    "cut off by the model's limit",
    { fault: "cut-off", text: "### FILE src/subtract.js\n```\nexport" },
    /cut off at the model's/,
  ],
  ["the whole reply lost", { fault: "empty" }, /reply is empty/],
  [
    "a unified diff",
    "--- a/src/subtract.js\n+++ b/src/subtract.js\n@@ -0,0 +1 @@\n+export const subtract = 1;\n",
    /unusable-reply/,
  ],
  ["JSON", JSON.stringify({ path: "src/subtract.js", content: text }), /unusable-reply/],
  ["a bare fence", `\`\`\`js\n${text}\n\`\`\``, /unusable-reply/],
  [
    "an elision",
    file("src/subtract.js", "export function subtract(left, right) {\n  // ... rest of the code\n}"),
    /unusable-reply|elision/,
  ],
  ["10 MB of prose", "words ".repeat(1_700_000), /has 9961 KB; at most 1024 KB/],
  ["10 MB in a block", file("src/subtract.js", `${text}\n`.repeat(400_000)), /KB; at most 1024 KB/],
  ["edits and impossible", `${file("src/subtract.js", text)}\nIMPOSSIBLE: it cannot be\n`, /both edits and IMPOSSIBLE/],
  ["impossible without a reason", "IMPOSSIBLE:", /IMPOSSIBLE needs its reason/],
  ["a search that is nowhere", edit("src/subtract.js", "nothing of it", "x"), /edit-no-file/],
  ["up and out", file("../outside.js", text), /door\/path/],
  ["up and back in", file("src/../../target/src/subtract.js", text), /door\/path/],
  ["an absolute path", file("/tmp/millwright-escaped.js", text), /door\/path/],
  ["a home", file("~/.bashrc", text), /door\//],
  ["git's own folder", file(".git/hooks/post-checkout", text), /door\//],
  ["git's own folder in other letters", file(".GIT/config", text), /door\//],
  ["git's own folder below", file("src/.git/config", text), /door\//],
  ["what git runs", file(".gitattributes", "* filter=x"), /door\//],
  ["the mill's own state", file(".millwright/journal.db", text), /door\//],
  ["the mill's config", file("millwright.yaml", "sandbox: none"), /door\//],
  ["a case variant", file("SRC/subtract.js", text), /door\//],
  ["NUL", file("src/sub\0tract.js", text), /door\//],
  ["Windows' separators", file("src\\subtract.js", text), /door\//],
  ["Windows' drive", file("C:\\src\\subtract.js", text), /door\//],
  ["Windows' devices", file("src/CON.js", text), /door\//],
  ["a stream of NTFS", file("src/subtract.js::$DATA", text), /door\//],
  ["through a symbolic link", file("linked/subtract.js", text), /door\//],
  ["another task's file", file("docs/other.md", text), /out-of-scope/],
  ["what no task names", edit("src/add.js", "  return left + right;", "  return left;"), /out-of-scope/],
  ["a test", file("test/subtract.test.js", ""), /wrong-layer/],
  ["the tests' configuration", file("package.json", '{ "scripts": { "test": "true" } }'), /door\//],
  ["a deletion nobody asked for", "### DELETE src/add.js\n", /door\//],
  ["good and bad together", `${SUBTRACT_CODE}\n${file("../outside.js", text)}`, /door\/path/],
];

describe("what a model may answer, and what it is told: nothing is written until all of it is right", () => {
  let target: Target;
  let before: ReturnType<typeof possessions>;
  let told: Told;
  const briefs: string[] = [];

  beforeAll(async () => {
    target = sums({ "millwright.yaml": PATIENT });
    symlinkSync("src", join(target.dir, "linked"));
    target.commit("A link");
    before = possessions(target);
    const other = {
      id: "T2",
      kind: "docs",
      accept: { AC2: "`docs/other.md` says `subtract(5, 3)`" },
      files: ["docs/other.md"],
      tests: [],
      creates: [],
      more: { check: "grep -q 'subtract(5, 3)' docs/other.md" },
    };
    const script = byTask(planWith([{}, other]), {
      T2: { documenter: [file("docs/other.md", "`subtract(5, 3)` is 2.")], reviewer: [approval("AC2")] },
    });
    told = await tell(target, (request) => {
      if (request.role !== "developer") return script(request);
      briefs.push(request.user);
      return REPLIES[request.attempt - 1]?.[1] ?? SUBTRACT_CODE;
    });
  }, 120_000);
  afterAll(() => target.remove());

  test("after all of it, the honest answer lands", () => {
    expect(told.outcome, refusalText(told).slice(0, 5000)).toEqual({ kind: "done", branch: "loop/subtract" });
    expect(possessions(target)).toEqual(before);
  });

  test.each(REPLIES.map(([name, , rule], index) => [name, rule, index] as const))("%s", (_name, rule, index) => {
    const refusal = facts(told, "proposal-refused").find(
      ({ attempt, role }) => role === "developer" && attempt === index + 1,
    );
    const said = refusal?.findings.map((finding) => `${finding.rule} ${finding.message}`).join("\n") ?? "admitted";
    expect(said).toMatch(rule);
    const [first] = refusal?.findings ?? [];
    expect(briefs[index + 1], "the model is told").toContain(first?.message);
    expect((briefs[index + 1] ?? "").length).toBeLessThan(100_000);
  });

  test("nothing of it is in a file that landed, or outside", () => {
    const paths = target.git("ls-tree", "-r", "--name-only", "loop/subtract").split("\n");
    const landed = paths.filter(
      (path) => before[path] === undefined && !path.startsWith("plans/") && path !== "linked",
    );
    expect(landed).toEqual(["docs/other.md", "src/subtract.js", "test/subtract.test.js"]);
  });
});

describe("a maker that drops what others wrote", () => {
  test("a file sent whole without another task's function is refused", async () => {
    const target = sums({ "millwright.yaml": PATIENT });
    const accept = { AC1: "`subtract(5, 3)` of `src/add.js` returns 2; once `src/subtract.js`" };
    const plan = planWith([{ accept, files: ["src/add.js"], creates: ["src/add.js#subtract"] }]);
    const tests = file(
      "test/subtract.test.js",
      testOf("subtract", "AC1 subtracts", "assert.equal(subtract(5, 3), 2);").replace("src/subtract.js", "src/add.js"),
    );
    const subtract = "export function subtract(left, right) {\n  return left - right;\n}";
    const told = await tell(
      target,
      byTask(plan, {
        T1: {
          tester: [tests],
          developer: [
            file("src/add.js", subtract),
            edit("src/add.js", "  return left + right;\n}", `  return left + right;\n}\n\n${subtract}`),
          ],
        },
      }),
    );
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "proposal-refused")[0]?.findings[0]).toMatchObject({
      rule: "door/dropped-code",
      message: expect.stringContaining("add"),
    });
    target.remove();
  });
});

describe("a judge that does not judge is never a pass", () => {
  const met = (more: object) =>
    JSON.stringify({ criteria: [{ id: "AC1", met: true, evidence: "seen", reason: "", ...more }] });
  const bad: readonly (readonly [string, string])[] = [
    ["prose", "Looks good to me!"],
    ["nothing", ""],
    ["APPROVED in a word", "APPROVED"],
    ["a contradiction", met({ reason: "the criterion is not met" })],
    [
      "a summary that contradicts",
      JSON.stringify({ criteria: [{ id: "AC1", met: false, reason: "no" }], summary: "Approved." }),
    ],
    ["another task's criterion", approval("AC9")],
    ["a criterion twice", approval("AC1", "AC1")],
    ["a score of its own", JSON.stringify({ score: 100, approved: true })],
    ["cut off", '{ "criteria": [{ "id": "AC1", "met": tr'],
  ];

  test("every unusable reply is asked for again with the reason; then it is a person's turn, and resume goes on", async () => {
    const target = sums({ "millwright.yaml": `${SUMS_CONFIG}limits: { judgeReplies: ${bad.length} }\n` });
    const briefs: string[] = [];
    const script = subtracting({ reviewer: bad.map(([, reply]) => reply) });
    const told = await tell(target, (request) => {
      if (request.role === "reviewer") briefs.push(request.user);
      return script(request);
    });
    expect(told.outcome, refusalText(told)).toMatchObject({
      kind: "waiting",
      reason: expect.stringMatching(/reviewer gave no usable answer.*another model/),
    });
    expect(briefs).toHaveLength(bad.length);
    expect(briefs[4]).toContain("but its reason says it is not");
    expect(facts(told, "reviewed")).toEqual([]);
    expect(target.git("ls-tree", "-r", "--name-only", "loop/subtract")).not.toContain("subtract.js");
    target.remove();
  });

  test("met without evidence is unmet, whatever the judge thinks of itself", async () => {
    const target = sums();
    const told = await tell(
      target,
      subtracting({
        reviewer: [met({ evidence: " " }), approval("AC1")],
        developer: [SUBTRACT_CODE, SUBTRACT_CODE.replace("export", "/** Pure. */\nexport")],
      }),
    );
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "reviewed")[0]).toMatchObject({ decision: "REJECT", score: 0 });
    target.remove();
  });

  test("a goal-checker that answers in prose: a person's turn; what has landed stays", async () => {
    const target = sums();
    const told = await tell(target, subtracting({ "goal-checker": ["MET, I would say."] }));
    expect(told.outcome, refusalText(told)).toMatchObject({
      kind: "waiting",
      reason: expect.stringContaining("goal-checker gave no usable answer"),
    });
    expect(facts(told, "landed")).toHaveLength(1);
    const asked = facts(told, "answered").length;
    const again = await goOn(target, subtracting({ "goal-checker": ["Still prose."] }));
    expect(again.outcome.kind).toBe("waiting");
    expect(facts(again, "answered").filter(({ role }) => role !== "goal-checker")).toHaveLength(asked - 3);
    target.remove();
  });
});
