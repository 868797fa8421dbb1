import { describe, expect, it } from "vitest";
import { javaScriptCases } from "./cases-javascript.ts";
import { pythonCases } from "./cases-python.ts";

const javaScript = async (body: string) => {
  const { cases } = await javaScriptCases("a.test.js", `import { test } from "node:test";\ntest("AC1 a", ${body});\n`);
  return cases[0]?.asserts;
};
const python = async (...lines: readonly string[]) => {
  const { cases } = await pythonCases(`def test_ac1(client):\n${lines.map((line) => `    ${line}\n`).join("")}`);
  return cases[0]?.asserts;
};

describe("what a JavaScript test asserts", () => {
  it.each([
    ["() => { expect(sum(1)).toBe(2); }", { values: 1, anyError: 0, floating: 0 }],
    ["() => { expect(sum(1)).to.be.true; }", { values: 1, anyError: 0, floating: 0 }],
    ["() => { assert.equal(sum(1), 2); assert(sum(1)); }", { values: 2, anyError: 0, floating: 0 }],
    ["() => { sum(1).should.equal(2); }", { values: 1, anyError: 0, floating: 0 }],
    ["async () => { await request(app).get('/').expect(200); }", { values: 1, anyError: 0, floating: 0 }],
    ["() => { sum(1); }", { values: 0, anyError: 0, floating: 0 }],
    ["() => { expect(() => sum(1)).toThrow(); }", { values: 0, anyError: 1, floating: 0 }],
    ["async () => { await expect(sum(1)).rejects.toThrow(); }", { values: 0, anyError: 1, floating: 0 }],
    ["() => { assert.throws(() => sum(1)); }", { values: 0, anyError: 1, floating: 0 }],
    ["() => { expect(() => sum(1)).not.toThrow(); }", { values: 1, anyError: 0, floating: 0 }],
    ["() => { expect(() => sum(1)).toThrow(RangeError); }", { values: 1, anyError: 0, floating: 0 }],
    ["() => { assert.throws(() => sum(1), /no/); }", { values: 1, anyError: 0, floating: 0 }],
    ["() => { sum(1).then((it) => expect(it).toBe(2)); }", { values: 0, anyError: 0, floating: 1 }],
    ["() => sum(1).then((it) => expect(it).toBe(2))", { values: 1, anyError: 0, floating: 0 }],
    ["async () => { await sum(1).then((it) => expect(it).toBe(2)); }", { values: 1, anyError: 0, floating: 0 }],
    ["() => { return sum(1).then((it) => expect(it).toBe(2)); }", { values: 1, anyError: 0, floating: 0 }],
  ])("%s", async (body, asserts) => {
    expect(await javaScript(body)).toMatchObject(asserts);
  });

  it.each([
    ["() => { const cart = new Cart(); cart.add(1); }", ["Cart"]],
    ["() => { const { value } = sum(JSON.parse('1')); value.toFixed(); }", ["sum"]],
    ["() => { checkSum(sum(1)); }", ["checkSum", "sum"]],
    ["() => { const check = () => sum(1); check(); }", ["sum", "check"]],
    ["() => { (0, sum)(1); }", ["?"]],
  ])("%s calls %j", async (body, calls) => {
    expect((await javaScript(body))?.calls.toSorted()).toEqual(calls.toSorted());
  });

  it("is not said where a context or a callback may hear of it", async () => {
    expect(await javaScript("(t) => { t.is(sum(1), 2); }")).toBeUndefined();
    expect(await javaScript("(done) => { sum(1).then(() => done()); }")).toBeUndefined();
  });
});

describe("what a Python test asserts", () => {
  it("is its assert statements, calls of unittest and of pytest", async () => {
    expect(await python("assert total(1) == 2")).toMatchObject({ values: 1, anyError: 0, calls: ["total"] });
    expect(await python("self.assertEqual(total(1), 2)")).toMatchObject({ values: 1 });
    expect(await python("with pytest.raises(ValueError):", "    total(0)")).toMatchObject({ values: 1, anyError: 0 });
    expect(await python('with pytest.raises(Exception, match="no"):', "    total(0)")).toMatchObject({ values: 1 });
  });

  it("is nothing, or any error", async () => {
    expect(await python("total(1)")).toEqual({ values: 0, anyError: 0, floating: 0, calls: ["total"] });
    expect(await python("with pytest.raises(Exception):", "    total(0)")).toMatchObject({ values: 0, anyError: 1 });
    const named = await python("with pytest.raises(Exception) as caught:", "    total(0)", "check(caught)");
    expect(named).toMatchObject({ values: 1, anyError: 0 });
  });

  it("may be what a fixture or a helper checks", async () => {
    expect(await python('client.post("/todos")')).toMatchObject({ values: 0, calls: ["client"] });
    expect(await python("cart = Cart()", "cart.add(1)")).toMatchObject({ values: 0, calls: ["Cart"] });
    expect(await python("self.check(1)")).toMatchObject({ calls: ["self"] });
  });
});
