import { cases, rows } from "./cases.mjs";

/** Functions over texts. */
export const TEXTS = [
  {
    name: "encodeRuns",
    parameters: "text",
    body: `  return text.replace(/(.)\\1*/gs, (run) => (run.length > 1 ? \`\${run.length}\${run[0]}\` : run[0]));`,
    accept: [
      ["AC1", '`encodeRuns("aaab")` is "3ab": a run of more than one letter is its length and the letter'],
      ["AC2", '`encodeRuns("")` is ""'],
    ],
    shown: {
      AC1: cases(`"aaab" -> "3ab"`),
      AC2: cases(`"" -> ""`),
    },
    careful: cases(`"aa" -> "2a"
"abc" -> "abc"
"aabbb" -> "2a3b"
"zzzzzzzzzz" -> "10z"`),
    inputs: rows(`""
"a"
"aa"
"ab"
"aab"
"abb"
"aaabbb"
"abab"
"zzzzzzzzzzz"
"a a"
"  "
"xyyyyz"`),
  },
  {
    name: "isBalanced",
    parameters: "text",
    body: `  const partner = { ")": "(", "]": "[" };
  const open = [];
  for (const letter of text) {
    if (letter === "(" || letter === "[") open.push(letter);
    if (letter in partner && open.pop() !== partner[letter]) return false;
  }
  return open.length === 0;`,
    accept: [
      ["AC1", '`isBalanced("([])")` is true'],
      ["AC2", '`isBalanced("([)]")` is false and `isBalanced("(")` is false'],
    ],
    shown: {
      AC1: cases(`"([])" -> true`),
      AC2: cases(`"([)]" -> false
"(" -> false`),
    },
    careful: cases(`")" -> false
"]" -> false
"[a](b)" -> true
"" -> true
"[" -> false
"((" -> false
"(]" -> false`),
    inputs: rows(`""
"("
")"
"["
"]"
"()"
"[]"
"(]"
"[)"
"(())"
"([])"
"([)]"
"a(b)c"
"))(("
"[["
"[()()]"`),
  },
  {
    name: "slug",
    parameters: "title",
    body: `  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");`,
    accept: [
      ["AC1", '`slug("Hello, World!")` is "hello-world"'],
      ["AC2", '`slug("  A  1 ")` is "a-1"'],
    ],
    shown: {
      AC1: cases(`"Hello, World!" -> "hello-world"`),
      AC2: cases(`"  A  1 " -> "a-1"`),
    },
    careful: cases(`"A_B.C" -> "a-b-c"
"---" -> ""
"ready" -> "ready"
"Ünder" -> "nder"`),
    inputs: rows(`""
"A"
"a b"
"--a--"
"A_B.C"
"Über 9"
"x  y  z"
"!a!b!"
"9 Lives"
"tail-"`),
  },
  {
    name: "seconds",
    parameters: "text",
    body: `  const parts = /^(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?$/.exec(text);
  if (parts === null || text.length === 0) return null;
  const [hours, minutes, rest] = parts.slice(1).map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + rest;`,
    accept: [
      ["AC1", '`seconds("1h30m")` is 5400'],
      ["AC2", '`seconds("soon")` is null and `seconds("")` is null'],
    ],
    shown: {
      AC1: cases(`"1h30m" -> 5400`),
      AC2: cases(`"soon" -> null
"" -> null`),
    },
    careful: cases(`"45s" -> 45
"2h" -> 7200
"1h1m1s" -> 3661
"10m5s" -> 605
"5x" -> null
"m" -> null`),
    inputs: rows(`""
"1s"
"59s"
"1m"
"2m3s"
"1h"
"3h2s"
"1h1m1s"
"90m"
"1m1h"
"s"
"1"
"1h "
"0h0m0s"`),
  },
  {
    name: "countWords",
    parameters: "text",
    body: `  const counts = {};
  for (const word of text.toLowerCase().match(/[a-z]+/g) ?? []) counts[word] = (counts[word] ?? 0) + 1;
  return counts;`,
    accept: [
      ["AC1", '`countWords("The cat, the dog")` is { the: 2, cat: 1, dog: 1 }'],
      ["AC2", '`countWords("")` is {}'],
    ],
    shown: {
      AC1: cases(`"The cat, the dog" -> {"the": 2, "cat": 1, "dog": 1}`),
      AC2: cases(`"" -> {}`),
    },
    careful: cases(`"a a a" -> {"a": 3}
"123" -> {}
"It's" -> {"it": 1, "s": 1}`),
    inputs: rows(`""
"a"
"A a"
"a b a b a"
"x1y"
"one two"
"ONE one One"
"9"
"z-z"`),
  },
  {
    name: "compareVersions",
    parameters: "left, right",
    body: `  const [a, b] = [left, right].map((text) => text.split(".").map(Number));
  for (let place = 0; place < Math.max(a.length, b.length); place++) {
    const difference = (a[place] ?? 0) - (b[place] ?? 0);
    if (difference !== 0) return difference > 0 ? 1 : -1;
  }
  return 0;`,
    accept: [
      ["AC1", '`compareVersions("1.10.0", "1.9.0")` is 1'],
      ["AC2", '`compareVersions("1.0", "1.0.1")` is -1 and `compareVersions("2.0", "2")` is 0'],
    ],
    shown: {
      AC1: cases(`"1.10.0", "1.9.0" -> 1`),
      AC2: cases(`"1.0", "1.0.1" -> -1
"2.0", "2" -> 0`),
    },
    careful: cases(`"2", "1" -> 1
"1", "2" -> -1
"1.0.1", "1.0" -> 1
"3.1.4", "3.1.4" -> 0
"0.9", "1" -> -1`),
    inputs: rows(`"1", "1"
"1", "1.0.0"
"1", "1.1"
"1", "1.10"
"1", "2.0.0"
"1", "0.10"
"1.0", "1"
"1.0", "1.0.0"
"1.0", "1.1"
"1.0", "1.10"
"1.0", "2.0.0"
"1.0", "0.10"
"1.0.1", "1"
"1.0.1", "1.0.0"
"1.0.1", "1.1"
"1.0.1", "1.10"
"1.0.1", "2.0.0"
"1.0.1", "0.10"
"1.9.0", "1"
"1.9.0", "1.0.0"
"1.9.0", "1.1"
"1.9.0", "1.10"
"1.9.0", "2.0.0"
"1.9.0", "0.10"
"1.10.0", "1"
"1.10.0", "1.0.0"
"1.10.0", "1.1"
"1.10.0", "1.10"
"1.10.0", "2.0.0"
"1.10.0", "0.10"
"2", "1"
"2", "1.0.0"
"2", "1.1"
"2", "1.10"
"2", "2.0.0"
"2", "0.10"
"0.9", "1"
"0.9", "1.0.0"
"0.9", "1.1"
"0.9", "1.10"
"0.9", "2.0.0"
"0.9", "0.10"`),
  },
];
