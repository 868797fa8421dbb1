import { describe, expect, it } from "vitest";
import { readRulesBlock, ruleLine, rulesIn, withRules } from "./rules-block.ts";

const one = {
  line: ruleLine({ id: "0123456789ab", sentence: "Look it up.", evidence: "3 times", date: "2026-11-21" }),
};
const two = {
  line: ruleLine({ id: "ba9876543210", sentence: "Look again.", evidence: "4 times", date: "2026-11-22" }),
};

describe("the managed block of an AGENTS.md", () => {
  it("is made at the end of the file, and read back", () => {
    const text = withRules("# Ours\n\nTabs, never spaces.\n", [one, two]);
    expect(text.startsWith("# Ours\n\nTabs, never spaces.\n\n<!-- millwright:rules begin")).toBe(true);
    expect(text.endsWith("<!-- millwright:rules end -->\n")).toBe(true);
    expect(rulesIn(text)).toEqual([
      { id: "0123456789ab", date: "2026-11-21", ...one },
      { id: "ba9876543210", date: "2026-11-22", ...two },
    ]);
  });

  it.each([
    ["with unix line ends", "\n"],
    ["with windows line ends", "\r\n"],
  ])("is replaced in the middle of a file %s, and not a byte around it changes", (_name, ends) => {
    const [before, after] = [`\u{FEFF}# Ours  ${ends}${ends}`, `${ends}## Later \t${ends}no end of line`];
    const first = withRules(`${before}<<>>`, [one])
      .replace(`<<>>${ends}${ends}`, "")
      .replace(new RegExp(`${ends}$`), "");
    const text = withRules(first + after, [two, one]);
    expect(text.startsWith(before)).toBe(true);
    expect(text.endsWith(`<!-- millwright:rules end -->${after}`)).toBe(true);
    expect(rulesIn(text).map(({ id }) => id)).toEqual(["ba9876543210", "0123456789ab"]);
    expect(ends === "\r\n" ? text.replaceAll("\r\n", "") : text).not.toContain(ends === "\r\n" ? "\n" : "\r");
    expect(withRules(text, [two, one])).toBe(text);
  });

  it("of an empty file is the whole file; without rules only its marks stay", () => {
    expect(withRules("", [one]).startsWith("<!-- millwright:rules begin")).toBe(true);
    expect(rulesIn(withRules(withRules("", [one]), []))).toEqual([]);
  });

  it.each([
    ["begins twice", (block: string) => block + block],
    ["does not end", (block: string) => block.replace("<!-- millwright:rules end -->", "")],
    ["ends before it begins", (block: string) => `<!-- millwright:rules end -->\n${block}`],
    ["ends twice", (block: string) => `${block}<!-- millwright:rules end -->\n`],
  ])("that %s is broken, and nothing is written", (_name, broken) => {
    const text = broken(withRules("", [one]));
    const found = readRulesBlock(text);
    expect(found.kind).toBe("broken");
    expect(() => withRules(text, [two])).toThrow(/marks of the rules block/);
  });

  it("is still read when makers were told only its beginning", () => {
    const text = withRules("# Ours\n", [one, two]);
    expect(rulesIn(text.slice(0, text.indexOf("Look again"))).map(({ id }) => id)).toEqual(["0123456789ab"]);
  });
});
