import { describe, expect, it } from "vitest";
import { isStubFailure, stubFiles, stubSources } from "./stubs.ts";

const stub = (create: string, texts: Readonly<Record<string, string>> = {}) => {
  const plan = stubFiles([create], new Map(Object.entries(texts)), "throw");
  return { ...plan, text: plan.files.get(create.split("#")[0] ?? "") };
};

describe("stubs", () => {
  it.each([
    ["src/a.ts#price", "export function price("],
    ["src/a.tsx#default", "export default function ("],
    ["src/a.mjs#price", "export function price("],
    ["src/a.cjs#price", "module.exports.price = function ("],
    ["src/a.py#price", "def price("],
  ])("stand in for %s", (create, text) => {
    expect(stub(create).text).toContain(text);
    expect(stub(create).made).toEqual([create]);
  });

  it("are impossible in a language that is not known, and for declarations", () => {
    expect(stub("src/a.go#Price").impossible).toEqual(["src/a.go#Price"]);
    expect(stub("src/a.d.ts#Price").impossible).toEqual(["src/a.d.ts#Price"]);
  });

  it.each([
    ["src/a.ts", "export const price = 1;"],
    ["src/a.ts", "export {\n  // all of them\n  other,\n  cost as price,\n} from './b.js';"],
    ["src/a.ts", "export const { other, price } = make();"],
    ["src/a.ts", "export abstract class price {}"],
    ["src/a.cjs", "module.exports = { other, price };"],
    ["src/a.cjs", "exports.price = 1;"],
    ["src/a.py", "from .b import (\n    other,\n    price,\n)"],
    ["src/a.py", "price: int = 1"],
    ["src/a.py", "async def price(): ..."],
  ])("leave alone what %s offers: %s", (path, text) => {
    expect(stub(`${path}#price`, { [path]: text }).made).toEqual([]);
  });

  it.each([
    ["a parameter of that name", "export function cost(price: number) {}"],
    ["a longer name", "export const pricey = 1;"],
    ["an export under another name", "export { price as cost };"],
  ])("are added beside %s", (_name, text) => {
    const { text: now } = stub("src/a.ts#price", { "src/a.ts": text });
    expect(now?.startsWith(text)).toBe(true);
    expect(now).toContain("price");
    expect(stub("src/a.ts#price", { "src/a.ts": text }).made).toHaveLength(1);
  });

  it("do not declare twice what the file has for itself", () => {
    const { text } = stub("src/a.ts#price", { "src/a.ts": "function price() { return 1; }\n" });
    expect(text).toContain("export { millwrightStub_price as price };");
    expect(text).not.toContain("function price(...");
  });

  it("speak the module system of the file, the manifest or the neighbours", () => {
    const common = "module.exports.price";
    expect(stub("src/a.js#price", { "package.json": '{ "name": "x" }' }).text).toContain(common);
    expect(stub("src/a.js#price", { "package.json": '{ "type": "module" }' }).text).toContain("export function");
    expect(stub("src/a.js#price", { "src/b.js": "const x = require('x');" }).text).toContain(common);
    const transpiled = { "package.json": "{}", "src/b.js": "import x from 'x';\nexport const b = 1;" };
    expect(stub("src/a.js#price", transpiled).text).toContain("export function");
    expect(stub("src/a.js#price", { "src/a.js": "exports.other = 1;" }).text).toContain(common);
  });

  it("ask for the files that tell which one it is", () => {
    const listed = ["package.json", "src/b.js", "src/c.ts", "lib/d.js"];
    expect(stubSources(["src/a.js#price", "src/x.ts#y"], listed)).toEqual([
      "src/a.js",
      "src/x.ts",
      "package.json",
      "src/b.js",
    ]);
  });

  it("are known by the failures that they cause", () => {
    const thrown = stub("src/a.ts#price").text?.match(/throw new Error\("(.*)"\)/)?.[1] ?? "";
    const by = (message: string, kind: "error" | "syntax" | "missing-name" | "missing-module" = "error") =>
      isStubFailure({ kind, message }, ["price", "$rate"]);
    expect([by(thrown), by("m.price.parse is not a function"), by("(0 , $rate) is not iterable")]).toEqual([
      true,
      true,
      true,
    ]);
    expect([by(thrown, "syntax"), by("pricey.parse is not a function"), by("other is not a function")]).toEqual([
      false,
      false,
      false,
    ]);
    // A test file often has the name of what it tests.
    const lost = "Cannot find package 'sinon' imported from /target/test/price.test.js";
    expect([by(lost, "missing-module"), by(lost), by("zzz is not defined, /target/test/price.test.js:3")]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
