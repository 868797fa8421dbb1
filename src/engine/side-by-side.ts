/** Named pieces of work, each of which may need others to have ended. */
export interface Piece {
  readonly name: string;
  readonly needs: readonly string[];
}

/**
 * Does the pieces in their order, at most `width` at once, each when all that it needs has ended. Once one of them answers
 * or throws, nothing new begins; what is on its way ends first. `busy` is told how many are on their way.
 */
export async function sideBySide<Item extends Piece, Stop>(
  pieces: readonly Item[],
  how: { readonly width: number; busy(count: number): void },
  work: (piece: Item) => Promise<Stop | undefined>,
): Promise<Stop | undefined> {
  const names = new Set(pieces.map((piece) => piece.name));
  const ended = new Set<string>();
  const running = new Set<Promise<void>>();
  const stops: Stop[] = [];
  const failures: unknown[] = [];
  let waiting = [...pieces];
  const isReady = (piece: Item) => piece.needs.every((need) => ended.has(need) || !names.has(need));
  const start = (piece: Item) => {
    waiting = waiting.filter((other) => other !== piece);
    const done = work(piece)
      .then((stop) => void (stop !== undefined && stops.push(stop)))
      .catch((error: unknown) => void failures.push(error))
      .then(() => {
        ended.add(piece.name);
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
  if (failures.length > 0) throw failures[0];
  return stops[0];
}
