/** Named pieces of work, each of which may need others to have ended. */
export interface Piece {
  readonly name: string;
  readonly needs: readonly string[];
}

/**
 * Does the pieces in their order, at most `width` at once, each when all that it needs has ended. Once one of them answers
 * or throws, nothing new begins; what is on its way ends first. One whose failure `holds` has not ended: what needs it does
 * not begin, all else does, and the failure is thrown last. `busy` is told how many are on their way.
 */
export async function sideBySide<Item extends Piece, Stop>(
  pieces: readonly Item[],
  how: { readonly width: number; busy(count: number): void; holds?(failure: unknown): boolean },
  work: (piece: Item) => Promise<Stop | undefined>,
): Promise<Stop | undefined> {
  const names = new Set(pieces.map((piece) => piece.name));
  const ended = new Set<string>();
  const running = new Set<Promise<void>>();
  const failures: (() => never)[] = [];
  const stops: (() => Stop)[] = [];
  const held: (() => never)[] = [];
  let waiting = [...pieces];
  const isReady = (piece: Item) => piece.needs.every((need) => ended.has(need) || !names.has(need));
  const start = (piece: Item) => {
    waiting = waiting.filter((other) => other !== piece);
    const done = work(piece)
      .then((stop) => {
        if (stop !== undefined) stops.push(() => stop);
        ended.add(piece.name);
      })
      .catch((error: unknown) =>
        (how.holds?.(error) ? held : failures).push(() => {
          throw error;
        }),
      )
      .then(() => {
        running.delete(done);
        how.busy(running.size);
      });
    running.add(done);
  };
  for (;;) {
    const goesOn = stops.length === 0 && failures.length === 0;
    const next = goesOn && running.size < how.width ? waiting.find(isReady) : undefined;
    if (next) start(next);
    else if (running.size === 0) break;
    else await Promise.race(running);
    if (next) how.busy(running.size);
  }
  return [...failures, ...stops, ...held][0]?.();
}
