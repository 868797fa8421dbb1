import { afterEach, expect, test } from "vitest";
import { DESIGN, experiment } from "../kit/research.ts";
import { silent, within } from "../kit/story.ts";
import type { Target } from "../kit/target.ts";

let target: Target;
afterEach(() => target.remove());

const config = (models: string) => `models: ${models}
independence: model
suites:
  - { runner: pytest, command: /usr/bin/python3 -m pytest }
dependencies: { install: none }
servers: { a: { kind: openai-compatible, url: "http://127.0.0.1:9/v1" } }
`;

/** What a research run with these models is refused for before anything is asked; one that may begin is stopped at once. */
async function refusedFor(models: string): Promise<string> {
  target = experiment({ ...DESIGN, "millwright.yaml": config(models) });
  return within(target, {}, async (mill) => {
    const watch = silent(AbortSignal.abort());
    const end = await mill.research({ dir: target.dir }, watch).catch((error: unknown) => error);
    return end instanceof Error ? end.message : JSON.stringify(end);
  });
}

test("a reviewer of the whole that is the coder's own model begins nothing", async () => {
  expect(await refusedFor("{ default: a/coder, reviewer: a/other, research-reviewer: a/coder }")).toMatch(
    /developer and research-reviewer are both answered by coder/,
  );
});

test("it falls back to the reviewer of the tasks; the judge may share the coder's model", async () => {
  expect(await refusedFor("{ default: a/coder }")).toMatch(/developer and research-reviewer are both/);
  target.remove();
  expect(await refusedFor("{ default: a/coder, reviewer: a/other, research-judge: a/coder }")).toMatch(
    /"outcome":\{"kind":"cancelled"/,
  );
});
