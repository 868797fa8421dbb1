/** A language model that a test makes itself: GGUF version 3, architecture `llama`, one byte a token. */
export interface TinyModel {
  /** Longest prompt and reply together, in tokens. Default: 8192. */
  readonly context?: number;
  /** Default: `llama`. */
  readonly architecture?: string;
}

/** Random weights in two layers: what it says is noise, which ends after some 260 tokens. About 340 kB. */
export function randomModel(seed = 1, options: TinyModel = {}): Buffer {
  const next = noise(seed);
  const weights = (name: string, count: number) => {
    const scale = name === "output.weight" ? 0.01 : 0.3;
    return Float32Array.from({ length: count }, () => next() * scale);
  };
  return gguf({ ...options, tokens: alphabet(), width: 64, layers: 2, weights });
}

/** A model that answers every prompt with this text, token by token, to the letter. */
export function recitingModel(text: string, options: TinyModel = {}): Buffer {
  return chained(piecesOf(text), "ends", options);
}

/** A model that never ends its reply. */
export function endlessModel(options: TinyModel = {}): Buffer {
  return chained(["on and on "], "repeats", options);
}

/** Each token of the chain calls for the one after it, and every other token for the first. */
function chained(pieces: readonly string[], last: "ends" | "repeats", options: TinyModel): Buffer {
  const tokens = [...alphabet(), ...pieces.map((text) => ({ text, score: 0, type: OWN }))];
  const first = tokens.length - pieces.length;
  const after = (token: number) => {
    if (token < first) return first;
    if (token < tokens.length - 1) return token + 1;
    return last === "ends" ? END : token;
  };
  const width = Math.ceil(tokens.length / 32) * 32;
  const weights = (name: string, count: number) => {
    const values = new Float32Array(count);
    if (name === "token_embd.weight") for (const token of tokens.keys()) values[token * width + token] = 1;
    if (name === "output.weight") for (const token of tokens.keys()) values[after(token) * width + token] = 1;
    return values;
  };
  return gguf({ ...options, tokens, width, layers: 1, weights });
}

/** Pieces of the text, each another one: a vocabulary holds no text twice. */
function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const character of text) {
    piece += character;
    if ([...piece].length < 4 || pieces.includes(piece)) continue;
    pieces.push(piece);
    piece = "";
  }
  const before = pieces.pop() ?? "";
  return [...pieces, before + piece];
}

interface Token {
  readonly text: string;
  readonly score: number;
  readonly type: number;
}

const [NORMAL, UNKNOWN, CONTROL, OWN, BYTE] = [1, 2, 3, 4, 6];
const END = 2;

