import { describe, expect, test } from "vitest";
import type { Clock } from "../../engine/ports.ts";
import { failureFrom } from "./models.contract.ts";
import { crowd, serverTurns, slotsOf, type TurnsOptions } from "./turns.ts";

/** A clock whose sleepers wake only when they are told to. */
function sleepyClock(): Clock & { wake(seconds: number): void } {
  const sleepers: { seconds: number; wake: () => void }[] = [];
  return {
    now: () => 0,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        sleepers.push({ seconds: milliseconds / 1000, wake: resolve });
        signal?.addEventListener("abort", () => resolve());
      }),
    wake: (seconds) => {
      for (const sleeper of sleepers) if (sleeper.seconds <= seconds) sleeper.wake();
    },
  };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

function line(change: Partial<TurnsOptions> = {}) {
  const clock = sleepyClock();
  const people = crowd();
  const turns = serverTurns({ slots: 1, order: "fewest-swaps", crowd: people, clock, ...change });
  const begun: string[] = [];
  const ask = (who: string, model: string, signal?: AbortSignal) => {
    let over = () => {};
    const taken = turns.take(model, signal).then((end) => {
      begun.push(who);
      over = end;
    });
    return { taken, end: () => taken.then(() => over()) };
  };
  return { clock, people, turns, begun, ask };
}

describe("by arrival", () => {
  test("so many as there are slots, in the order they came", async () => {
    const { begun, ask } = line({ order: "arrival", slots: 2 });
    const [a, , c] = [ask("1", "a"), ask("2", "b"), ask("3", "a"), ask("4", "b")];
    await settle();
    expect(begun).toEqual(["1", "2"]);
    await a.end();
    await settle();
    expect(begun).toEqual(["1", "2", "3"]);
    await c.end();
    await settle();
    expect(begun).toEqual(["1", "2", "3", "4"]);
  });

  test("who gives up leaves the line, and ending a turn twice frees one place only", async () => {
    const { begun, ask, turns } = line({ order: "arrival" });
    const over = await turns.take("a");
    const abort = new AbortController();
    const gone = ask("gone", "a", abort.signal);
    ask("2", "a");
    ask("3", "a");
    abort.abort();
    expect(await failureFrom(gone.taken)).toMatchObject({ code: "cancelled" });
    over();
    over();
    await settle();
    expect(begun).toEqual(["2"]);
  });
});

describe("with as few swaps as possible", () => {
  test("the loaded model goes first, and another one waits until every task waits for it", async () => {
    const { begun, ask, people } = line();
    people.busy(3);
    const first = ask("1 makes", "maker");
    ask("2 judges", "judge");
    await settle();
    await first.end();
    await settle();
    expect(begun).toEqual(["1 makes"]);
    const third = ask("3 makes", "maker");
    ask("1 judges", "judge");
    await settle();
    expect(begun).toEqual(["1 makes", "3 makes"]);
    await third.end();
    ask("3 judges", "judge");
    await settle();
    expect(begun).toEqual(["1 makes", "3 makes", "2 judges"]);
  });

  test("a task that ends leaves fewer to wait for", async () => {
    const { begun, ask, people } = line();
    people.busy(2);
    await ask("1", "maker").end();
    ask("2", "judge");
    await settle();
    expect(begun).toEqual(["1"]);
    people.busy(1);
    await settle();
    expect(begun).toEqual(["1", "2"]);
  });

  test("of several models the one that waits longest is next, with all its requests", async () => {
    const { begun, ask, people } = line();
    people.busy(4);
    const first = ask("1", "a");
    const [b] = [ask("2", "b"), ask("3", "c"), ask("4", "b")];
    await settle();
    await first.end();
    people.busy(3);
    await b.end();
    await settle();
    expect(begun).toEqual(["1", "2", "4"]);
  });

  test("an idle server swaps after a while, also when a task could still ask", async () => {
    const { begun, ask, people, clock } = line();
    people.busy(2);
    await ask("1", "maker").end();
    ask("2", "judge");
    await settle();
    clock.wake(30);
    await settle();
    expect(begun).toEqual(["1", "2"]);
  });

  test("nobody is passed over for ever: the line of the loaded model is closed, and ends first", async () => {
    const { begun, ask, people, clock } = line({ slots: 2 });
    people.busy(9);
    const [one, two] = [ask("1", "maker"), ask("2", "maker")];
    ask("late", "judge");
    await settle();
    clock.wake(900);
    await settle();
    ask("3", "maker");
    await one.end();
    await settle();
    expect(begun).toEqual(["1", "2"]);
    await two.end();
    await settle();
    expect(begun).toEqual(["1", "2", "late"]);
  });

  test("two servers whose tasks all wait for a swap do not wait for each other", async () => {
    const people = crowd();
    const left = line({ crowd: people });
    const right = line({ crowd: people });
    people.busy(2);
    await left.ask("1", "a").end();
    await right.ask("2", "x").end();
    const again = left.ask("1 again", "b");
    await settle();
    expect(left.begun).toEqual(["1"]);
    right.ask("2 again", "y");
    await settle();
    expect([left.begun, right.begun]).toEqual([["1", "1 again"], ["2"]]);
    await again.end();
    people.busy(1);
    await settle();
    expect(right.begun).toEqual(["2", "2 again"]);
  });
});

test("one request at a time on this machine, four elsewhere, unless the config says so", () => {
  const slots = (url: string, slots?: number) => slotsOf({ url, ...(slots && { slots }) });
  expect(slots("http://127.0.0.1:11434")).toBe(1);
  expect(slots("http://localhost:11434")).toBe(1);
  expect(slots("http://[::1]:1234/v1")).toBe(1);
  expect(slots("https://api.example.com/v1")).toBe(4);
  expect(slots("http://127.0.0.1.example.com")).toBe(4);
  expect(slots("http://127.0.0.1:11434", 3)).toBe(3);
});
