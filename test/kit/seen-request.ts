/** The language that a request speaks. */
export type Protocol = "openai" | "responses" | "anthropic" | "google" | "ollama" | "other";

/** A request that the server saw. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** What stands after `?` in the address. */
  readonly query: string;
  readonly protocol: Protocol;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly model: string;
  /** Who asks, from the headers; empty and 0 when they are missing. */
  readonly task: string;
  readonly role: string;
  readonly attempt: number;
  readonly system: string;
  readonly user: string;
  /** Names of the tools that the model may call. */
  readonly tools: readonly string[];
  /** Texts of the tools' results in this conversation, oldest first: empty in its first turn. */
  readonly results: readonly string[];
  /** JSON Schema that the reply has to match, when the client asked for one. */
  readonly schema: unknown;
  /** True once the client closed the connection before its reply was complete. */
  readonly closedEarly: boolean;
}

/** A model wants a tool run. A text as input is a call of a free-form tool (Codex's `apply_patch`). */
export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>> | string;
}

export interface Counts {
  readonly input: number;
  readonly output: number;
  /** Of the input; default: half of it, where the protocol tells. */
  readonly cached?: number;
}

/** What the model behind the server says: some text, and then perhaps calls of tools. */
export interface ServedReply {
  readonly text?: string;
  readonly tools?: readonly ToolCall[];
  /** Default: a token is three characters. */
  readonly usage?: Counts;
}

/** What goes wrong with one chat request. */
export type ServerFault =
  | { readonly kind: "status"; readonly status: number; readonly message?: string; readonly retryAfter?: string }
  /** Sends the client to this address, with everything that it asked. */
  | { readonly kind: "redirect"; readonly to: string }
  /** Answers well, but only after a while. */
  | { readonly kind: "slow"; readonly milliseconds: number }
  /** Begins its stream at once with an empty piece, and says its first word only after a while. */
  | { readonly kind: "thinks"; readonly milliseconds: number }
  /** Sends a few characters, then nothing; the connection stays open. */
  | { readonly kind: "hang"; readonly afterCharacters: number }
  /** Sends half of the reply, then ends politely or breaks the connection. */
  | { readonly kind: "half"; readonly then: "end" | "destroy" }
  | { readonly kind: "destroy" }
  | { readonly kind: "invalid-json" }
  | { readonly kind: "content-type"; readonly type: string }
  | { readonly kind: "no-usage" }
  /** An error object in the middle of a stream that began with 200. */
  | { readonly kind: "error-in-stream"; readonly message: string }
  | { readonly kind: "refuse-schema" }
  | { readonly kind: "length" }
  /** Goes on for ever, in pieces or in one endless line. */
  | { readonly kind: "endless"; readonly in: "pieces" | "one-line" };
