import type { Counts, SeenRequest, ToolCall } from "./seen-request.ts";

/** How a protocol writes a streamed reply; one for each reply, asked in the order of its members. */
export interface Wire {
  readonly type: string;
  /** Before anything is said; `usage` undefined: this server counts nothing. */
  begin(usage: Counts | undefined): string;
  piece(text: string): string;
  tool(call: ToolCall, id: string): string;
  end(finish: Finish, usage: Counts | undefined): string;
  error(message: string): string;
}

export type Finish = "stop" | "length" | "tools";

/** A reply that is written at once. */
export interface WholeReply {
  readonly text: string;
  readonly tools: readonly ToolCall[];
  readonly finish: Finish;
  readonly usage: Counts | undefined;
}

/** What a protocol knows: where things stand in a request, and how a reply is written. */
export interface Speech {
  read(body: Readonly<Record<string, unknown>>): Pick<SeenRequest, "system" | "user" | "tools" | "results" | "schema">;
  wire(seen: SeenRequest): Wire;
  whole(seen: SeenRequest, reply: WholeReply): object;
  refusal(status: number, message: string): object;
}

/** A server-sent event; with a name when the value has a `type`, as OpenAI's responses and Anthropic have. */
export function event(value: object): string {
  const name = "type" in value && typeof value.type === "string" ? `event: ${value.type}\n` : "";
  return `${name}data: ${JSON.stringify(value)}\n\n`;
}

export const EVENT_STREAM = "text/event-stream; charset=utf-8";

/** The text of a message's content, which is a text or a list of parts. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return Array.isArray(content) ? content.map((part: { text?: string }) => part.text ?? "").join("") : "";
}

/** A list in a body; empty when it is none. */
export function listIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value : [];
}

export function objectOf(input: ToolCall["input"]): Readonly<Record<string, unknown>> {
  return typeof input === "string" ? { input } : input;
}

export function cachedOf({ input, cached }: Counts): number {
  return cached ?? Math.floor(input / 2);
}
