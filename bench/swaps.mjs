/**
 * How often are models loaded when two of them share a memory that holds one? A plan of 12 tasks, each with a tester and a
 * developer on one model and a reviewer on another; every third task's review refuses once. The engine's own order of tasks
 * drives the real Ollama backend; a loopback server that keeps a memory as Ollama does counts what it loads. Its replies are
 * scripted, take 15 ms, and the gates between them up to 0.1 s (quick) or 1 s (slow). `arrival`: requests as they come (`mode: as-is`); `fewest-swaps`: `mode: exclusive`.
 *
 *   node bench/swaps.mjs [tasks]
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import typescript from "typescript";
import { load, root, row, scratch } from "./kit/house.mjs";

const TASKS = Number(process.argv[2] ?? 12);
const GB = 1e9;
const LOAD_MILLISECONDS = 40;
const REPLY_MILLISECONDS = 15;
const MODELS = [
  { name: "maker:14b", bytes: 9 * GB },
  { name: "judge:8b", bytes: 8 * GB },
];

/** The fake server of the tests, compiled on the way. */
async function fakeServer() {
  const source = readFileSync(join(root, "test/kit/ollama-server.ts"), "utf8");
  const { outputText } = typescript.transpileModule(source, {
    compilerOptions: { module: typescript.ModuleKind.ESNext, target: typescript.ScriptTarget.ES2023 },
  });
  const dir = scratch();
  const file = join(dir, "ollama-server.mjs");
  writeFileSync(file, outputText);
  const module = await import(pathToFileURL(file).href);
  rmSync(dir, { recursive: true });
  return module;
}

const { startOllamaServer } = await fakeServer();
const { openModels } = await load("compose/open-models.js");
const { Config } = await load("domain/config.js");
const { systemClock } = await load("adapters/clock/system.js");
const { sideBySide } = await load("engine/side-by-side.js");

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function measure({ shape, gatesAre, parallel, mode }) {
  const answer = () => sleep(REPLY_MILLISECONDS).then(() => "scripted");
  const options = { models: MODELS, gpuBytes: 10 * GB, loadMilliseconds: LOAD_MILLISECONDS, answer };
  const server = await startOllamaServer(options);
  const dir = scratch();
  const models = openModels({
    config: Config.parse({
      models: { default: "ollama/maker:14b", reviewer: "ollama/judge:8b" },
      servers: { ollama: { kind: "ollama", url: server.url, mode } },
    }),
    run: "bench",
    mailboxDir: dir,
    recordingDir: dir,
    env: {},
    clock: systemClock(),
  });
  const ask = (task, role, attempt) => {
    const model = models.identify(role).name;
    return models.ask({ run: "bench", task, role, attempt, model, system: "", user: "Do it.", seconds: 600 });
  };
  // What gates take between two questions, another time for each task.
  const pace = gatesAre === "slow" ? 100 : 10;
  const gates = (at) => sleep(5 + ((at * 7) % 11) * pace);
  const pieces = Array.from({ length: TASKS }, (_, at) => ({
    name: `T${at + 1}`,
    needs: shape === "chain" && at > 0 ? [`T${at}`] : [],
    at,
  }));
  await sideBySide(pieces, { width: parallel, busy: (count) => models.busy(count) }, async ({ name, at }) => {
    await ask(name, "tester", 1);
    await gates(at);
    const rounds = at % 3 === 2 ? 2 : 1;
    for (let round = 1; round <= rounds; round += 1) {
      await ask(name, "developer", round);
      await gates(at + round);
      await ask(name, "reviewer", round);
    }
    await gates(at);
    return undefined;
  });
  const order = mode === "exclusive" ? "fewest-swaps" : "arrival";
  row(shape, gatesAre, TASKS, parallel, order, server.loads.length, server.chats.length);
  await server.close();
  rmSync(dir, { recursive: true, force: true });
}

row("tasks are", "gates are", "tasks", "parallel", "order", "loads", "questions");
for (const [shape, gatesAre] of [
  ["independent", "quick"],
  ["independent", "slow"],
  ["chain", "quick"],
])
  for (const parallel of [1, 4, 12])
    for (const mode of ["as-is", "exclusive"]) await measure({ shape, gatesAre, parallel, mode });
