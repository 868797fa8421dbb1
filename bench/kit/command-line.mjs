/** The compiled `millwright` as a process of its own, and a loopback server that answers it like a model server. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./house.mjs";

/**
 * Starts a command; `ended` answers exit code, output, errors and the most memory that the process held, in MB (undefined
 * when it was killed).
 */
export function runCommand(productDir, args, cwd) {
  const folder = mkdtempSync(join(tmpdir(), "millwright-peak-"));
  const peakFile = join(folder, "peak");
  const started = performance.now();
  const child = spawn(
    process.execPath,
    ["--import", join(root, "bench/kit/peak-memory.mjs"), join(productDir, "dist/apps/cli/main.js"), ...args],
    { cwd, env: { PATH: process.env.PATH, HOME: tmpdir(), MILLWRIGHT_BENCH_PEAK: peakFile, NO_COLOR: "1" } },
  );
  let [output, errors] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    errors += text;
  });
  const ended = new Promise((resolve) =>
    child.on("close", (code) => {
      let peak;
      try {
        peak = Number(readFileSync(peakFile, "utf8")) / 1024;
      } catch {}
      rmSync(folder, { recursive: true, force: true });
      resolve({ code, output, errors, peak });
    }),
  );
  return { started, pid: child.pid, ended, kill: () => child.kill("SIGKILL") };
}

/** An OpenAI-compatible server; `script` gets role, task and attempt from the headers that the mill sends. */
export async function modelServer(script) {
  let waiting = () => undefined;
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      // What the mill asks of a server before it asks its model.
      if (request.method !== "POST") return response.writeHead(404).end();
      waiting(performance.now());
      const header = (name) => request.headers[`x-millwright-${name}`];
      const text = script({ role: header("role"), task: header("task"), attempt: Number(header("attempt")) });
      const body = Buffer.concat(chunks).toString("utf8");
      const { stream } = JSON.parse(body);
      answer(response, text, { stream, prompt: Math.ceil(body.length / 3) });
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    next: () =>
      new Promise((resolve) => {
        waiting = resolve;
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

function answer(response, text, { stream, prompt }) {
  // The mill mistrusts a server that counts fewer tokens than a prompt can have.
  const usage = { prompt_tokens: prompt, completion_tokens: 1, total_tokens: prompt + 1 };
  const about = { id: "bench", created: 0, model: "scripted" };
  if (!stream) {
    response.writeHead(200, { "content-type": "application/json" });
    const choices = [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }];
    response.end(JSON.stringify({ ...about, object: "chat.completion", choices, usage }));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const piece = (delta, finish, more = {}) => {
    const choices = [{ index: 0, delta, finish_reason: finish }];
    response.write(`data: ${JSON.stringify({ ...about, object: "chat.completion.chunk", choices, ...more })}\n\n`);
  };
  piece({ role: "assistant", content: text }, null);
  piece({}, "stop", { usage });
  response.end("data: [DONE]\n\n");
}
