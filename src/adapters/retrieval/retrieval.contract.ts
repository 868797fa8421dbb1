import { describe, expect, test } from "vitest";
import type { RelatedQuestion } from "../../domain/related.ts";
import type { ToolProfile } from "../../domain/tool-profile.ts";
import type { TreeId } from "../../domain/work.ts";
import type { Retrieval } from "../../engine/ports.ts";

/** Trees of files and what looks for code in them. */
export interface RetrievalWorld {
  /** Opened afresh at each call, on the same trees. */
  open(): Retrieval;
  tree(files: Readonly<Record<string, string>>): Promise<TreeId>;
}

/** The profile that every implementation is opened with. */
export const RETRIEVAL_PROFILE: ToolProfile = {
  manifests: [],
  suites: [{ name: "t", runner: "vitest", version: "", dir: ".", tests: ["test/**/*.test.ts"], infrastructure: [] }],
};

const FILES = {
  "README.md": "# Shop\n",
  "src/price.ts":
    'import { round } from "./round.ts";\n\nexport function priceOf(net: number) {\n  return round(net * 2);\n}\n\nexport function taxOf(net: number) {\n  return net;\n}\n',
  "src/round.ts": "export function round(value: number) {\n  return Math.round(value);\n}\n",
  "src/order.ts":
    'import { priceOf } from "./price.ts";\n\nexport function untouched() {}\n\nexport function orderTotal() {\n  return priceOf(1);\n}\n',
  "src/voucher.ts": "export class VoucherBook {}\n",
  "test/kit/make.ts": "export function makeOrder() {}\n",
  "test/price.test.ts":
    'import { priceOf } from "../src/price.ts";\n\ntest("price", () => {\n  priceOf(1);\n});\n\ntest("other", () => {});\n',
  "test/zebra.test.ts": 'test("zebra", () => {});\n',
};

/** What every retrieval promises. */
export function retrievalContract(name: string, make: () => Promise<RetrievalWorld>): void {
  const asked = async (
    world: RetrievalWorld,
    files: Readonly<Record<string, string>>,
    more: Partial<RelatedQuestion> = {},
  ) => {
    const tree = await world.tree(files);
    const question: RelatedQuestion = {
      tree,
      indexed: tree,
      paths: ["src/price.ts"],
      text: "Round `priceOf` up and give it a VoucherBook",
      purpose: "code",
      room: 6000,
      ...more,
    };
    const parts = await world.open().related(question);
    return parts.map(({ relation, path, lines }) => `${relation} ${path}${lines ? `:${lines.from}-${lines.to}` : ""}`);
  };

  describe(`retrieval ${name}`, () => {
    test("outlines the code files of a tree with their top-level names", async () => {
      const world = await make();
      const outline = await world.open().outline(await world.tree(FILES));
      expect(outline.map((file) => file.path)).not.toContain("README.md");
      const price = outline.find((file) => file.path === "src/price.ts");
      expect(price?.chunks.map((chunk) => chunk.name)).toEqual(["priceOf", "taxOf"]);
    });

    test("whoever writes code sees imports, definitions by name, tests and callers of what is touched", async () => {
      expect(await asked(await make(), FILES)).toEqual([
        "fixture test/kit/make.ts",
        "imported src/round.ts",
        "definition src/voucher.ts:1-1",
        "test test/price.test.ts:3-5",
        "caller src/order.ts:5-7",
      ]);
    });

    test("whoever writes tests sees what tests stand on, and the test file that is nearest as an example", async () => {
      const told = await asked(await make(), FILES, { purpose: "tests" });
      expect(told).toContain("fixture test/kit/make.ts");
      expect(told).toContain("example test/price.test.ts");
      expect(told.join()).not.toMatch(/zebra|caller/);
    });

    test("what is shown already is not told again, and what is found by name keeps to its room", async () => {
      const world = await make();
      const paths = ["src/price.ts", "src/order.ts", "test/price.test.ts"];
      expect((await asked(world, FILES, { paths })).join()).not.toMatch(/order|price/);
      expect(await asked(world, FILES, { room: 0 })).toEqual(["fixture test/kit/make.ts", "imported src/round.ts"]);
    });

    test("a large repository is searched by words too; a file changed since the index is left to the names", async () => {
      const world = await make();
      const noise = Object.fromEntries(
        Array.from({ length: 80 }, (_one, at) => [
          `lib/n${at}.ts`,
          `export function other${at}() {\n  return ${at};\n}\n`,
        ]),
      );
      const far = { "lib/cents.ts": "/** Rounds cents half up. */\nexport function upwards() {\n  return 1;\n}\n" };
      const text = "cents are rounded half upwards";
      expect(await asked(world, { ...FILES, ...noise, ...far }, { text })).toContain("words lib/cents.ts:1-4");
      const indexed = await world.tree({ ...FILES, ...noise, ...far });
      const changed = { ...FILES, ...noise, "lib/cents.ts": "export const gone = 1;\n" };
      expect((await asked(world, changed, { text, indexed })).join()).not.toContain("cents");
    });

    test("the same question has the same answer, whatever was asked before", async () => {
      const world = await make();
      const noise = Object.fromEntries(
        Array.from({ length: 80 }, (_one, at) => [`lib/n${at}.ts`, `export function price${at % 7}(round) {}\n`]),
      );
      const tree = await world.tree({ ...FILES, ...noise });
      const question = { tree, indexed: tree, paths: [], text: "price round", purpose: "code", room: 9000 } as const;
      const used = world.open();
      await used.related({ ...question, tree: await world.tree(FILES), indexed: await world.tree(FILES) });
      await used.related({ ...question, text: "zebra" });
      expect(await used.related(question)).toEqual(await world.open().related(question));
    });

    test("a repository without code has nothing to tell", async () => {
      const world = await make();
      expect(await asked(world, { "README.md": "x" }, { paths: [] })).toEqual([]);
    });
  });
}
