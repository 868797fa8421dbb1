import type { Server } from "../../domain/model-config.ts";
import type { Clock } from "../../engine/ports.ts";
import type { Backend } from "./backend.ts";
import { cancelled } from "./call-watch.ts";

/** The tasks of a run that are on their way, and how many questions wait for a model that is not loaded. */
export interface Crowd {
  busy(tasks: number): void;
  /** True when nobody is left who could still ask for a model that is loaded. */
  allWait(): boolean;
  /** One server's part of the crowd: `waiting` counts its questions, `look` is called when anything changed. */
  join(member: CrowdMember): void;
  changed(): void;
}

export interface CrowdMember {
  waiting(): number;
  look(): void;
}

/** The crowd of one run; every server of the run joins it. */
export function crowd(): Crowd {
  const members: CrowdMember[] = [];
  let tasks = 1;
  const changed = () => {
    for (const member of members) member.look();
  };
  return {
    busy(count) {
      tasks = count;
      changed();
    },
    allWait: () => members.reduce((sum, member) => sum + member.waiting(), 0) >= tasks,
    join: (member) => void members.push(member),
    changed,
  };
}

/** Lets at most so many requests reach a server at once, in an order that suits it. */
export interface Turns {
  /**
   * Waits until the model may be asked; call the result once when the request is over.
   * @throws StepFailure `cancelled` when the signal aborts before that.
   */
  take(model: string, signal?: AbortSignal): Promise<() => void>;
}

export interface TurnsOptions {
  /** Requests that the server takes at once. */
  readonly slots: number;
  /** fewest-swaps: the loaded model's requests go first; another model's turn comes when all tasks wait for one. */
  readonly order: "arrival" | "fewest-swaps";
  readonly crowd: Crowd;
  readonly clock: Clock;
  /** fewest-swaps: how long a server may stand idle before it swaps although a task could still ask. Default: 30. */
  readonly idleSeconds?: number;
  /** fewest-swaps: how long a request is passed over in favour of the loaded model. Default: 900. */
  readonly starvingSeconds?: number;
}

interface Waiting {
  readonly model: string;
  readonly begin: () => void;
  starving: boolean;
}

/** The turns of one server. */
export function serverTurns(options: TurnsOptions): Turns {
  return options.order === "arrival" ? turnsOf(options, anyOf) : turnsOf(options, seldomSwapped);
}

interface Line {
  readonly waiting: readonly Waiting[];
  readonly running: number;
  /** The model of the last turn. */
  readonly loaded: string | undefined;
  readonly mayLeave: boolean;
}

/** Who begins next, if anybody may. */
type Choice = (line: Line) => Waiting | undefined;

const anyOf: Choice = ({ waiting }) => waiting[0];

const seldomSwapped: Choice = ({ waiting, running, loaded, mayLeave }) => {
  const starving = waiting.find((one) => one.starving && one.model !== loaded);
  const same = waiting.find((one) => one.model === loaded);
  if (same !== undefined && starving === undefined) return same;
  if (running > 0) return undefined;
  if (starving !== undefined) return starving;
  return loaded === undefined || mayLeave ? waiting[0] : undefined;
};

function turnsOf(options: TurnsOptions, choose: Choice): Turns {
  const { slots, crowd, clock, idleSeconds = 30, starvingSeconds = 900 } = options;
  const waiting: Waiting[] = [];
  let running = 0;
  let loaded: string | undefined;

  const look = () => {
    while (running < slots) {
      const mayLeave = patience.isOver() || crowd.allWait();
      const next = choose({ waiting, running, loaded, mayLeave });
      if (next === undefined) break;
      waiting.splice(waiting.indexOf(next), 1);
      running += 1;
      loaded = next.model;
      patience.end();
      next.begin();
    }
    if (running === 0 && waiting.length > 0) patience.begin();
  };
  const patience = patienceOf(clock, idleSeconds, look);
  const over = () => {
    running -= 1;
    look();
  };
  const starve = async (one: Waiting, begun: AbortSignal) => {
    await clock.sleep(starvingSeconds * 1000, begun);
    one.starving = true;
    if (!begun.aborted) look();
  };
  const leave = (one: Waiting) => {
    waiting.splice(waiting.indexOf(one), 1);
    if (waiting.length === 0) patience.end();
  };
  crowd.join({
    // A line by arrival always moves, so nobody in it waits for a swap.
    waiting: () => (choose === anyOf ? 0 : waiting.filter(({ model }) => model !== loaded).length),
    look,
  });
  return {
    async take(model, signal) {
      if (signal?.aborted) throw cancelled();
      const begun = new AbortController();
      const one: Waiting = { model, begin: () => begun.abort(), starving: false };
      waiting.push(one);
      crowd.changed();
      if (!begun.signal.aborted && choose !== anyOf) void starve(one, begun.signal);
      await abortOf(begun.signal, signal);
      if (begun.signal.aborted) return once(over);
      leave(one);
      begun.abort();
      throw cancelled();
    },
  };
}

/** A wait that can be begun again and again, and is over when it was not ended for so long. */
function patienceOf(clock: Clock, seconds: number, onOver: () => void) {
  let waiting: AbortController | undefined;
  let over = false;
  return {
    isOver: () => over,
    begin() {
      if (waiting !== undefined) return;
      const own = new AbortController();
      waiting = own;
      void clock.sleep(seconds * 1000, own.signal).then(() => {
        if (own.signal.aborted) return;
        over = true;
        onOver();
      });
    },
    end() {
      waiting?.abort();
      waiting = undefined;
      over = false;
    },
  };
}

/** Resolves when either signal aborts. */
function abortOf(one: AbortSignal, other: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (one.aborted) return resolve();
    one.addEventListener("abort", () => resolve(), { once: true });
    other?.addEventListener("abort", () => resolve(), { once: true, signal: one });
  });
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    work();
  };
}

/** Requests that a server takes at once: 1 on this machine, 4 elsewhere, unless the config says so. */
export function slotsOf(server: Pick<Server, "url" | "slots">): number {
  return server.slots ?? (isLoopback(server.url) ? 1 : 4);
}

/** True for an address of this machine. */
export function isLoopback(url: string): boolean {
  const host = new URL(url).hostname;
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}

/** The backend, asked only when it is its model's turn. The time in line does not count as the request's. */
export function inTurn(backend: Backend, turns: Turns, model: string): Backend {
  return {
    async ask(request, signal) {
      const over = await turns.take(model, signal);
      try {
        return await backend.ask(request, signal);
      } finally {
        over();
      }
    },
  };
}
