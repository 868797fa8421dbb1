import { describe, expect, test } from "vitest";
import { becomes } from "../../../test/kit/corrections.ts";
import { atomsBetween } from "../../domain/learn-atoms.ts";
import type { LearnedCase } from "../../domain/learn-cases.ts";
import { type Draft, draftsOf } from "../../domain/learn-drafts.ts";
import { parseText } from "./parse-text.ts";

/** What tests that were set aside suggest beside those that landed: text by text, of a task each. */
async function learned(...told: readonly (readonly [refused: string, landed: string])[]): Promise<readonly Draft[]> {
  const seen = [];
  for (const [at, [refused, landed]] of told.entries()) {
    const path = `tests/test_${at}.py`;
    const [before, after] = [await parseText(path, refused), await parseText(path, landed)];
    if (!before || !after) throw new Error(path);
    const finding = { rule: "green/fails", answers: "developer", message: "It fails.", path } as const;
    const refusal = { gate: "green", findings: [finding] };
    const of: LearnedCase = {
      ...{ id: `r1/T${at}/tester/1`, run: "r1", task: `T${at}`, path, refusal },
      ...{ refused: before, landed: after },
    };
    for (const atom of atomsBetween(before, after)) seen.push({ of, atom });
  }
  return draftsOf(seen);
}

const OWN = "from fastapi.testclient import TestClient\n\nfrom app.main import app\n\nclient = TestClient(app)\n\n\n";
const does = (drafts: readonly Draft[], title: string) => {
  const draft = drafts.find((one) => one.title === title);
  if (draft === undefined) throw new Error(drafts.map((one) => one.title).join("\n"));
  return draft.does;
};

describe("tests that were set aside", () => {
  const body = (name: string) => `    response = client.get("/${name}")\n    assert response.status_code == 200\n`;
  const ownClient = (name: string, others = "") =>
    [
      `${OWN}def test_${name}(${others}):\n${body(name)}`,
      `def test_${name}(${["client", others].filter(Boolean).join(", ")}):\n${body(name)}`,
    ] as const;

  test("with a client of their own suggest the fixture, and every part that went with it", async () => {
    const drafts = await learned(ownClient("list"), ownClient("read"), ownClient("count"));
    expect(drafts.map(({ title }) => title).sort()).toEqual([
      "a test that uses client takes it",
      "no client = TestClient(app)",
      "no import from app.main",
      "no import from fastapi.testclient",
    ]);
    const where = { path: "tests/test_x.py" };
    const rest = `from app.models import Todo\n\n\ndef test_x():\n${body("x")}`;
    let text = OWN + rest;
    for (const draft of drafts) text = await becomes(draft.does, text, where);
    expect(text.split("\n").filter((line) => /client =|import/.test(line))).toEqual(["from app.models import Todo"]);
    expect(drafts.every(({ files }) => files.join() === "tests/*.py")).toBe(true);
  });

  test("take a fixture in functions of tests that use its name, before what they take already", async () => {
    const drafts = await learned(ownClient("list"), ownClient("read", "tmp_path"), ownClient("count"));
    const fixture = does(drafts, "a test that uses client takes it");
    const where = { path: "tests/test_x.py" };
    expect(await becomes(fixture, `def test_x():\n${body("x")}`, where)).toBe(`def test_x(client):\n${body("x")}`);
    expect(await becomes(fixture, `def test_x(a, b=1):\n${body("x")}`, where)).toContain("test_x(client, a, b=1):");
    for (const other of [
      `def test_x(client):\n${body("x")}`,
      "def test_x():\n    assert add(1) == 2\n",
      `def read():\n${body("x")}`,
    ])
      expect(await becomes(fixture, other, where)).toBe(other);
  });

  test("with a wrong number suggest the right one behind the same call, and nowhere else", async () => {
    const put = (name: string, status: number, call = "client.put") =>
      `def test_${name}(client):\n    made = client.post("/${name}")\n    assert made.status_code == 201\n` +
      `    response = ${call}("/${name}/1", json={})\n    assert response.status_code == ${status}\n    assert response.json() == 201\n`;
    const cases = ["a", "b", "c"].map((name) => [put(name, 201), put(name, 200)] as const);
    const drafts = await learned(...cases);
    expect(drafts.map(({ title }) => title)).toEqual(["200 instead of 201 behind client.put"]);
    const number = does(drafts, "200 instead of 201 behind client.put");
    const where = { path: "tests/test_x.py" };
    expect(await becomes(number, put("x", 201), where)).toBe(put("x", 200));
    expect(await becomes(number, put("x", 201, "client.post"), where)).toBe(put("x", 201, "client.post"));
    const other = await learned(...cases.slice(1), [put("d", 201, "client.patch"), put("d", 200, "client.patch")]);
    expect(other.map((draft) => draft.does.kind)).toEqual(["replace-literal"]);
  });
});
