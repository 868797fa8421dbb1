import { describe, expect, test } from "vitest";
import { digestOf } from "./digest.ts";
import { readSpec } from "./spec-reading.ts";
import { InputError } from "./step-failure.ts";

describe("a spec", () => {
  test.each([
    ["# Todo app\n\nA list.", "Todo app"],
    ["Intro first.\n\n## The `list` ##\n", "The list"],
    ["Title\n=====\n\nText", "Title"],
    ["Make the button blue", "Make the button blue"],
    ["\uFEFF# With a mark\r\n\r\nText", "With a mark"],
    ["<!-- draft -->\n\n# Hidden comment", "Hidden comment"],
    [`# ${"long ".repeat(60)}`, /^long .*…$/],
  ])("%j has a title", (text, title) => {
    expect(readSpec(text).title).toEqual(typeof title === "string" ? title : expect.stringMatching(title));
  });

  test("keeps its text, its path and the digest of its text", () => {
    const spec = readSpec("Make it blue", "specs/a.md");
    expect(spec).toEqual({
      title: "Make it blue",
      text: "Make it blue",
      digest: digestOf("Make it blue"),
      path: "specs/a.md",
    });
    expect("path" in readSpec("Make it blue")).toBe(false);
  });

  test("ANSI colours and form feeds in a text do not make it binary", () => {
    expect(
      readSpec("The prompt is \u001b[32mgreen\u001b[0m in the terminal, as it was in every version before this one\f")
        .title,
    ).toContain("prompt");
  });

  test.each([
    ["", "is empty"],
    [" \n\t\n", "is empty"],
    ["<!-- todo -->", "is empty"],
    ["---\n***\n", "holds no word"],
    ["PNG\0\0\0text", "binary"],
    ["\uFFFD\uFFFDPK\u0003\u0004\uFFFD some text", "not readable text"],
    [`# Big\n${"x".repeat(5 * 1024 * 1024)}`, "has 5.0 MiB"],
    [`# Big\n${"日".repeat(400_000)}`, "Split it by subject"],
  ])("case %# is refused with what to do", (text, expected) => {
    const read = () => readSpec(text, "specs/a.md");
    expect(read).toThrow(InputError);
    expect(read).toThrow(expected);
    expect(read).toThrow("specs/a.md");
  });
});
