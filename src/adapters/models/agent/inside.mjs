/**
 * Runs inside the sandbox and starts the agent there: `node inside.mjs <folder> <port> <program> [argument...]`. The
 * folder holds two sockets of the mill's: `talk.sock` carries the agent's streams as lines of JSON, `model.sock` leads to
 * the one model endpoint, which the agent finds at 127.0.0.1:<port> (0: it needs no such way). Ends with the agent, or
 * with the mill.
 */
import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { mkdir, open, realpath } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { dirname, join, sep } from "node:path";

const [folder, port, program, ...args] = process.argv.slice(2);
const GRACE_MILLISECONDS = 1500;

// The agent's whole process group is told; this process is in it, and stays until the agent has gone.
for (const name of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(name, () => undefined);

const talk = connect(`${folder}/talk.sock`);
talk.on("error", () => process.exit(1));
talk.on("close", () => end());
const tell = (message) => talk.write(`${JSON.stringify(message)}\n`);

if (port !== "0") {
  const server = createServer((socket) => {
    const upstream = connect(`${folder}/model.sock`);
    socket.on("error", () => upstream.destroy());
    upstream.on("error", () => socket.destroy());
    socket.pipe(upstream).pipe(socket);
  });
  await new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(Number(port), "127.0.0.1", resolve);
  });
}

const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
child.on("error", (error) => {
  tell({ exit: error.code === "ENOENT" ? 127 : 126, why: error.message });
  talk.end();
});
child.stdin.on("error", () => undefined);
child.stdout.setEncoding("utf8").on("data", (text) => tell({ out: text }));
child.stderr.setEncoding("utf8").on("data", (text) => tell({ err: text }));
child.on("exit", (code, signal) => {
  // Whoever holds the streams open after the agent has gone was left behind by it.
  const told = setTimeout(() => exited(code, signal), 300);
  child.on("close", () => {
    clearTimeout(told);
    exited(code, signal);
  });
});

let gone = false;
function exited(code, signal) {
  if (gone) return;
  gone = true;
  tell({ exit: code ?? 128, signal });
  talk.end();
}

let heard = "";
talk.setEncoding("utf8").on("data", (text) => {
  heard += text;
  for (let at = heard.indexOf("\n"); at >= 0; at = heard.indexOf("\n")) {
    const message = JSON.parse(heard.slice(0, at));
    heard = heard.slice(at + 1);
    if (message.in !== undefined) child.stdin.write(message.in);
    if (message.end) child.stdin.end();
    if (message.file !== undefined) void file(message);
    if (message.terminate) end();
  }
});

/** Reads or writes a file of the current folder; no link leads out of it. */
async function file({ file: id, path, write }) {
  try {
    tell({ file: id, text: await (write === undefined ? readText(path) : writeText(path, write)) });
  } catch (error) {
    if (write === undefined && error.code === "ENOENT") tell({ file: id, text: "" });
    else tell({ file: id, error: `${path}: ${error.message}` });
  }
}

async function readText(path) {
  const handle = await open(await inFolder(path), constants.O_RDONLY | constants.O_NOFOLLOW);
  return handle.readFile("utf8").finally(() => handle.close());
}

async function writeText(path, text) {
  const target = await inFolder(path);
  await mkdir(dirname(target), { recursive: true });
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
  const handle = await open(target, flags, 0o644);
  await handle.writeFile(text).finally(() => handle.close());
  return "";
}

async function inFolder(path) {
  const root = await realpath(".");
  const nearest = async (one) => (await realpath(one).catch(() => undefined)) ?? nearest(dirname(one));
  const real = await nearest(dirname(join(root, path)));
  if (real !== root && !real.startsWith(root + sep)) throw new Error("it leads out of the copy");
  return join(root, path);
}

function end() {
  group("SIGTERM");
  setTimeout(
    () => {
      group("SIGKILL");
      process.exit(0);
    },
    gone ? 0 : GRACE_MILLISECONDS,
  );
  child.on("exit", () => {
    group("SIGKILL");
    process.exit(0);
  });
}

function group(name) {
  try {
    process.kill(0, name);
  } catch {
    // Nobody is left in it.
  }
}
