import { describe, expect, test } from "vitest";
import { plain, plainJson, plainLine } from "./plain.ts";

const esc = "\u001b";

describe("what a terminal may be shown", () => {
  test.each([
    ["colours", `${esc}[1;31mred${esc}[0m`, "red"],
    ["cursor movement and erasing", `a${esc}[2J${esc}[10;20Hb${esc}[?25l`, "ab"],
    ["a window title", `${esc}]0;owned\u0007after`, "after"],
    ["a link", `${esc}]8;;http://evil${esc}\\text${esc}]8;;${esc}\\`, "text"],
    ["the clipboard", `${esc}]52;c;cm0gLXJm\u0007x`, "x"],
    ["a device string", `${esc}P$qm${esc}\\x`, "x"],
    ["an eight-bit sequence", "\u009b31mred\u009d0;t\u009cend", "redend"],
    ["an unfinished sequence", `safe ${esc}[31`, "safe 31"],
    ["an unfinished string, which hides nothing", `${esc}]0;the text`, "0;the text"],
    ["a carriage return that overwrites", "FAIL\rPASS", "FAILPASS"],
    ["backspaces and bells", "ab\b\b\u0007\u007fc", "abc"],
    ["text that runs the other way", "a\u202egpj.exe\u202c\u2066b\u2069\u200f", "agpj.exeb"],
    ["invisible marks and tags", "a\u200bb\ufeffc\u{e0041}d\u00ad", "abcd"],
    ["half a character", "a\ud800b", "a\ufffdb"],
  ])("%s", (_, text, shown) => {
    expect(plain(text)).toBe(shown);
  });

  test("ordinary text stays as it is", () => {
    const text = "größe\t✓ 日本語 👩‍👩‍👧\nsecond line";
    expect(plain(text)).toBe(text);
    expect(plain("a\r\nb")).toBe("a\nb");
  });

  test("ten megabytes of unfinished sequences take no time", () => {
    const before = performance.now();
    plain(`${esc}]0;`.repeat(2_500_000));
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  test("one line has a bounded length", () => {
    expect(plainLine("  a\n b\t c ")).toBe("a b c");
    expect(plainLine("👩".repeat(300), 10)).toBe(`${"👩".repeat(9)}…`);
    expect(plainLine(`${esc}[31m`.repeat(1_000) + "x".repeat(9), 8).length).toBeLessThanOrEqual(8);
  });

  test("JSON says the same value with nothing that a terminal obeys", () => {
    const value = { text: `${esc}[31m\u009b\u202e\u{e0041}ä👩‍👧\u2028` };
    const json = plainJson(value);
    expect(JSON.parse(json)).toEqual(value);
    expect(plain(json)).toBe(json);
  });
});
