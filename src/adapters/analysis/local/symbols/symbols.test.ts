import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { open } from "../../../../../test/kit/opened-analysis.ts";

let temp = "";
let modules = "";

/** Packages as npm would lay them out. */
const PACKAGES: Readonly<Record<string, string>> = {
  "esm/package.json": JSON.stringify({ name: "esm", exports: { ".": "./index.js", "./deep": "./deep.js" } }),
  "esm/index.js":
    'export const first = 1;\nexport * from "./deep.js";\nexport { other as renamed } from "./deep.js";\n',
  "esm/deep.js": "export const deep = 1;\nexport function other() {}\n",
  "cjs/package.json": JSON.stringify({ name: "cjs", main: "main" }),
  "cjs/main.js":
    'exports.one = 1;\nmodule.exports.two = 2;\nObject.assign;\n__exportStar(require("./more"), exports);\n',
  "cjs/more.js": "module.exports = { three() {}, four: 4 };\n",
  "moving/index.js": "for (const name of list) exports[name] = 1;\n",
  "typed/package.json": JSON.stringify({ name: "typed", types: "index.d.ts", main: "index.js" }),
  "typed/index.js": "module.exports = make();\n",
  "typed/index.d.ts":
    'export declare class Client { get(): void; }\nexport interface Options {}\nexport type { Late } from "./late";\n',
  "typed/late.d.ts": "export interface Late {}\n",
  "ambient/package.json": JSON.stringify({ name: "ambient", main: "index.js", types: "index.d.ts" }),
  "ambient/index.js": "export const drawn = 1;\n",
  "ambient/index.d.ts": 'declare module "ambient" {\n  export * from "folder";\n}\n',
  "folder/package.json": JSON.stringify({ name: "folder", main: "index.js", types: "types" }),
  "folder/index.js": "export const drawn = 1;\n",
  "folder/types/index.d.ts": "export * from './spec/index.js';\n",
  "folder/types/spec/index.d.ts": "export interface Spec {}\n",
  "assigned/package.json": JSON.stringify({ name: "assigned", types: "index.d.ts" }),
  "assigned/index.d.ts":
    "declare function assigned(): void;\ndeclare namespace assigned { function inner(): void; }\nexport = assigned;\n",
};

beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), "millwright-symbols-"));
  modules = join(temp, "node_modules");
  for (const [path, text] of Object.entries(PACKAGES)) {
    await mkdir(dirname(join(modules, path)), { recursive: true });
    await writeFile(join(modules, path), text);
  }
});
afterAll(() => rm(temp, { recursive: true, force: true }));

/** What the tool says of one file of a project, as `code: name -> suggestion`. */
async function said(path: string, text: string, more: Readonly<Record<string, string>> = {}) {
  const { analysis, tree } = await open({ dependencies: [{ source: modules, place: "node_modules" }] });
  const files = { "package.json": JSON.stringify({ name: "own", dependencies: { esm: "1" } }), ...more, [path]: text };
  const { diagnostics } = await analysis.diagnose("symbols", tree(files), [path]);
  return diagnostics.map(({ line, code, message }) => {
    const near = /Did you mean (\S+)\?/.exec(message)?.[1];
    return `${line} ${code}${near === undefined ? "" : ` -> ${near}`}`;
  });
}

const shop = {
  "src/shop.ts": `export interface Item { price: number }
export const prices = { list() {}, total() {} } as const;
export class Base { protected load() {} }
export class Shop extends Base { static open() { return new Shop(); } constructor(private readonly till: number) { super(); } sell() { this.load(); return this.till; } }
export default Shop;
`,
  "src/all.ts": 'export * from "./shop.js";\nexport { prices as costs } from "./shop.js";\n',
  "src/part.vue": "<template/>",
};

