/** A model that runs in llama.cpp on a person's own machine. Sizes and needs are rounded up, in GB of 10^9 bytes. */
export interface EmbeddedModel {
  /** As it is written after `llama.cpp/`. */
  readonly name: string;
  readonly title: string;
  readonly vendor: string;
  readonly licence: string;
  /** To be fetched; the hub's own number counts when it is. */
  readonly gigabytes: number;
  /** Memory with a context of 16,000 tokens. */
  readonly memory: number;
  /** Writes code for its living; the others read it. */
  readonly makes: boolean;
}

/** When the table was last looked over. */
export const EMBEDDED_TABLE_DATE = "2026-11-21";

/** Best first. Only models with a licence that lets people work for money. */
export const EMBEDDED_MODELS: readonly EmbeddedModel[] = [
  model(
    "unsloth/Qwen3-Coder-30B-A3B-Instruct-GGUF",
    ["Qwen3-Coder 30B A3B", "alibaba", "Apache-2.0"],
    [18.6, 21],
    true,
  ),
  model("Qwen/Qwen2.5-Coder-14B-Instruct-GGUF", ["Qwen2.5-Coder 14B", "alibaba", "Apache-2.0"], [9, 13], true),
  model("Qwen/Qwen2.5-Coder-7B-Instruct-GGUF", ["Qwen2.5-Coder 7B", "alibaba", "Apache-2.0"], [4.7, 6.5], true),
  model("Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF", ["Qwen2.5-Coder 1.5B", "alibaba", "Apache-2.0"], [1.2, 2.2], true),
  model("Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF", ["Qwen2.5-Coder 0.5B", "alibaba", "Apache-2.0"], [0.5, 1.2], true),
  model("ibm-granite/granite-3.3-8b-instruct-GGUF", ["Granite 3.3 8B", "ibm", "Apache-2.0"], [5, 8], false),
  model("ibm-granite/granite-3.3-2b-instruct-GGUF", ["Granite 3.3 2B", "ibm", "Apache-2.0"], [1.6, 3.3], false),
  model("bartowski/phi-4-GGUF", ["Phi-4 14B", "microsoft", "MIT"], [9.1, 13], false),
  model("bartowski/microsoft_Phi-4-mini-instruct-GGUF", ["Phi-4 mini 4B", "microsoft", "MIT"], [2.5, 5], false),
];

function model(
  repo: string,
  [title, vendor, licence]: readonly [string, string, string],
  [gigabytes, memory]: readonly [number, number],
  makes: boolean,
): EmbeddedModel {
  return { name: `hf:${repo}:Q4_K_M`, title, vendor, licence, gigabytes, memory, makes };
}

/** What a machine can take, in GB of 10^9 bytes. */
export interface Machine {
  /** That can still be had. */
  readonly memory: number;
  /** Free where models are kept. */
  readonly disk: number;
}

/** What a machine is offered. */
export interface EmbeddedChoice {
  /** The best maker that fits, for every role. */
  readonly one: EmbeddedModel;
  /**
   * Maker, reviewer and goal-checker of three vendors, so that nobody judges its own work; they take turns in memory.
   * Undefined when they do not fit.
   */
  readonly three: readonly [EmbeddedModel, EmbeddedModel, EmbeddedModel] | undefined;
}

/** The best that fits; undefined when not even the smallest does. */
export function chooseEmbedded(machine: Machine, table = EMBEDDED_MODELS): EmbeddedChoice | undefined {
  const fitting = table.filter((entry) => entry.memory <= machine.memory);
  const one = fitting.find((entry) => entry.makes && entry.gigabytes + SPARE <= machine.disk);
  return one && { one, three: threeOf(fitting, machine.disk) };
}

/** Left free on the disk. */
const SPARE = 1;

function threeOf(fitting: readonly EmbeddedModel[], disk: number): EmbeddedChoice["three"] {
  for (const maker of fitting.filter((entry) => entry.makes)) {
    const judges = fitting.filter((entry) => !entry.makes && entry.vendor !== maker.vendor);
    for (const reviewer of judges) {
      const goal = judges.find((entry) => entry.vendor !== reviewer.vendor);
      if (goal === undefined) continue;
      if (maker.gigabytes + reviewer.gigabytes + goal.gigabytes + SPARE <= disk) return [maker, reviewer, goal];
    }
  }
  return undefined;
}
