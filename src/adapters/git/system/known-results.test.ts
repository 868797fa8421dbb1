import { expect, test } from "vitest";
import { knownResults } from "./known-results.ts";

function counter() {
  const asked: string[] = [];
  const find = (key: string) => async () => {
    asked.push(key);
    return key.toUpperCase();
  };
  return { asked, find };
}

test("a question is asked once while its answer is among the last", async () => {
  const known = knownResults<string>(2);
  const { asked, find } = counter();
  for (const key of ["a", "b", "a", "c", "a", "b"]) expect(await known(key, find(key))).toBe(key.toUpperCase());
  expect(asked).toEqual(["a", "b", "c", "b"]);
});

test("two that ask at once share the answer", async () => {
  const known = knownResults<string>(2);
  const { asked, find } = counter();
  expect(await Promise.all([known("a", find("a")), known("a", find("a"))])).toEqual(["A", "A"]);
  expect(asked).toEqual(["a"]);
});

test("a failure is no answer", async () => {
  const known = knownResults<string>(2);
  await expect(known("a", () => Promise.reject(new Error("disk")))).rejects.toThrow("disk");
  expect(await known("a", async () => "now")).toBe("now");
});
