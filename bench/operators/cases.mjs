/** How the corpus writes cases and inputs. */
export const range = (from, to, step = 1) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, n) => from + n * step);

export const pairs = (left, right) => left.flatMap((a) => right.map((b) => [a, b]));

export const cases = (text) =>
  text.split("\n").map((line) => {
    const [input, output] = line.trim().split(" -> ");
    return [JSON.parse(`[${input}]`), JSON.parse(output)];
  });

export const rows = (text) => text.split("\n").map((line) => JSON.parse(`[${line}]`));
