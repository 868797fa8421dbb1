import { describe, expect, test } from "vitest";
import { correction } from "../../../../test/kit/corrections.ts";
import type { Does } from "../../../domain/correction-file.ts";
import { correctWith } from "./correct-with.ts";

const replace = (pattern: string, by: string): Does => ({
  kind: "rule",
  rule: { pattern },
  operations: [{ kind: "replace", with: by }],
});
const named = (id: string, does: Does) => correction({ id, does });
const fresh = (after: string, path = "app/a.py") => ({ path, base: undefined, after });

describe("several corrections", () => {
  test("are applied in the order of their files, whatever order they come in", async () => {
    const both = [named("b", replace("two()", "three()")), named("a", replace("one()", "two()"))];
    const made = await correctWith(both).correct([fresh("one()\n")], "");
    expect(made.files[0]?.after).toBe("three()\n");
    expect(made.applied.map(({ correction: id }) => id)).toEqual(["a", "b"]);
    expect(correctWith(both).active.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  test("that lead to one another come to rest, and are no fight", async () => {
    const both = [named("a", replace("two()", "three()")), named("b", replace("one()", "two()"))];
    const { correct } = correctWith(both);
    const made = await correct([fresh("one()\n")], "");
    expect(made.files[0]?.after).toBe("three()\n");
    expect(made.notes).toEqual([]);
    expect((await correct(made.files, "")).applied).toEqual([]);
  });

  test("that undo each other are seen: the later one is left out of that file, and it is said", async () => {
    const both = [named("a", replace("one()", "two()")), named("b", replace("two()", "one()"))];
    const { correct } = correctWith(both);
    const made = await correct([fresh("one()\n"), fresh("two()\n", "app/b.py"), fresh("three()\n", "app/c.py")], "");
    expect(made.files.map(({ after }) => after)).toEqual(["two()\n", "two()\n", "three()\n"]);
    expect(made.notes).toContain("The corrections a and b undo each other in app/a.py: b was left out there.");
    expect(made.notes).toHaveLength(2);
    expect((await correct(made.files, "")).files).toEqual(made.files);
  });

  test("a result that the language does not take is left, and it is said", async () => {
    const made = await correctWith([named("breaks", replace("f($A)", "f($A"))]).correct([fresh("f(1)\n")], "");
    expect(made.files[0]?.after).toBe("f(1)\n");
    expect(made.applied).toEqual([]);
    expect(made.notes).toEqual(["The correction breaks was left out of app/a.py: the file would no longer be valid."]);
  });

  test("one that never settles is left, and it is said", async () => {
    const made = await correctWith([named("grows", replace("f($A)", "f(f($A))"))]).correct([fresh("f(1)\n")], "");
    expect(made.files[0]?.after).toBe("f(1)\n");
    expect(made.notes[0]).toContain("it changes its own result again and again");
  });

  test("a rule that cannot be used is left, and does not end a run", async () => {
    const wrong: Does = { kind: "rule", rule: { kind: "no_such_kind" }, operations: [{ kind: "remove" }] };
    const made = await correctWith([named("wrong", wrong)]).correct([fresh("f(1)\n")], "");
    expect(made.notes[0]).toMatch(/wrong was left out of app\/a\.py: it cannot be used: .*no_such_kind/);
  });

  test("leave alone what is deleted, unchanged, of another language, or named by no glob", async () => {
    const does = replace("one()", "two()");
    const { correct } = correctWith([correction({ id: "a", does, files: ["app/**", "!app/old/**"] })]);
    const files = [
      { path: "app/a.py", base: "one()\n", after: null },
      { path: "app/b.py", base: "one()\n", after: "one()\n" },
      fresh("one()\n", "app/c.js"),
      fresh("one()\n", "lib/d.py"),
      fresh("one()\n", "app/old/e.py"),
      fresh("one(\n", "app/broken.py"),
    ];
    expect(await correct(files, "")).toEqual({ files, applied: [], changes: [], findings: [], notes: [] });
  });

  test("count the places, file by file", async () => {
    const made = await correctWith([named("a", replace("one()", "two()"))]).correct(
      [fresh("one()\none()\n"), fresh("one()\n", "app/b.py")],
      "",
    );
    expect(made.applied).toEqual([
      { correction: "a", path: "app/a.py", times: 2 },
      { correction: "a", path: "app/b.py", times: 1 },
    ]);
  });

  test("refuse paths: new ones, deleted ones, any that change", async () => {
    const reject = (only?: "new" | "deleted") =>
      correctWith([
        correction({
          id: "no",
          does: { kind: "reject-path", message: "Not here.", ...(only && { only }) },
          languages: [],
          files: ["src/*.js"],
        }),
      ]);
    const files = [
      fresh("", "src/new.js"),
      { path: "src/gone.js", base: "", after: null },
      { path: "src/x.js", base: "", after: "1" },
    ];
    const refused = async (only?: "new" | "deleted") =>
      (await reject(only).correct([...files, fresh("", "lib/a.js")], "")).findings.map(({ path }) => path);
    expect(await refused()).toEqual(["src/new.js", "src/gone.js", "src/x.js"]);
    expect(await refused("new")).toEqual(["src/new.js"]);
    expect(await refused("deleted")).toEqual(["src/gone.js"]);
  });
});