describe("imports of the project's own modules", () => {
  it.each([
    ['import { Shopp } from "./shop.js";', ["1 export-missing -> Shop"]],
    ['import { Shop, costs, type Item } from "./all";', []],
    ['import { Item, cost } from "./all.js";', ["1 export-missing -> costs"]],
    ['import shop from "./shop";\nimport all from "./all";', ["2 export-missing"]],
    ['import { a } from "./shopp";', ["1 module-missing -> src/shop.ts"]],
    ['import part, { anything } from "./part.vue";', []],
    ['export { Shop as Kiosk, stall } from "./shop";', ["1 export-missing"]],
    ['try { require("./gone"); } catch {}\nexport {};', []],
    ['import * as own from "./shop";\nown.prices.list(); own.pricess.list();', ["2 member-missing -> prices"]],
    ['import * as own from "./shop";\nif (own.maybe) own.maybe();', []],
  ])("%s -> %j", async (text, expected) => {
    expect(await said("src/a.ts", text, shop)).toEqual(expected);
  });

  it("follows aliases of tsconfig, and says when they lead nowhere", async () => {
    const config = { "tsconfig.json": '{\n // aliases\n "compilerOptions": { "paths": { "@/*": ["./src/*"] } },\n}' };
    const text = 'import { Shop } from "@/shop";\nimport { Sho } from "@/shop";\nimport { x } from "@/shelf";';
    expect(await said("src/a.ts", text, { ...shop, ...config })).toEqual([
      "2 export-missing -> Shop",
      "3 module-missing -> src/shop.ts",
    ]);
    expect(await said("src/a.ts", 'import { x } from "@/shelf";', shop)).toEqual([]);
  });

  it("leaves alone what a build makes, what a declaration speaks of, and workspaces", async () => {
    expect(await said("src/a.ts", 'import { x } from "../generated/x";', { ".gitignore": "generated/\n" })).toEqual([]);
    expect(
      await said("src/a.ts", 'import type { Spec } from "ambient"; import type { Spec as Other } from "folder";'),
    ).toEqual([]);
    expect(await said("src/a.ts", 'import { x } from "odd";', { "odd.d.ts": 'declare module "odd";' })).toEqual([]);
    const large =
      "export const a = (n: bigint) => (n === 0n ? 1 : 2);\nexport class A { b = 5n; c = 6n as const; d(e: 7n) { return this.b; } }";
    expect(await said("src/a.ts", large)).toEqual([]);
    const workspace = { "packages/b/package.json": '{"name":"@own/b","main":"dist/b.js"}' };
    expect(await said("src/a.ts", 'import { x } from "@own/b";', workspace)).toEqual([]);
  });
});

describe("packages", () => {
  it.each([
    ['import { first, deep, renamed } from "esm";', []],
    ['import { frist } from "esm";', ["1 package-export-missing -> first"]],
    ['import { deep } from "esm/deep";\nimport "esm/shallow";', ["2 package-module-missing"]],
    ['import { x } from "emss";', ["1 package-missing -> esm"]],
    ['import { one, two, three, four } from "cjs";', []],
    ['import cjs, { five } from "cjs";', ["1 package-export-missing"]],
    ['import { anything } from "moving";', []],
    ['import { Client, Options, Late } from "typed";', []],
    ['import { Klient } from "typed";', ["1 package-export-missing -> Client"]],
    [
      'import { Client } from "typed";\nconst one = new Client();\none.get(); one.gett();',
      ["3 package-member-missing -> get"],
    ],
    ['import { inner } from "assigned";\nimport { iner } from "assigned";', ["2 package-export-missing -> inner"]],
    [
      'import { readFile, readFiel } from "node:fs/promises";\nreadFile; readFiel();',
      ["1 package-export-missing -> readFile"],
    ],
    ['import type { PathLike } from "node:fs";\nimport { Stats, Weird } from "node:fs";\nlet a: Weird;', []],
    ['import path from "node:path";\npath.join(); path.joni();', ["2 package-member-missing -> join"]],
    ['import { x } from "node:fss";', ["1 package-missing -> node:fs"]],
  ])("%s -> %j", async (text, expected) => {
    expect(await said("src/a.ts", text)).toEqual(expected);
  });

  it("does not trust types alone where JavaScript asks", async () => {
    expect(await said("src/a.js", 'const { Klient } = require("typed");')).toEqual([]);
    expect(await said("src/a.js", 'const { five, one } = require("cjs");\nrequire("cjs").six();')).toEqual([
      "1 package-export-missing",
      "2 package-export-missing",
    ]);
  });

  it("lets types be declared where a package without declarations does not show them", async () => {
    const text =
      'import type { Shape } from "cjs";\nimport { six, type Sort } from "cjs";\nsix(1 as unknown as Shape as Sort);';
    expect(await said("src/a.ts", text)).toEqual(["2 package-export-missing"]);
  });

  it('leaves alone a file that says "export =", and one that is written before it is read', async () => {
    const whole = "function make() {}\nnamespace make { export interface Options {} }\nexport = make;\n";
    const text = 'import { Options } from "./make";\nimport { Option } from "./other";\nlet a: Options;';
    expect(await said("src/a.ts", text, { "src/make.ts": whole, "src/other.ts": "export const b = 1;\n" })).toEqual([
      "2 export-missing",
    ]);
    const written =
      'const { join } = require("node:path");\nmodule.write(join(__dirname, "made.js"));\nrequire("./made");\nrequire("./mad");';
    expect(await said("src/a.js", written)).toEqual(["4 module-missing -> src/a.js"]);
  });

  it("leaves alone what a build step or another run time gives", async () => {
    const text = 'require("node:module").findOtherWay?.();\nrequire("node:module").createRequir("a");\nawslambda.go();';
    expect(await said("src/a.js", text)).toEqual(["2 package-export-missing -> createRequire"]);
    const whole = 'import * as Made from "./made";\nimport * as Other from "./other";\nMade.open(); Other.open();';
    const more = { "src/made.js": "export default { open() {} };\n", "src/other.js": "export const shut = 1;\n" };
    expect(await said("src/a.js", whole, more)).toEqual(["3 member-missing"]);
  });

  it("takes a member of Node that is looked at before it is called for one of a newer Node", async () => {
    const text = 'import zlib from "node:zlib";\nif (isFunction(zlib.newWay)) zlib.newWay();\nzlib.gziip();';
    expect(await said("src/a.js", `function isFunction() {}\n${text}`)).toEqual(["4 package-member-missing -> Gzip"]);
  });

  it("knows nothing of packages that are in the manifest and not installed", async () => {
    const { analysis, tree } = await open();
    const files = { "package.json": '{"dependencies":{"left":"1"}}', "a.ts": 'import "left"; import "right";' };
    expect((await analysis.diagnose("symbols", tree(files), ["a.ts"])).diagnostics).toEqual([]);
  });
});

