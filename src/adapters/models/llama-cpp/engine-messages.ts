/** What the mill tells the process of a model. */
export type ToEngine =
  | {
      readonly kind: "load";
      readonly module: string;
      readonly file: string;
      readonly threads: number;
      readonly graphics: boolean;
    }
  | {
      readonly kind: "ask";
      readonly id: number;
      readonly system: string;
      readonly user: string;
      readonly schema?: unknown;
      readonly temperature: number;
      readonly seed: number;
      /** Most tokens of the reply. */
      readonly room: number;
    }
  | { readonly kind: "abort"; readonly id: number };

/** What the process of a model tells the mill. */
export type FromEngine =
  | { readonly kind: "loaded"; readonly context: number }
  | { readonly kind: "progress"; readonly id: number; readonly tokens: number }
  | {
      readonly kind: "reply";
      readonly id: number;
      readonly text: string;
      readonly input: number;
      readonly output: number;
      readonly cached: number;
      readonly finish: "stop" | "length";
    }
  | { readonly kind: "too-large"; readonly id: number; readonly prompt: number; readonly context: number }
  | {
      readonly kind: "failed";
      /** Absent: the model could not be loaded. */
      readonly id?: number;
      readonly name: string;
      readonly message: string;
      /** The last lines of llama.cpp's log. */
      readonly logs: readonly string[];
    };

export type Question = Omit<Extract<ToEngine, { kind: "ask" }>, "kind" | "id">;
export type Answer = Extract<FromEngine, { kind: "reply" | "too-large" }>;
