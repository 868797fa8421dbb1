/** What an agent's output means, whichever program it is. */
export type AgentEvent =
  | { readonly kind: "session"; readonly id: string }
  /** A whole message, or a further piece of the one before. */
  | { readonly kind: "said"; readonly text: string; readonly how: "whole" | "piece" }
  /** A tool is used: for people, and the end of the message before. */
  | { readonly kind: "doing"; readonly what: string }
  /** Counts of one request, or of all so far. */
  | { readonly kind: "usage"; readonly of: "request" | "all"; readonly tokens: Tokens }
  | { readonly kind: "model"; readonly name: string }
  /** It cannot go on; why, in its own words. */
  | { readonly kind: "failed"; readonly why: string }
  | { readonly kind: "done" };

export interface Tokens {
  /** All that the model was given, the cached part included. */
  readonly input: number;
  readonly output: number;
  readonly cached: number;
}

/** What a session came to, folded from its events. */
export interface Heard {
  readonly session: string | undefined;
  /** The agent's last message. */
  readonly message: string;
  readonly tokens: Tokens | undefined;
  readonly model: string | undefined;
  readonly failed: string | undefined;
  readonly done: boolean;
  readonly events: number;
}

export const NOTHING_HEARD: Heard = {
  session: undefined,
  message: "",
  tokens: undefined,
  model: undefined,
  failed: undefined,
  done: false,
  events: 0,
};

/** The session after one more event. */
export function hear(heard: Heard, event: AgentEvent): Heard {
  const next = { ...heard, events: heard.events + 1 };
  switch (event.kind) {
    case "session":
      return { ...next, session: event.id };
    case "said":
      return { ...next, message: event.how === "piece" ? heard.message + event.text : event.text };
    case "doing":
      return { ...next, message: "" };
    case "usage":
      return { ...next, tokens: event.of === "all" ? event.tokens : sum(heard.tokens, event.tokens) };
    case "model":
      return { ...next, model: event.name };
    case "failed":
      return { ...next, failed: event.why, done: false };
    case "done":
      return { ...next, failed: undefined, done: true };
  }
}

function sum(before: Tokens | undefined, more: Tokens): Tokens {
  if (before === undefined) return more;
  return {
    input: before.input + more.input,
    output: before.output + more.output,
    cached: before.cached + more.cached,
  };
}
