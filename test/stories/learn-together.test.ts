import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Candidate } from "../../src/domain/learn-candidate.ts";
import {
  BAD_MODULE,
  codeOf,
  GOOD_MODULE,
  SMALL_CONFIG,
  SMALL_INPUT,
  smallScript,
  smallTasks,
  wholeNumbers,
} from "../kit/small-tasks.ts";
import { silent, tell, within } from "../kit/story.ts";
import type { Target } from "../kit/target.ts";

/** Candidates that were each proven by itself, approved at once. */
describe("several candidates at once", { timeout: 600_000 }, () => {
  let target: Target;
  let id = "";
  let before = "";
  const decide = (approve: readonly string[] | "all") => within(target, {}, (mill) => mill.decide({ approve }));
  const titles = () => target.git("log", "--format=%s", "main").split("\n");

  beforeAll(async () => {
    target = wholeNumbers({ "millwright.yaml": `${SMALL_CONFIG}learn: off\n` });
    const tasks = smallTasks(["even", "odd", "prime"], (name) => [codeOf(name, BAD_MODULE), codeOf(name, GOOD_MODULE)]);
    await tell(target, smallScript("three", tasks), SMALL_INPUT);
    const { waiting, notes } = await within(target, {}, (mill) => mill.learn({}, silent()));
    expect(notes).toEqual([]);
    expect(waiting.map(({ title }) => title)).toEqual(["import whole from ./check.js instead of ./checks.js"]);
    id = waiting[0]?.id ?? "";
    before = titles()[0] ?? "";
  });
  afterAll(() => target.remove());

  const folder = () => join(target.dir, ".millwright/candidates");
  /** Keeps one more, as if it had been proven beside the first. */
  const beside = (name: string, does: string) => {
    const one: Candidate = JSON.parse(readFileSync(join(folder(), id, "candidate.json"), "utf8"));
    const text = `id: ${name}
title: ${name}
why: { reason: "A story." }
languages: [javascript]
files: ["src/*.js"]
does: ${does}
`;
    const evidence = { ...one.evidence, rows: [] };
    const other = { ...one, id: name, path: `corrections/${name}.yaml`, text, evidence };
    mkdirSync(join(folder(), name), { recursive: true });
    writeFileSync(join(folder(), name, "candidate.json"), JSON.stringify(other));
  };
  const BACK = `{ kind: rewrite-import, from: /src/check.js, to: /src/checks.js }
examples:
  valid: [{ path: src/a.js, text: "import { x } from './b.js';\\n" }]
  invalid: [{ path: src/a.js, text: "import { x } from './check.js';\\n", expected: "import { x } from './checks.js';\\n" }]`;
  const HALF = `{ kind: rule, rule: { pattern: whole(value) }, operations: [{ kind: replace, with: whole(value + 1 / 2) }] }
examples:
  valid: [{ text: "part(value);\\n" }]
  invalid: [{ text: "whole(value);\\n", expected: "whole(value + 1 / 2);\\n" }]`;

  test("that undo each other are named, and none of them is written", async () => {
    beside("back-again", BACK);
    await expect(decide([id, "back-again"])).rejects.toThrow(
      /back-again and import-whole[\w-]* undo each other in src\//,
    );
    expect(titles()[0]).toBe(before);
  });

  test("that break together what passes are named with what they break", async () => {
    beside("by-halves", HALF);
    await expect(decide([id, "by-halves"])).rejects.toThrow(
      /Together, import-whole[\w-]*, by-halves break r[\w-]+\/T\d\/developer\/2, which passes without them: refused by green/,
    );
    expect(titles()[0]).toBe(before);
  });

  test("all of them: the first is written, the others wait beside it", async () => {
    const decided = await decide("all");
    expect(decided).toHaveLength(1);
    expect(titles()[0]).toMatch(/^Correct: /);
    const kept = await within(target, {}, (mill) => mill.candidates());
    expect(kept.filter(({ state }) => state === "waiting")).toHaveLength(2);
  });
});
