import { describe, expect, test } from "vitest";
import { columnScores, parseRubric, RUBRIC, type RubricReply, scoreRubric } from "./rubric.ts";

const diffOf = (path: string, ...added: readonly string[]) =>
  [
    `diff --git a/${path} b/${path}`,
    `--- a/${path}`,
    `+++ b/${path}`,
    "@@ -1,2 +1,9 @@",
    " const kept = 1;",
    "-const gone = 2;",
  ]
    .concat(
      added.map((line) => `+${line}`),
      "",
    )
    .join("\n");

type Answer = Partial<RubricReply["points"][number]>;

/** Says yes to everything with a quote that is there, but for what is given. */
function replyWith(own: Readonly<Record<string, Answer>> = {}): RubricReply {
  const yes = { answer: "yes", path: "src/a.js", evidence: "const kept = 1;", reason: "" } as const;
  return { points: RUBRIC.map(({ id }) => ({ id, ...yes, ...own[id] })) };
}

const stateOf = (id: string, own: Answer, diff: string) => {
  const score = scoreRubric(replyWith({ [id]: own }), diff).find((one) => one.id === id);
  return [score?.state, score?.why];
};

describe("a judgement is computed", () => {
  const diff = diffOf("src/a.js", "list.addEventListener('click',  (event) => choose(event));");

  test("a yes counts when its quote is in what the difference leaves, however it is spaced", () => {
    const quote = "+ list.addEventListener('click', (event) =>\n+   choose(event));";
    expect(stateOf("delegation", { evidence: quote }, diff)).toEqual(["met", ""]);
    expect(stateOf("delegation", { evidence: "const kept = 1;" }, diff)).toEqual(["met", ""]);
  });

  test.each([
    ["made up", "document.addEventListener('click', choose)", "the line that is quoted is not in the difference"],
    ["what was removed", "const gone = 2;", "the line that is quoted is not in the difference"],
    ["a file's name in its header", "b/src/a.js", "the line that is quoted is not in the difference"],
    ["nothing", " ", "yes without a quote that says something"],
    ["signs alone", "});", "yes without a quote that says something"],
  ])("a yes that quotes %s is none", (_name, evidence, why) => {
    expect(stateOf("wired", { evidence }, diff)).toEqual(["unmet", why]);
  });

  test("there is none of something: no quote is needed, and what a program sees wins", () => {
    expect(stateOf("no-native-dialogs", { evidence: "" }, diff)).toEqual(["met", ""]);
    const seen = "a program sees it in the difference";
    const ask = (line: string, path = "src/a.js") => stateOf("no-native-dialogs", {}, diffOf(path, line));
    expect(ask("  if (confirm('Delete?')) remove();")).toEqual(["unmet", seen]);
    expect(ask("  window.alert(error);")).toEqual(["unmet", seen]);
    expect(ask("  // never confirm('x')")).toEqual(["met", ""]);
    expect(ask("  dialog.confirm('x');")).toEqual(["met", ""]);
    expect(ask("confirm('x')", "notes.md")).toEqual(["met", ""]);
    const own = diffOf("src/a.js", "import { confirm } from './dialog.js';", "await confirm('Delete?');");
    expect(stateOf("no-native-dialogs", {}, own)).toEqual(["met", ""]);
    const html = diffOf("src/a.js", "item.innerHTML = `<b>${title}</b>`;");
    expect(stateOf("no-unsafe-html", { answer: "n/a" }, html)).toEqual(["unmet", seen]);
    expect(stateOf("no-inline-styles", {}, diffOf("index.html", '<p class="x" style="color: red">'))).toEqual([
      "unmet",
      seen,
    ]);
  });

  test("the columns are points met of those that apply", () => {
    const reply = replyWith({
      wired: { evidence: "made up" },
      focus: { answer: "n/a" },
      breakpoints: { answer: "n/a" },
      storage: { answer: "n/a" },
      "error-shown": { answer: "n/a" },
      "tests-told": { answer: "no", reason: "there are none" },
    });
    expect(columnScores(scoreRubric(reply, diff))).toEqual({
      wiring: { met: 2, of: 3 },
      accessibility: { met: 2, of: 2 },
      "error handling": { met: 0, of: 0 },
      "code quality": { met: 3, of: 4 },
    });
  });
});

describe("a reply that cannot be used says why", () => {
  const problemsOf = (points: unknown) => {
    const parsed = parseRubric(JSON.stringify({ points }));
    return parsed.kind === "unusable" ? parsed.problems : [];
  };
  const { points } = replyWith();

  test("a whole one is usable", () => expect(problemsOf(points)).toEqual([]));
  test("left out", () => expect(problemsOf(points.slice(1))).toEqual(["wired is not answered."]));
  test("twice", () =>
    expect(problemsOf([...points, points[0]])).toEqual(["wired is answered 2 times; answer it once."]));
  test("unknown", () =>
    expect(problemsOf([...points, { ...points[0], id: "beauty" }])[0]).toMatch(/^beauty is no point/));
  test("no without a reason", () =>
    expect(problemsOf([{ ...points[0], answer: "no" }, ...points.slice(1)])).toEqual([
      "wired says no without a reason.",
    ]));
  test("a score of its own is no answer", () => expect(parseRubric('{"score": 100}').kind).toBe("unusable"));
});