function alphabet(): readonly Token[] {
  const bytes = Array.from({ length: 256 }, (_, byte) => {
    const text = `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
    return { text, score: 0, type: BYTE };
  });
  const special = [
    { text: "<unk>", score: 0, type: UNKNOWN },
    { text: "<s>", score: 0, type: CONTROL },
    { text: "</s>", score: 0, type: CONTROL },
  ];
  return [...special, ...bytes, { text: "▁", score: -1, type: NORMAL }];
}

interface Draft extends TinyModel {
  readonly tokens: readonly Token[];
  readonly width: number;
  readonly layers: number;
  weights(name: string, count: number): Float32Array;
}

const TEMPLATE =
  "{% for message in messages %}{{ '<s>[' + message['role'] + '] ' + message['content'] + '</s>' }}{% endfor %}{% if add_generation_prompt %}{{ '<s>[assistant] ' }}{% endif %}";

function gguf(draft: Draft): Buffer {
  const { tokens, width } = draft;
  const architecture = draft.architecture ?? "llama";
  const keys: readonly Buffer[] = [
    textKey("general.architecture", architecture),
    textKey("general.name", "tiny"),
    wholeKey(`${architecture}.context_length`, draft.context ?? 8192),
    wholeKey(`${architecture}.embedding_length`, width),
    wholeKey(`${architecture}.block_count`, draft.layers),
    wholeKey(`${architecture}.feed_forward_length`, 64),
    wholeKey(`${architecture}.attention.head_count`, width / 32),
    wholeKey(`${architecture}.attention.head_count_kv`, 1),
    wholeKey(`${architecture}.rope.dimension_count`, 32),
    key(`${architecture}.attention.layer_norm_rms_epsilon`, FLOAT, float(1e-5)),
    textKey("tokenizer.ggml.model", "llama"),
    list(
      "tokenizer.ggml.tokens",
      TEXT,
      tokens.map(({ text }) => string(text)),
    ),
    list(
      "tokenizer.ggml.scores",
      FLOAT,
      tokens.map(({ score }) => float(score)),
    ),
    list(
      "tokenizer.ggml.token_type",
      SIGNED,
      tokens.map(({ type }) => whole(type)),
    ),
    wholeKey("tokenizer.ggml.unknown_token_id", 0),
    wholeKey("tokenizer.ggml.bos_token_id", 1),
    wholeKey("tokenizer.ggml.eos_token_id", END),
    key("tokenizer.ggml.add_space_prefix", BOOLEAN, Buffer.from([0])),
    textKey("tokenizer.chat_template", TEMPLATE),
  ];
  const tensors = tensorsOf(draft);
  const head = [Buffer.from("GGUF"), whole(3), long(tensors.length), long(keys.length), ...keys];
  let offset = 0;
  const bodies: Buffer[] = [];
  for (const { name, shape } of tensors) {
    const count = shape.reduce((product, size) => product * size, 1);
    head.push(string(name), whole(shape.length), ...shape.map(long), whole(0), long(offset));
    const values = name.endsWith("norm.weight") ? new Float32Array(count).fill(1) : draft.weights(name, count);
    const body = padded(Buffer.from(values.buffer));
    bodies.push(body);
    offset += body.length;
  }
  return Buffer.concat([padded(Buffer.concat(head)), ...bodies]);
}

function tensorsOf({ tokens, width, layers }: Draft): readonly { name: string; shape: readonly number[] }[] {
  const blocks = Array.from({ length: layers }, (_, layer) => [
    { name: `blk.${layer}.attn_norm.weight`, shape: [width] },
    { name: `blk.${layer}.attn_q.weight`, shape: [width, width] },
    { name: `blk.${layer}.attn_k.weight`, shape: [width, 32] },
    { name: `blk.${layer}.attn_v.weight`, shape: [width, 32] },
    { name: `blk.${layer}.attn_output.weight`, shape: [width, width] },
    { name: `blk.${layer}.ffn_norm.weight`, shape: [width] },
    { name: `blk.${layer}.ffn_gate.weight`, shape: [width, 64] },
    { name: `blk.${layer}.ffn_up.weight`, shape: [width, 64] },
    { name: `blk.${layer}.ffn_down.weight`, shape: [64, width] },
  ]);
  return [
    { name: "token_embd.weight", shape: [width, tokens.length] },
    ...blocks.flat(),
    { name: "output_norm.weight", shape: [width] },
    { name: "output.weight", shape: [width, tokens.length] },
  ];
}

const [SIGNED, UNSIGNED, FLOAT, BOOLEAN, TEXT, LIST] = [5, 4, 6, 7, 8, 9];

function key(name: string, type: number, value: Buffer): Buffer {
  return Buffer.concat([string(name), whole(type), value]);
}

function textKey(name: string, text: string): Buffer {
  return key(name, TEXT, string(text));
}

function wholeKey(name: string, value: number): Buffer {
  return key(name, UNSIGNED, whole(value));
}

function list(name: string, type: number, values: readonly Buffer[]): Buffer {
  return key(name, LIST, Buffer.concat([whole(type), long(values.length), ...values]));
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([long(bytes.length), bytes]);
}

function whole(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((32 - (bytes.length % 32)) % 32)]);
}

/** Numbers that look normally distributed, the same for the same seed. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  const even = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => even() + even() + even() + even() - 2;
}
