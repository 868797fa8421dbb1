import { expect, test } from "vitest";
import { toolNotes } from "./tools-in-sight.ts";

test("the repository's own linter and type checker are named with their configs", () => {
  expect(toolNotes(["packages/a/eslint.config.js", "tsconfig.json", "src/biome.ts"])).toEqual([
    "lint: the repository's own, eslint (packages/a/eslint.config.js)",
    "types: the repository's own, TypeScript (tsconfig.json)",
  ]);
});

test("where there is none, it says what happens instead", () => {
  expect(toolNotes(["src/index.js"]).join("\n")).toMatch(/oxlint[\s\S]*nothing to say/);
});
