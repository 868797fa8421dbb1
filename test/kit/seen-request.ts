/** A request that the server saw. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly protocol: "openai" | "ollama" | "other";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly model: string;
  /** Who asks, from the headers; empty and 0 when they are missing. */
  readonly task: string;
  readonly role: string;
  readonly attempt: number;
  readonly system: string;
  readonly user: string;
  /** JSON Schema that the reply has to match, when the client asked for one. */
  readonly schema: unknown;
  /** True once the client closed the connection before its reply was complete. */
  readonly closedEarly: boolean;
}

/** What goes wrong with one chat request. */
export type ServerFault =
  | { readonly kind: "status"; readonly status: number; readonly message?: string; readonly retryAfter?: string }
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
