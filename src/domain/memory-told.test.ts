import { describe, expect, it } from "vitest";
import { fitted } from "./brief-fit.ts";
import { fixedPart, WORTH } from "./brief-parts.ts";
import { withRules } from "./rules-block.ts";

const to = { role: "developer", model: "m", size: 60_000 } as const;
const part = (name: string, text: string, worth: number = WORTH.words) => ({
  name,
  title: name,
  forms: [text, ""],
  worth,
});
const rules = withRules("# Ours\n", [
  { line: "- Mind it. (3 times; 2026-11-21) <!-- rule 0123456789ab -->" },
  { line: "- Mind that. (4 times; 2026-11-21) <!-- rule ba9876543210 -->" },
]);

describe("what a question holds of the mill's memory", () => {
  it("is named layer by layer, with counts and without a word of it", () => {
    const { memory } = fitted(
      {
        system: [
          fixedPart("", "You are the developer."),
          part("AGENTS.md", rules),
          part("repository map", "a.ts: add"),
        ],
        user: [
          fixedPart("", "The task"),
          part("what has landed", "- b.ts"),
          part("imported src/a.ts", "code"),
          part("words src/c.ts:1-9", "more code"),
          part("src/own.ts", "its own file is the task's, and no memory"),
          part("recent results", "- T1 landed\n- T2 stuck"),
          part("findings", "green refuses"),
        ],
      },
      to,
    );
    expect(memory).toEqual([
      "git history: what has landed",
      "project index: map, 2 parts",
      "results: 2 tasks",
      "AGENTS.md",
      "working memory: findings",
      "failure patterns: 2 rules",
    ]);
  });

  it("leaves out what was left out so that the question fits", () => {
    const long = "word ".repeat(40_000);
    const { memory, dropped } = fitted(
      { system: [part("repository map", long)], user: [fixedPart("", "The task"), part("words src/a.ts", long)] },
      { ...to, size: 9000 },
    );
    expect(dropped).toHaveLength(2);
    expect(memory).toEqual([]);
  });

  it("counts what a question only repeats", () => {
    const first = fitted({ system: [], user: [part("imported a.ts", "code"), part("findings", "no test yet")] }, to);
    const next = fitted({ system: [], user: [fixedPart("", `${first.user}\n\nnew`)], repeats: first.said }, to);
    expect(next.memory).toEqual(["project index: 1 part", "working memory: findings"]);
  });

  it("of a judge holds nothing", () => {
    expect(fitted({ system: [fixedPart("", "judge")], user: [fixedPart("", "the difference")] }, to).memory).toEqual(
      [],
    );
  });
});
