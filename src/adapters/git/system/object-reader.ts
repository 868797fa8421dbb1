import { type Cut, openConversation } from "./conversation.ts";
import type { Place } from "./git-program.ts";
import { isObjectId } from "./names.ts";

export interface GitObject {
  readonly kind: "blob" | "tree" | "commit" | "tag";
  readonly bytes: Buffer;
}

/** Reads objects through one long-lived git process. */
export interface ObjectReader {
  /** An object; undefined when there is none. Any number of reads may run at once. */
  find(id: string): Promise<GitObject | undefined>;
  /** The bytes of an object of any kind; undefined when there is none. */
  read(id: string): Promise<Buffer | undefined>;
  close(): Promise<void>;
}

const LINE_END = 0x0a;

/** The answer that begins at `start`: `<id> <type> <size>\n<bytes>\n`, or `<id> missing\n`; or how many bytes it needs. */
function objectAt(buffer: Buffer, start: number): Cut<GitObject | undefined> {
  const lineEnd = buffer.indexOf(LINE_END, start);
  if (lineEnd < 0) return { kind: "short", need: buffer.length - start + 1 };
  const body = lineEnd + 1;
  const [, kind, size] = buffer.toString("latin1", start, lineEnd).split(" ");
  if (size === undefined) return { kind: "answer", answer: undefined, end: body };
  const end = body + Number(size) + 1;
  if (end > buffer.length) return { kind: "short", need: end - start };
  const bytes = Buffer.from(buffer.subarray(body, end - 1));
  return { kind: "answer", answer: { kind: kind as GitObject["kind"], bytes }, end };
}

export function openObjectReader(place: Place): ObjectReader {
  const talk = openConversation(place, ["cat-file", "--batch"], objectAt);
  const find = async (id: string): Promise<GitObject | undefined> => {
    if (!isObjectId(id)) throw new Error(`not an object id: ${JSON.stringify(id)}`);
    const found = await talk.ask(`${id}\n`);
    if (found !== undefined) return found;
    // A process that is open for long knows the stores of objects as they were when it started, and calls missing what it
    // could not open for a moment: only a new one is believed.
    await talk.renew();
    return await talk.ask(`${id}\n`);
  };
  return {
    find: async (id) => find(id),
    read: async (id) => (await find(id))?.bytes,
    close: () => talk.close(),
  };
}
