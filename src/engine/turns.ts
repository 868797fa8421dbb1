/** Lets one after the other through, in the order in which they asked. */
export interface Turn {
  /** Resolves when it is this holder's turn; at once when it holds the turn already. */
  take(): Promise<void>;
  /** Gives the turn to the next one; nothing when it is not held. */
  release(): void;
}

/** Turns at one thing that only one may move at a time, such as a branch. `waiting` is told how many stand in line. */
export function turnstile(waiting: (count: number) => void): () => Turn {
  const line: (() => void)[] = [];
  let taken = false;
  const leave = () => {
    const next = line.shift();
    waiting(line.length);
    if (next) next();
    else taken = false;
  };
  const enter = async () => {
    if (!taken) {
      taken = true;
      return;
    }
    await new Promise<void>((resolve) => {
      line.push(resolve);
      waiting(line.length);
    });
  };
  return () => {
    let held = false;
    return {
      take: async () => {
        if (held) return;
        await enter();
        held = true;
      },
      release: () => {
        if (held) leave();
        held = false;
      },
    };
  };
}
