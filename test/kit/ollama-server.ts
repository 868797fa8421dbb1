import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A model that the fake server can load. */
export interface FakeModel {
  readonly name: string;
  readonly bytes: number;
  /** The longest context that it was made for. Default: 32768. */
  readonly context?: number;
}

export interface OllamaServerOptions {
  readonly models: readonly FakeModel[];
  /** Memory of the GPU; 0: there is none. Default: room for everything. */
  readonly gpuBytes?: number;
  readonly loadMilliseconds?: number;
  readonly answer?: (request: OllamaChatSeen) => string | Promise<string>;
  /** The vector of a text; absent: the server knows no `/api/embed`. */
  readonly embed?: (text: string) => readonly number[];
  /** Older servers do not say the context of a loaded model. Default: new. */
  readonly version?: "new" | "without-context" | "without-ps";
  /** A cap of the context, whatever is asked for: what is longer is cut, silently. */
  readonly capContext?: number;
}

/** A question that the fake server answered. */
export interface OllamaChatSeen {
  readonly model: string;
  readonly role: string;
  readonly task: string;
  readonly attempt: number;
  readonly system: string;
  readonly user: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Models in memory while it was asked. */
  readonly beside: readonly string[];
}

/**
 * A loopback server that keeps a memory as Ollama does: models are loaded, split, evicted and unloaded. A request for
 * `/restart` restarts it: nothing is in memory or broken any more.
 */
export interface OllamaServer {
  readonly url: string;
  /** Every load, oldest first: `model context`. */
  readonly loads: readonly string[];
  readonly chats: readonly OllamaChatSeen[];
  /** Models in memory. */
  loaded(): readonly string[];
  /** The next `times` loads of the model leave half of it on the CPU. */
  split(model: string, times: number): void;
  /** Unloading the model is answered well, and nothing happens. */
  keep(model: string): void;
  /** Unloading works again for all. */
  release(): void;
  /** Somebody else loads a model, with a context. */
  elsewhere(model: string, context?: number): void;
  close(): Promise<void>;
}

interface Resident {
  readonly model: FakeModel;
  readonly context: number;
  readonly gpuBytes: number;
  /** As a time: 0 once it is to go when its requests are done. */
  expires: number;
  asked: number;
}

interface Memory {
  readonly options: OllamaServerOptions;
  residents: Resident[];
  readonly loads: string[];
  readonly chats: OllamaChatSeen[];
  readonly splits: Map<string, number>;
  readonly kept: Set<string>;
}

