/**
 * What one tiny task costs in requests and prompt tokens, counted by a loopback server: "add one function with a test to a
 * small repository". The mill's own text backend (tester, developer and reviewer together) beside each agent program
 * alone, as the mill starts it, in its sandbox. No language model: a script answers, with three requests an agent (write both
 * files, run the tests, stop), so that prompts, protocols and processes are real, and quality is not looked at.
 *
 *   MILLWRIGHT_AGENTS=<folders of the programs and of a Node 22, with colons between> node bench/agents.mjs [rounds]
 *
 * who,requests,prompt characters,prompt tokens (o200k),prompt tokens (chars/4),first prompt characters,start to first request ms,wall ms
 *
 * Prompt characters are those of the request bodies' system, messages and tools; medians over the rounds (default 3).
 * `prompt tokens (o200k)` needs gpt-tokenizer, as bench/prompts.mjs does; else it stays empty.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { median, product, root, row } from "./kit/house.mjs";

const folders = (process.env.MILLWRIGHT_AGENTS ?? "").split(":").filter((folder) => folder !== "");

// The kit of the tests is TypeScript, which a newer Node reads as it is; the agents need such a Node anyway.
if (Number(process.versions.node.split(".")[0]) < 22) {
  const node = folders.map((folder) => join(folder, "node")).find((path) => existsSync(path));
  if (node === undefined) throw new Error("MILLWRIGHT_AGENTS names no folder with a Node 22 or newer");
  const again = spawnSync(node, ["--no-warnings", ...process.argv.slice(1)], { stdio: "inherit" });
  process.exit(again.status ?? 1);
}

const kit = (name) => import(pathToFileURL(join(root, "test/kit", name)).href);
const { agentGround, installed } = await kit("agents.ts");
const { REAL_AGENTS } = await kit("real-agents.ts");
const { startModelServer } = await kit("model-server.ts");
const { SUMS_CONFIG, subtracting, sums, testOf } = await kit("sums.ts");

const rounds = Number(process.argv[2] ?? 3);
const CODE = "export function subtract(left, right) {\n  return left - right;\n}\n";
const TESTS = testOf("subtract", "AC1 subtracts", "assert.equal(subtract(5, 3), 2);");
const TASK =
  "Add `subtract(left, right)` in src/subtract.js, with a test in test/subtract.test.js: subtract(5, 3) is 2.\n";

const countTokens = await tokenizer();

async function tokenizer() {
  const folder = process.env.GPT_TOKENIZER ?? join(root, "node_modules/gpt-tokenizer");
  const path = join(folder, "esm/encoding/o200k_base.js");
  if (!existsSync(path)) return undefined;
  const { countTokens: count } = await import(pathToFileURL(path).href);
  return (text) => count(text, { disallowedSpecial: new Set() });
}

/** All that the model has to read of a request. */
function promptOf({ body }) {
  const { system, instructions, messages, input, contents, systemInstruction, tools } = body;
  const parts = [system, instructions, systemInstruction, tools, messages ?? input ?? contents];
  return parts.map(textOf).join("");
}

function textOf(part) {
  if (part === undefined) return "";
  return typeof part === "string" ? part : JSON.stringify(part);
}

function measured(chats, firstAt, begun, ended) {
  const prompts = chats.map(promptOf);
  const characters = prompts.reduce((sum, prompt) => sum + prompt.length, 0);
  return {
    requests: prompts.length,
    characters,
    tokens: countTokens ? prompts.reduce((sum, prompt) => sum + countTokens(prompt), 0) : undefined,
    first: prompts[0]?.length ?? 0,
    firstMs: firstAt - begun,
    wallMs: ended - begun,
  };
}

