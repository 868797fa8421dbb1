import { cases, pairs, range, rows } from "./cases.mjs";

/** Functions over numbers. */
export const NUMBERS = [
  {
    name: "isLeap",
    parameters: "year",
    body: `  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);`,
    accept: [
      ["AC1", "`isLeap(2024)` is true and `isLeap(2023)` is false: a leap year can be divided by 4"],
      ["AC2", "`isLeap(1900)` is false and `isLeap(2000)` is true: by 100 it has to be divisible by 400 too"],
    ],
    shown: {
      AC1: cases(`2024 -> true
2023 -> false`),
      AC2: cases(`1900 -> false
2000 -> true`),
    },
    careful: cases(`2100 -> false
2400 -> true
1996 -> true
2022 -> false
1 -> false
4 -> true`),
    inputs: range(1580, 2420, 2)
      .concat(range(1, 60))
      .map((year) => [year]),
  },
  {
    name: "clamp",
    parameters: "value, low, high",
    body: `  if (value < low) return low;
  if (value > high) return high;
  return value;`,
    accept: [
      ["AC1", "`clamp(5, 1, 3)` is 3: nothing is above `high`"],
      ["AC2", "`clamp(-2, 1, 3)` is 1: nothing is below `low`, and `clamp(2, 1, 3)` is 2"],
    ],
    shown: {
      AC1: cases(`5, 1, 3 -> 3`),
      AC2: cases(`-2, 1, 3 -> 1
2, 1, 3 -> 2`),
    },
    careful: cases(`1, 1, 3 -> 1
3, 1, 3 -> 3
0, -5, -1 -> -1
-9, -5, -1 -> -5
-3, -5, -1 -> -3`),
    inputs: pairs(range(-9, 9), [
      [1, 3],
      [-5, -1],
      [0, 0],
      [-2, 6],
    ]).map(([value, [low, high]]) => [value, low, high]),
  },
  {
    name: "roman",
    parameters: "number",
    body: `  const steps = [[50, "L"], [40, "XL"], [10, "X"], [9, "IX"], [5, "V"], [4, "IV"], [1, "I"]];
  let text = "";
  let rest = number;
  for (const [value, letters] of steps) {
    while (rest >= value) {
      text += letters;
      rest -= value;
    }
  }
  return text;`,
    accept: [
      ["AC1", '`roman(14)` is "XIV"'],
      ["AC2", '`roman(3)` is "III" and `roman(0)` is ""'],
    ],
    shown: {
      AC1: cases(`14 -> "XIV"`),
      AC2: cases(`3 -> "III"
0 -> ""`),
    },
    careful: cases(`9 -> "IX"
49 -> "XLIX"
50 -> "L"
88 -> "LXXXVIII"
40 -> "XL"
5 -> "V"
10 -> "X"
1 -> "I"`),
    inputs: range(0, 89).map((number) => [number]),
  },
  {
    name: "median",
    parameters: "numbers",
    body: `  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;`,
    accept: [
      ["AC1", "`median([3, 1, 2])` is 2"],
      ["AC2", "`median([4, 1, 2, 3])` is 2.5: of an even count, halfway between the two in the middle"],
    ],
    shown: {
      AC1: cases(`[3, 1, 2] -> 2`),
      AC2: cases(`[4, 1, 2, 3] -> 2.5`),
    },
    careful: cases(`[10, 9, 1] -> 9
[7] -> 7
[5, 100] -> 52.5
[1, 1, 9, 9] -> 5
[2, 30, 4, 100, 6] -> 6`),
    inputs: rows(`[7]
[5, 100]
[10, 9, 1]
[1, 1, 9, 9]
[2, 30, 4, 100, 6]
[-1, -5]
[0, 0, 0, 1]
[100, 20, 3, 1]`),
  },
  {
    name: "overlap",
    parameters: "left, right",
    body: `  const from = Math.max(left[0], right[0]);
  const to = Math.min(left[1], right[1]);
  return from < to ? [from, to] : null;`,
    accept: [
      ["AC1", "`overlap([1, 5], [3, 9])` is [3, 5]"],
      ["AC2", "`overlap([1, 2], [5, 6])` is null, and so is `overlap([1, 2], [2, 3])`: ends do not belong to a range"],
    ],
    shown: {
      AC1: cases(`[1, 5], [3, 9] -> [3, 5]`),
      AC2: cases(`[1, 2], [5, 6] -> null
[1, 2], [2, 3] -> null`),
    },
    careful: cases(`[3, 9], [1, 5] -> [3, 5]
[1, 9], [3, 5] -> [3, 5]
[3, 5], [1, 9] -> [3, 5]
[5, 6], [1, 2] -> null`),
    inputs: rows(`[1, 5], [1, 5]
[1, 5], [3, 9]
[1, 5], [0, 2]
[1, 5], [5, 6]
[1, 5], [-3, 4]
[3, 9], [1, 5]
[3, 9], [3, 9]
[3, 9], [0, 2]
[3, 9], [5, 6]
[3, 9], [-3, 4]
[0, 2], [1, 5]
[0, 2], [3, 9]
[0, 2], [0, 2]
[0, 2], [5, 6]
[0, 2], [-3, 4]
[2, 3], [1, 5]
[2, 3], [3, 9]
[2, 3], [0, 2]
[2, 3], [5, 6]
[2, 3], [-3, 4]
[-4, -1], [1, 5]
[-4, -1], [3, 9]
[-4, -1], [0, 2]
[-4, -1], [5, 6]
[-4, -1], [-3, 4]`),
  },
  {
    name: "isLuhn",
    parameters: "digits",
    body: `  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;`,
    accept: [
      ["AC1", '`isLuhn("4539578763621486")` is true'],
      ["AC2", '`isLuhn("8273123273520569")` is false'],
    ],
    shown: {
      AC1: cases(`"4539578763621486" -> true`),
      AC2: cases(`"8273123273520569" -> false`),
    },
    careful: cases(`"059" -> true
"0" -> true
"18" -> true
"1" -> false
"91" -> true
"5" -> false
"55" -> false`),
    inputs: range(0, 400, 3).map((number) => [String(number)]),
  },
];
