import { describe, expect, test } from "vitest";
import { correction } from "../../../../test/kit/corrections.ts";
import { open, ourPackages } from "../../../../test/kit/opened-analysis.ts";
import type { Does } from "../../../domain/correction-file.ts";
import { digestOf } from "../../../domain/digest.ts";
import { outlineOf } from "../../../domain/outline.ts";
import { StepFailure } from "../../../domain/step-failure.ts";
import type { Layer } from "../../../domain/work.ts";
import { correctWith } from "./correct-with.ts";
import type { CorrectionTools } from "./ground.ts";

type Files = Readonly<Record<string, string>>;

/** A project in memory with the real tools that look at it. */
async function project(files: Files, config: object = {}) {
  const { analysis, git, tree } = await open({ dependencies: ourPackages, config });
  const blobs = new Map<string, string>();
  const filesOf = async (id: string) => {
    const listed = await git.list(id);
    return Object.fromEntries(
      await Promise.all(listed.map(async ({ path, blob }) => [path, await git.readBlob(blob)] as const)),
    );
  };
  const tools: CorrectionTools = {
    git: {
      read: git.read,
      writeBlob: async (text) => {
        blobs.set(digestOf(text), text);
        return digestOf(text);
      },
      layOver: async (base, layer: Layer = []) => {
        const laid: Record<string, string> = await filesOf(base);
        for (const { path, blob } of layer) if (blob !== null) laid[path] = blobs.get(blob) ?? "";
        return tree(laid);
      },
    },
    analysis,
    retrieval: {
      outline: async (id) => Object.entries(await filesOf(id)).map(([path, text]) => outlineOf(path, text)),
    },
  };
  return { tools, base: tree(files) };
}

async function fixed(does: Does, files: Files, proposed: { path: string; after: string; base?: string }) {
  const { tools, base } = await project(files);
  const languages = proposed.path.endsWith(".py") ? (["python"] as const) : (["typescript", "javascript"] as const);
  const { correct } = correctWith([correction({ does, languages: [...languages] })], tools);
  const made = await correct([{ base: undefined, ...proposed }], base);
  const again = await correct(made.files, base);
  expect(again.applied).toEqual([]);
  return made.files[0]?.after;
}

const SPELLING: Does = { kind: "quick-fix", fixes: ["spelling"] };
const IMPORT: Does = { kind: "quick-fix", fixes: ["import"] };
const SHOP = {
  "package.json": '{"name":"own","type":"module"}',
  "src/shop.ts": "export const prices = { total() {} } as const;\nexport class Shop {}\n",
};

describe("a quick fix of the project's own tools", () => {
  test("spells an imported name right, wherever the file uses it", async () => {
    const after = 'import { Shopp } from "./shop.ts";\n\nconst Other = { Shopp };\nnew Shopp();\nf.Shopp;\n';
    expect(await fixed(SPELLING, SHOP, { path: "src/a.ts", after })).toBe(
      'import { Shop } from "./shop.ts";\n\nconst Other = { Shopp: Shop };\nnew Shop();\nf.Shopp;\n',
    );
  });

  test("spells a member right, and leaves a variable of that name", async () => {
    const after = 'import { prices } from "./shop.ts";\n\nexport const totl = prices.totl();\n';
    expect(await fixed(SPELLING, SHOP, { path: "src/a.ts", after })).toContain("export const totl = prices.total();");
  });

  test("leaves lines that stood there, and names without a suggestion", async () => {
    const base = 'import { Shopp } from "./shop.ts";\n';
    const after = `${base}new Shopp();\n`;
    expect(await fixed(SPELLING, SHOP, { path: "src/a.ts", base, after })).toBe(after);
    const far = 'import { Zebra } from "./shop.ts";\n';
    expect(await fixed(SPELLING, SHOP, { path: "src/a.ts", after: far })).toBe(far);
  });

  test("imports a name that one module offers, and none that several do", async () => {
    const after = 'import { prices } from "./shop.ts";\n\nnew Shop(prices);\n';
    expect(await fixed(IMPORT, SHOP, { path: "src/a.ts", after })).toBe(
      'import { prices, Shop } from "./shop.ts";\n\nnew Shop(prices);\n',
    );
    expect(await fixed(IMPORT, { ...SHOP, "src/b.ts": "export class Shop {}\n" }, { path: "src/a.ts", after })).toBe(
      after,
    );
  });

  test("in Python: spelling and import", async () => {
    const files = { "app/__init__.py": "", "app/database.py": "def get_db():\n    yield 1\n" };
    const wrong = "from app.database import get_bd\n\n\nx = get_bd()\n";
    expect(await fixed(SPELLING, files, { path: "app/a.py", after: wrong })).toBe(
      "from app.database import get_db\n\n\nx = get_db()\n",
    );
    expect(await fixed(IMPORT, files, { path: "app/a.py", after: "x = get_db()\n" })).toBe(
      "from app.database import get_db\n\n\nx = get_db()\n",
    );
  });

  test("writes what TypeScript suggests, where its codes are asked for", async () => {
    const files = {
      ...SHOP,
      "tsconfig.json":
        '{"compilerOptions":{"strict":true,"noEmit":true,"module":"nodenext","allowImportingTsExtensions":true,"types":[]},"include":["src"]}',
      "src/todo.ts": "export interface Todo { readonly title: string }\n",
    };
    const after = 'import type { Todo } from "./todo.ts";\n\nexport const f = (todo: Todo) => todo.titel;\n';
    const does: Does = { kind: "quick-fix", fixes: ["spelling"], codes: ["TS2551"] };
    expect(await fixed(does, files, { path: "src/a.ts", after })).toBe(after.replace("titel", "title"));
    expect(await fixed(SPELLING, files, { path: "src/a.ts", after })).toBe(after);
  });

  test("does nothing without tools, and says when they cannot look", async () => {
    const one = correction({ does: SPELLING, languages: ["typescript"] });
    const file = { path: "src/a.ts", base: undefined, after: "x\n" };
    expect(await correctWith([one]).correct([file], "")).toMatchObject({ applied: [], notes: [] });
    const { tools, base } = await project(SHOP);
    const failing = async () => {
      throw new StepFailure("no compiler", { code: "tool-cannot-run", remedy: "stop", hint: "" });
    };
    const made = await correctWith([one], { ...tools, analysis: { diagnose: failing } }).correct([file], base);
    expect(made.notes).toEqual([
      "The correction one was left out of src/a.ts: nothing could be looked up: no compiler.",
    ]);
  });
});
