import { expect, test } from "vitest";
import { listProblems, lookUpOn, withMaker } from "./compared-models.ts";
import { Config } from "./config.ts";

const LISTED = ["anthropic/claude-sonnet-4.5", "openai/gpt-5", "acme/gpt-5-mini", "other/gpt-5-mini"];

test.each([
  ["openai/gpt-5", "hub/openai/gpt-5"],
  ["gpt-5", "hub/openai/gpt-5"],
  ["hub/openai/gpt-5", "hub/openai/gpt-5"],
  ["codex/gpt-5", "hub/openai/gpt-5"],
  ["anthropic/claude-sonnet-4-5-20250929", "hub/anthropic/claude-sonnet-4.5"],
  ["claude-code/sonnet-4.5", "hub/anthropic/claude-sonnet-4.5"],
])("%s is %s on the one server that all are asked through", (wanted, name) => {
  expect(lookUpOn("hub", wanted, LISTED)).toEqual({ kind: "found", name });
});

test("a name that fits several, or none, is a problem with the nearest names", () => {
  const several = "--models: gpt-5-mini may be any of these on hub: acme/gpt-5-mini, other/gpt-5-mini.";
  expect(lookUpOn("hub", "gpt-5-mini", LISTED)).toEqual({ kind: "problem", problem: several });
  const near = "--models: hub has no model opnai/gpt-55. Did you mean openai/gpt-5?";
  expect(lookUpOn("hub", "opnai/gpt-55", LISTED)).toEqual({ kind: "problem", problem: near });
  const none = "--models: hub has no model gpt-5. It has none.";
  expect(lookUpOn("hub", "gpt-5", [])).toEqual({ kind: "problem", problem: none });
});

test("a list is refused with all that is wrong with it", () => {
  expect(listProblems([])).toHaveLength(1);
  expect(listProblems(["a/b", "", "a/b", "a/c"])).toEqual([
    "--models: there is nothing between two commas, or at an end of the list.",
    "--models: a/b is named twice; name each model once.",
  ]);
  const proxied = listProblems(["ollama/x", "ollama/x:latest", "proxy/y"], { "proxy/y": "ollama/x" });
  expect(proxied.map((problem) => problem.split(" is ")[0])).toEqual([
    "--models: ollama/x:latest",
    "--models: proxy/y",
  ]);
  expect(listProblems(["ollama/x:q4_K_M", "ollama/x:q8_0"])).toEqual([]);
});

test("a compared model makes everything alone: no ladder, nobody cheaper, no new plan", () => {
  const config = Config.parse({
    models: { default: "a/b", developer: ["a/b", "a/c"], reviewer: "a/d" },
    cheaper: { developer: "a/e" },
  });
  const { models, cheaper, limits } = withMaker(config, "a/x");
  expect(models).toEqual({ default: "a/b", developer: "a/x", tester: "a/x", documenter: "a/x", reviewer: "a/d" });
  expect([cheaper, limits.orchestrations, limits.goalRounds]).toEqual([{}, 0, 1]);
});
