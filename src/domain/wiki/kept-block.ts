const BLOCK = /<!-- millwright:([a-z-]+) begin[\s\S]*?<!-- millwright:\1 end -->/g;

/** The blocks of a text that the mill writes itself, by their names. */
export function keptBlocks(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(BLOCK)].map(([block, name = ""]) => [name, block] as const));
}

/** Names of the blocks that the other text has lost or changed. */
export function changedBlocks(before: string, after: string): readonly string[] {
  const now = keptBlocks(after);
  return [...keptBlocks(before)].filter(([name, block]) => now.get(name) !== block).map(([name]) => name);
}
