import type { AnyMessage } from "@agentclientprotocol/sdk";
import type { AgentProcess } from "../agent-process.ts";
import { type Json, objectIn, objectOfLine } from "../json-value.ts";

/** The messages of an agent's standard streams; whatever else it prints is kept aside. */
export interface MessageStream {
  readonly messages: { readonly readable: ReadableStream<AnyMessage>; readonly writable: WritableStream<AnyMessage> };
  opened(process: AgentProcess): void;
  line(text: string): void;
  ended(): void;
  messageCount(): number;
  /** The beginning of what was no message. */
  banner(): string;
  /** The last answer to a prompt as it came, with what the stable protocol does not know. */
  lastResult(): Json | undefined;
}

export function acpStream(): MessageStream {
  const seen = { count: 0, banner: "", result: undefined as Json | undefined, over: false };
  const pending: string[] = [];
  let process: AgentProcess | undefined;
  let feed: ReadableStreamDefaultController<AnyMessage> | undefined;
  const readable = new ReadableStream<AnyMessage>({
    start(controller) {
      feed = controller;
    },
  });
  const writable = new WritableStream<AnyMessage>({
    write(message) {
      const line = `${JSON.stringify(message)}\n`;
      if (process === undefined) pending.push(line);
      else process.write(line);
    },
  });
  return {
    messages: { readable, writable },
    opened(started) {
      process = started;
      for (const line of pending) started.write(line);
    },
    line(text) {
      const message = objectOfLine(text);
      if (message?.jsonrpc !== "2.0") {
        if (seen.banner.length < 2000) seen.banner += `${text}\n`;
        return;
      }
      seen.count += 1;
      const result = objectIn(message.result);
      if (typeof result.stopReason === "string") seen.result = result;
      if (!seen.over) feed?.enqueue(message as unknown as AnyMessage);
    },
    ended() {
      if (seen.over) return;
      seen.over = true;
      try {
        feed?.close();
      } catch {
        // The conversation was over before the program.
      }
    },
    messageCount: () => seen.count,
    banner: () => seen.banner,
    lastResult: () => seen.result,
  };
}
