/** Everything that can be known without running the code: one line a tool, its seconds, and what it says when it refuses. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root, shippedSources } from "./house.mjs";

const AT_ONCE = 2;
const MOST_LINES = 200;
const program = (name) => join(root, "node_modules/.bin", name);
const script = (name, ...args) => [process.execPath, join(root, "scripts", name), ...args];

/** The slowest first, so that the two lanes end together. */
const tools = {
  types: [
    program("tsc"),
    "--noEmit",
    "--pretty",
    "false",
    "--incremental",
    "--tsBuildInfoFile",
    "tmp/check.tsbuildinfo",
  ],
  "format and lint": [program("biome"), "check", "--error-on-warnings", "--max-diagnostics=50", "--colors=off", "."],
  boundaries: [program("depcruise"), "src", "--config", ".dependency-cruiser.mjs", "--output-type", "err-long"],
  "dead code": [program("knip"), "--no-progress", "--no-config-hints"],
  "generated files": script("generate.mjs", "--check"),
  budgets: script("budgets.mjs"),
};

/** Why a tool has nothing to look at yet, or undefined. */
function tooEarly(name) {
  const sources = shippedSources();
  if (["types", "boundaries"].includes(name) && sources.length === 0) return "src is empty";
  const entered = ["src/apps/cli/main.ts", "src/index.ts"].some((path) => existsSync(join(root, path)));
  return name === "dead code" && !entered ? "without src/index.ts or src/apps/cli/main.ts nothing is alive" : undefined;
}

/** The first lines of what a tool said: whoever reads it, person or model, mends those first. */
function excerpt(output) {
  const lines = output.trimEnd().split("\n");
  const more = lines.length > MOST_LINES ? [`... and ${lines.length - MOST_LINES} lines more`] : [];
  return [...lines.slice(0, MOST_LINES), ...more].map((line) => `        ${line}`).join("\n");
}

/** Runs a tool to its end; a tool that cannot be started has refused. */
function run([command, ...args]) {
  return new Promise((resolve) => {
    const started = performance.now();
    let output = "";
    const done = (status) => resolve({ status, output, seconds: (performance.now() - started) / 1000 });
    const child = spawn(command, args, { cwd: root, env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined } });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => {
      output += error.message;
      done(-1);
    });
    child.on("close", done);
  });
}

async function lane(queue, refused) {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [name, command] = next;
    const { status, output, seconds } = await run(command);
    console.log(`${status === 0 ? "ok    " : "FAILED"}  ${name.padEnd(16)} ${seconds.toFixed(1).padStart(5)} s`);
    if (status === 0) continue;
    refused.push(name);
    console.log(excerpt(output));
  }
}

const started = performance.now();
const queue = [];
for (const [name, command] of Object.entries(tools)) {
  const early = tooEarly(name);
  if (early === undefined) queue.push([name, command]);
  else console.log(`skip    ${name.padEnd(16)} ${early}`);
}
const refused = [];
await Promise.all(Array.from({ length: AT_ONCE }, () => lane(queue, refused)));
const total = ((performance.now() - started) / 1000).toFixed(1);
console.log(refused.length === 0 ? `checked in ${total} s` : `${refused.join(", ")} refused, after ${total} s`);
process.exitCode = refused.length === 0 ? 0 : 1;
