/**
 * Runs one language model in a process of its own, so that its memory is not the mill's and a native crash ends only this
 * process. Speaks the messages of engine-messages.ts over the channel that `fork` opens; started with no words.
 */
import { pathToFileURL } from "node:url";

const STEP = 4096;
/** Least room for a reply, in tokens: below it a prompt counts as too large. */
const LEAST_ROOM = 256;

const logs = [];
const running = new Map();
let engine;

process.on("message", (message) => {
  if (message.kind === "abort") running.get(message.id)?.abort();
  else if (message.kind === "load") void tell(undefined, () => load(message));
  else if (message.kind === "ask") void tell(message.id, () => ask(message));
});
// The mill is gone. No destructor of native code shall hold this process back.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));

async function tell(id, work) {
  try {
    process.send(await work());
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // The lines that say why are on their way from llama.cpp's own threads.
    await new Promise((done) => setTimeout(done, 150));
    process.send({ kind: "failed", id, name: error?.name ?? "Error", message, logs: logs.slice(-12) });
  }
}

async function load({ module, file, threads, graphics }) {
  const library = await import(pathToFileURL(module).href);
  const llama = await library.getLlama({
    gpu: graphics ? "auto" : false,
    build: "never",
    skipDownload: true,
    progressLogs: false,
    maxThreads: threads,
    logger: (_level, line) => logs.push(line),
  });
  const model = await llama.loadModel({ modelPath: file });
  const wrapper = library.resolveChatWrapper(model);
  engine = { library, llama, model, wrapper, threads, grammars: new Map(), context: undefined, sequence: undefined };
  return { kind: "loaded", context: model.trainContextSize };
}

async function ask(question) {
  const { library, model, wrapper } = engine;
  const { id, room, temperature, seed } = question;
  const history = historyOf(question);
  const prompt = wrapper.generateContextState({ chatHistory: history }).contextText.tokenize(model.tokenizer).length;
  if (prompt + LEAST_ROOM > model.trainContextSize)
    return { kind: "too-large", id, prompt, context: model.trainContextSize };
  const sequence = await sequenceFor(Math.min(prompt + room, model.trainContextSize));
  const abort = new AbortController();
  running.set(id, abort);
  const before = sequence.tokenMeter.getState();
  const chat = new library.LlamaChat({ contextSequence: sequence, chatWrapper: wrapper });
  try {
    const grammar = await grammarFor(question.schema);
    const { response, metadata } = await chat.generateResponse(history, {
      maxTokens: Math.min(room, sequence.contextSize - prompt),
      temperature,
      seed,
      repeatPenalty: false,
      signal: abort.signal,
      ...(grammar && { grammar }),
      onResponseChunk: progressOf(id),
    });
    const used = sequence.tokenMeter.diff(before);
    const finish = metadata.stopReason === "maxTokens" ? "length" : "stop";
    const cached = Math.max(0, prompt - used.usedInputTokens);
    return { kind: "reply", id, text: response, input: prompt, output: used.usedOutputTokens, cached, finish };
  } finally {
    running.delete(id);
    chat.dispose({ disposeSequence: false });
  }
}

function historyOf({ system, user }) {
  const asked = [
    { type: "user", text: user },
    { type: "model", response: [] },
  ];
  return system === "" ? asked : [{ type: "system", text: system }, ...asked];
}

/** Keeps the context of the last question, whose beginning this one often shares, unless it is too small. */
async function sequenceFor(tokens) {
  if (engine.sequence !== undefined && engine.context.contextSize >= tokens) return engine.sequence;
  await engine.context?.dispose();
  engine.sequence = undefined;
  const { model, threads } = engine;
  const contextSize = Math.min(Math.ceil(tokens / STEP) * STEP, model.trainContextSize);
  engine.context = await model.createContext({ contextSize, threads });
  engine.sequence = engine.context.getSequence();
  return engine.sequence;
}

/** A schema that has no grammar is left to the prompt, as with a server that refuses schemas. */
async function grammarFor(schema) {
  if (schema === undefined) return undefined;
  const key = JSON.stringify(schema);
  if (!engine.grammars.has(key))
    engine.grammars.set(key, await engine.llama.createGrammarForJsonSchema(schema).catch(() => undefined));
  return engine.grammars.get(key);
}

function progressOf(id) {
  let [tokens, told] = [0, 0];
  return (chunk) => {
    tokens += chunk.tokens.length;
    if (Date.now() - told < 200) return;
    told = Date.now();
    process.send({ kind: "progress", id, tokens });
  };
}