export async function startOllamaServer(options: OllamaServerOptions): Promise<OllamaServer> {
  const memory: Memory = { options, residents: [], loads: [], chats: [], splits: new Map(), kept: new Set() };
  const server = createServer((request, response) => {
    void respond(memory, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    loads: memory.loads,
    chats: memory.chats,
    loaded: () => memory.residents.map(({ model }) => model.name),
    split: (model, times) => void memory.splits.set(model, times),
    keep: (model) => void memory.kept.add(model),
    release: () => memory.kept.clear(),
    elsewhere: (name, context = 4096) => put(memory, modelOf(memory, name), context),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Body = Readonly<Record<string, unknown>>;

function embed({ options }: Memory, body: Body, response: ServerResponse): void {
  const { embed: vectorOf } = options;
  const texts = body.input as readonly string[];
  if (vectorOf === undefined) json(response, 404, { error: `model "${body.model}" not found, try pulling it first` });
  else json(response, 200, { model: body.model, embeddings: texts.map((text) => vectorOf(text)) });
}

async function respond(memory: Memory, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  const { version = "new" } = memory.options;
  switch (request.url) {
    case "/api/version":
      return json(response, 200, { version: version === "new" ? "0.33.2" : "0.5.1" });
    case "/api/tags":
      return json(response, 200, { models: memory.options.models.map(({ name, bytes }) => ({ name, size: bytes })) });
    case "/api/show":
      return show(memory, body, response);
    case "/api/ps":
      if (version === "without-ps") return json(response, 404, { error: "404 page not found" });
      return json(response, 200, { models: memory.residents.map((one) => running(one, version)) });
    case "/api/generate":
      return generate(memory, body, response);
    case "/api/chat":
      return chat(memory, body, { request, response });
    case "/api/embed":
      return embed(memory, body, response);
    case "/restart":
      memory.residents = [];
      memory.splits.clear();
      memory.kept.clear();
      return json(response, 200, {});
    default:
      return json(response, 404, { error: "404 page not found" });
  }
}

function running({ model, context, gpuBytes, expires }: Resident, version: string): object {
  const expires_at = new Date(expires).toISOString();
  const sized = { name: model.name, model: model.name, size: model.bytes, size_vram: gpuBytes, expires_at };
  return version === "new" ? { ...sized, context_length: context } : sized;
}

function show(memory: Memory, body: Body, response: ServerResponse): void {
  const model = known(memory, body, response);
  if (model === undefined) return;
  const info = { "general.architecture": "fake", "fake.context_length": model.context ?? 32_768 };
  json(response, 200, { model_info: info, capabilities: ["completion"] });
}

async function generate(memory: Memory, body: Body, response: ServerResponse): Promise<void> {
  const model = known(memory, body, response);
  if (model === undefined) return;
  if (secondsOf(body.keep_alive) === 0) {
    for (const one of residents(memory, model)) one.expires = 0;
    clean(memory);
    return json(response, 200, { model: model.name, response: "", done: true, done_reason: "unload" });
  }
  const resident = await bring(memory, model, body);
  resident.expires = Date.now() + secondsOf(body.keep_alive) * 1000;
  json(response, 200, { model: model.name, response: "", done: true, done_reason: "load" });
}

async function chat(
  memory: Memory,
  body: Body,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const model = known(memory, body, response);
  if (model === undefined) return;
  const resident = await bring(memory, model, body);
  const seen = seenOf(memory, model, { body, headers: request.headers as Record<string, string> });
  memory.chats.push(seen);
  resident.asked += 1;
  const text = await (memory.options.answer ?? (() => "fine"))(seen);
  resident.asked -= 1;
  resident.expires = Date.now() + secondsOf(body.keep_alive) * 1000;
  if (secondsOf(body.keep_alive) === 0) resident.expires = 0;
  clean(memory);
  const counted = Math.ceil((seen.system.length + seen.user.length) / 3);
  const read = counted > resident.context ? Math.ceil(resident.context / 2) : counted;
  const line = (value: object) =>
    `${JSON.stringify({ model: model.name, created_at: "2026-01-01T00:00:00Z", ...value })}\n`;
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  response.write(line({ message: { role: "assistant", content: text }, done: false }));
  const counts = { prompt_eval_count: read, eval_count: Math.ceil(text.length / 3) };
  response.end(line({ message: { role: "assistant", content: "" }, done: true, done_reason: "stop", ...counts }));
}

/** Loads a model unless it is there with the same context; others are evicted, idle ones first, until it fits. */
async function bring(memory: Memory, model: FakeModel, body: Body): Promise<Resident> {
  const wanted = Number((body.options as { num_ctx?: number } | undefined)?.num_ctx ?? 4096);
  const context = Math.min(wanted, memory.options.capContext ?? wanted, model.context ?? 32_768);
  const there = residents(memory, model)[0];
  if (there?.context === context) return there;
  await new Promise((resolve) => setTimeout(resolve, memory.options.loadMilliseconds ?? 0));
  memory.loads.push(`${model.name} ${context}`);
  return put(memory, model, context);
}

function put(memory: Memory, model: FakeModel, context: number): Resident {
  const { gpuBytes = Number.POSITIVE_INFINITY } = memory.options;
  memory.residents = memory.residents.filter((one) => one.model !== model);
  const used = () => memory.residents.reduce((sum, one) => sum + one.gpuBytes, 0);
  while (gpuBytes > 0 && used() + model.bytes > gpuBytes && memory.residents.some(evictable(memory))) {
    const oldest = memory.residents.find(evictable(memory));
    memory.residents = memory.residents.filter((one) => one !== oldest);
  }
  const splits = memory.splits.get(model.name) ?? 0;
  if (splits > 0) memory.splits.set(model.name, splits - 1);
  const free = splits > 0 ? model.bytes / 2 : Math.max(0, gpuBytes - used());
  const expires = Date.now() + 300_000;
  const resident = { model, context, gpuBytes: Math.min(model.bytes, free), expires, asked: 0 };
  memory.residents.push(resident);
  return resident;
}

function evictable(memory: Memory): (one: Resident) => boolean {
  return (one) => one.asked === 0 && !memory.kept.has(one.model.name);
}

function clean(memory: Memory): void {
  const stays = (one: Resident) => one.expires > 0 || one.asked > 0 || memory.kept.has(one.model.name);
  memory.residents = memory.residents.filter(stays);
}

function residents(memory: Memory, model: FakeModel): Resident[] {
  return memory.residents.filter((one) => one.model === model);
}

function known(memory: Memory, body: Body, response: ServerResponse): FakeModel | undefined {
  const found = memory.options.models.find(
    ({ name }) => name === body.model || name === `${String(body.model)}:latest`,
  );
  if (found === undefined) json(response, 404, { error: `model '${String(body.model)}' not found` });
  return found;
}

function modelOf(memory: Memory, name: string): FakeModel {
  const found = memory.options.models.find((model) => model.name === name);
  if (found === undefined) throw new Error(`The fake server has no model ${name}.`);
  return found;
}

/** Ollama's rule: a number is seconds, a text is a duration with a unit. */
function secondsOf(keepAlive: unknown): number {
  if (typeof keepAlive === "number") return keepAlive;
  const [, number, unit] = /^(\d+)([smh])$/.exec(String(keepAlive ?? "5m")) ?? [];
  if (unit === undefined) throw new Error(`time: missing unit in duration ${String(keepAlive)}`);
  return Number(number) * { s: 1, m: 60, h: 3600 }[unit as "s" | "m" | "h"];
}

function seenOf(
  memory: Memory,
  model: FakeModel,
  { body, headers }: { readonly body: Body; readonly headers: Readonly<Record<string, string>> },
): OllamaChatSeen {
  const messages = (body.messages ?? []) as readonly { readonly role: string; readonly content: string }[];
  const said = (role: string) =>
    messages
      .filter((message) => message.role === role)
      .map(({ content }) => content)
      .join("\n");
  return {
    model: model.name,
    role: headers["x-millwright-role"] ?? "",
    task: headers["x-millwright-task"] ?? "",
    attempt: Number(headers["x-millwright-attempt"] ?? 0),
    system: said("system"),
    user: said("user"),
    body,
    beside: memory.residents.map((one) => one.model.name),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString("utf8");
  return text === "" ? {} : (JSON.parse(text) as Body);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
