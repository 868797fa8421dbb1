import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { expect, test } from "vitest";
import { served } from "../kit/served.ts";
import { subtracting } from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";
import { wholeCli } from "../kit/whole-cli.ts";

const cli = wholeCli();
const READING = ["status", "show", "andon", "wiki_query"];

async function overStdio(target: Target, ...words: readonly string[]): Promise<Client> {
  const { argv, environment } = cli.command(target, ["mcp", ...words]);
  const client = new Client({ name: "story", version: "1" });
  await client.connect(
    new StdioClientTransport({ command: argv[0], args: argv.slice(1), cwd: target.dir, env: { ...environment } }),
  );
  return client;
}

async function say(client: Client, name: string, given: object = {}) {
  const result = await client.callTool({ name, arguments: { ...given } });
  const [first] = result.content as readonly { readonly text: string }[];
  return { isError: result.isError === true, text: first?.text ?? "" };
}

const names = async (client: Client) => (await client.listTools()).tools.map(({ name }) => name);

test("over stdio: a client that may write begins a run, polls it, and reads its report; the run outlives the client", async () => {
  const { target, close } = await served({ script: subtracting() });
  try {
    const writer = await overStdio(target, "--allow-write");
    expect(await names(writer)).toEqual([...READING, "plan", "run", "approve"]);
    const begun = await say(writer, "run", { path: "specs/subtract.md" });
    expect(begun.isError, begun.text).toBe(false);
    const { run } = JSON.parse(begun.text) as { readonly run: string };
    await writer.close();

    const reader = await overStdio(target);
    expect(await names(reader)).toEqual(READING);
    const state = async () => JSON.parse((await say(reader, "status", { run })).text) as { run: { state: string } };
    for (let look = 0; look < 300 && (await state()).run.state === "open"; look += 1) await pause(300);
    expect(await state()).toMatchObject({ atWork: false, stopped: [], run: { id: run, state: "done", waiting: [] } });
    expect((await say(reader, "show")).text).toContain("## Landed");
    expect((await say(reader, "show", { run, diff: true })).text).toContain("+export function subtract");
    expect(JSON.parse((await say(reader, "andon")).text)).toEqual({ stopped: [], open: [] });
    expect((await say(reader, "run", { path: "specs/subtract.md" })).isError).toBe(true);
    expect(await say(reader, "show", { run: "nonsense" })).toMatchObject({ isError: true });
    await reader.close();
  } finally {
    await close();
  }
}, 180_000);

test("what a client says is one word of a command, inside the repository", async () => {
  const { target, close } = await served({ script: subtracting() });
  try {
    const client = await overStdio(target, "--allow-write");
    for (const given of [
      { path: "../outside.md" },
      { path: "/etc/passwd" },
      { text: "--help" },
      { path: "specs/subtract.md", text: "and more" },
      {},
      { path: "specs/missing.md" },
    ])
      expect(await say(client, "run", given), JSON.stringify(given)).toMatchObject({ isError: true });
    const unknown = await say(client, "approve", { run: "r1", digest: "abcdefgh" });
    expect(unknown).toMatchObject({ isError: true });
    await client.close();
  } finally {
    await close();
  }
}, 120_000);

test("over HTTP: only with the token, only on loopback, with the same tools", async () => {
  const { target, close } = await served({ script: subtracting() });
  const live = cli.start(target, ["mcp", "--http", "0"]);
  try {
    let url = "";
    for (let look = 0; look < 200 && url === ""; look += 1) {
      await pause(100);
      url = /http:\/\/127[.]0[.]0[.]1:\d+\/mcp/.exec(live.said())?.[0] ?? "";
    }
    const token = readFileSync(join(target.dir, ".millwright/token"), "utf8").trim();
    expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(401);
    expect((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(405);
    const headers = { authorization: `Bearer ${token}` };
    const client = new Client({ name: "story", version: "1" });
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }) as Transport);
    expect(await names(client)).toEqual(READING);
    expect(JSON.parse((await say(client, "status")).text)).toMatchObject({ runs: [], atWork: false });
    await client.close();
  } finally {
    live.child.kill("SIGTERM");
    expect((await live.ended).exit).toBe(0);
    await close();
  }
}, 120_000);
