/** One possible change of a text. */
export interface Mutation {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** 1-based line where it begins. */
  readonly line: number;
}

/** The text after a mutation. */
export function mutated(text: string, mutation: Mutation): string {
  return text.slice(0, mutation.start) + mutation.replacement + text.slice(mutation.end);
}

/** `line 12: < became <=`. */
export function described(text: string, mutation: Mutation): string {
  const from = text.slice(mutation.start, mutation.end);
  return `line ${mutation.line}: ${shown(from)} became ${shown(mutation.replacement)}`;
}

function shown(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line === "" || line === ";" || line === "pass") return "nothing";
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

/**
 * The mutations in an order that reaches every line before it comes back to one, the first `n` being spread over the range;
 * what is tried of one line after its first is spread over that line.
 */
export function spread(mutations: readonly Mutation[]): readonly Mutation[] {
  const lines = new Map<number, Mutation[]>();
  for (const mutation of [...mutations].sort((a, b) => a.start - b.start || a.end - b.end))
    lines.set(mutation.line, [...(lines.get(mutation.line) ?? []), mutation]);
  const queues = bisected([...lines.values()].map(([first, ...rest]) => (first ? [first, ...bisected(rest)] : [])));
  const rounds = Math.max(0, ...queues.map((queue) => queue.length));
  return Array.from({ length: rounds }, (_, round) => queues.flatMap((queue) => queue.slice(round, round + 1))).flat();
}

/** First, last, middle, quarters, …: any beginning of the result is spread over the whole. */
function bisected<Item>(items: readonly Item[]): readonly Item[] {
  const order: number[] = [];
  const spans: [number, number][] = [[0, items.length - 1]];
  for (const [low, high] of spans) {
    if (low > high) continue;
    const middle = (low + high) >> 1;
    order.push(middle);
    spans.push([low, middle - 1], [middle + 1, high]);
  }
  return order.flatMap((index) => items.slice(index, index + 1));
}