/** One run of the whole mill in a process of its own. */
async function mill() {
  const script = subtracting();
  let firstAt = 0;
  const server = await startModelServer({
    answer: async (seen) => {
      firstAt ||= performance.now();
      return String(await script(seen));
    },
  });
  const config = SUMS_CONFIG.replace("default: mailbox", "default: local/m");
  const servers = `servers: { local: { kind: openai-compatible, url: "${server.openAiUrl}" } }\n`;
  const target = sums({ "millwright.yaml": config + servers });
  const begun = performance.now();
  const child = spawn(process.execPath, [join(await product(), "dist/apps/cli/main.js"), "run", "specs/subtract.md"], {
    cwd: target.dir,
    env: { PATH: process.env.PATH, HOME: target.dir },
    stdio: "ignore",
  });
  const exit = await new Promise((resolve) => child.on("close", resolve));
  const ended = performance.now();
  if (exit !== 0) throw new Error(`the mill ended with ${exit}`);
  const three = server.chats.filter(({ role }) => ["tester", "developer", "reviewer"].includes(role));
  const all = measured(server.chats, firstAt, begun, ended);
  await server.close();
  target.remove();
  return { three: { ...measured(three, firstAt, begun, ended) }, all };
}

/** One session of an agent program, through the mill's backend. */
async function alone(real) {
  let firstAt = 0;
  const server = await startModelServer({
    answer: (seen) => {
      firstAt ||= performance.now();
      if (seen.tools.length === 0) return "title";
      const write = [real.write("test/subtract.test.js", TESTS), real.write("src/subtract.js", CODE)];
      if (seen.results.length === 0) return { text: "I write both files.", tools: write };
      if (seen.results.length <= 2) return { tools: [check(seen)] };
      return "Done.";
    },
  });
  const ground = await agentGround({ files: { "package.json": '{ "type": "module" }\n' } });
  const backend = ground.backend({ kind: real.kind, url: real.url(server), key: "AGENT_KEY" }, real.model);
  const workspace = { repository: undefined, tree: ground.tree, scope: ["src/**", "test/**"] };
  const request = { run: "r", task: "T1", role: "developer", attempt: 1, model: real.model, seconds: 300 };
  const begun = performance.now();
  const reply = await backend.ask({ ...request, system: "", user: TASK, workspace });
  const ended = performance.now();
  if (!reply.text.includes("### FILE src/subtract.js")) throw new Error(`${real.program} proposed nothing`);
  const result = measured(server.chats, firstAt, begun, ended);
  await ground.close();
  await server.close();
  return result;
}

function check({ tools }) {
  if (tools.includes("exec_command")) return { name: "exec_command", input: { cmd: "node --test" } };
  const name = ["Bash", "run_shell_command"].find((known) => tools.includes(known)) ?? "bash";
  return { name, input: { command: "node --test", description: "test" } };
}

function print(who, runs) {
  const of = (key) => median(runs.map((run) => run[key]));
  const tokens = countTokens ? of("tokens") : "";
  const quarter = Math.round(of("characters") / 4);
  row(
    who,
    of("requests"),
    of("characters"),
    tokens,
    quarter,
    of("first"),
    Math.round(of("firstMs")),
    Math.round(of("wallMs")),
  );
}

console.log("# a scripted model answers; an agent's time holds making its copy and its sandbox");
row(
  "who",
  "requests",
  "prompt characters",
  "prompt tokens (o200k)",
  "prompt tokens (chars/4)",
  "first prompt characters",
  "start to first request ms",
  "wall ms",
);
await product();
const runs = [];
for (let round = 0; round < rounds; round += 1) runs.push(await mill());
print(
  "millwright text backend: tester + developer + reviewer",
  runs.map(({ three }) => three),
);
print(
  "millwright text backend: with architect and goal-checker",
  runs.map(({ all }) => all),
);
for (const real of REAL_AGENTS) {
  if (!installed(real.program)) {
    console.log(`# ${real.program} is not installed`);
    continue;
  }
  const sessions = [];
  for (let round = 0; round < rounds; round += 1) sessions.push(await alone(real));
  print(`${real.program} alone`, sessions);
}