describe("members and names", () => {
  it.each([
    ['import { prices, Shop } from "./shop";\nprices.list(); prices.lst(); Shop.open(); Shop.opn();', [2, 2]],
    ['import Shop from "./shop";\nconst shop = new Shop(1);\nshop.sell(); shop.load(); shop.sel();', [3]],
    [
      "export class A { a() { this.b(); this.c?.(); } private b() {} }\nexport class B { a() { this.bb(); } b() {} }",
      [2],
    ],
    ["export const a = Math.maximum(1), b = JSON.parse(''), c = Array.isArray([]);", [1]],
    ["export const a = Reflect.getMetadata('a', 1), b = Reflect.getMetadta('a', 1);", [1]],
    ["const m = new Map();\nexport const a = m.getOrDefault(1) ?? m.get(1);", [2]],
    ["export const a = undeclared(1);\nexport const b = typeof maybe === 'string' ? maybe : window.name;", [1]],
    ["export function f(a: Missing) { return <T>(b: T) => b; }\nlabel: for (;;) break label;", []],
    ["/* global known */\nexport const a = known, b = describe, c = vi, d = Bun;", []],
    ["const a = unknownOfScripts();", []],
    ["class A { #x() {} y() { this.#x(); } }\nexport { A };", []],
  ])("%s -> lines %j", async (text, lines) => {
    const found = await said("src/a.ts", text, shop);
    expect(found.map((one) => Number(one.split(" ")[0]))).toEqual(lines);
  });

  it("says where it looked, and what was meant", async () => {
    const { analysis, tree } = await open();
    const files = { ...shop, "package.json": "{}", "src/a.ts": 'import { Shopp } from "./all";' };
    const { diagnostics, tools } = await analysis.diagnose("symbols", tree(files), ["src/a.ts"]);
    expect(tools).toEqual(["symbols (javascript)"]);
    expect(diagnostics[0]?.message).toBe("`./all` (src/all.ts) does not export `Shopp`. Did you mean Shop?");
  });

  it("can be switched off", async () => {
    const { analysis, tree } = await open({ config: { symbols: "off" } });
    const report = await analysis.diagnose("symbols", tree({ "a.ts": "export const a = b;" }), ["a.ts"]);
    expect(report).toEqual({ tools: [], diagnostics: [] });
  });
});
