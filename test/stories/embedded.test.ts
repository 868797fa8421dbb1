import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { available } from "../kit/available.ts";
import { type ModelHub, startModelHub } from "../kit/model-hub.ts";
import { SUMS_CONFIG, sums } from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";
import { randomModel } from "../kit/tiny-gguf.ts";
import { factsIn, wholeCli } from "../kit/whole-cli.ts";

const cli = wholeCli();
const MODEL = "hf:acme/Tiny-GGUF:Q4_K_M";
const NO_MODEL = `${SUMS_CONFIG.replace("models: { default: mailbox }\nindependence: none\n", "")}limits: { planAttempts: 2 }\n`;
const BARE = available.bwrap ? [] : ["--sandbox", "none"];
const NO_ENGINE = "MILLWRIGHT_LLAMA names no folder with node-llama-cpp";

let hub: ModelHub | undefined;
let target: Target | undefined;
afterEach(async () => {
  await hub?.close();
  target?.remove();
});

/** A person with a repository, and neither a model nor a server, an agent or a key. */
async function alone() {
  const weights = randomModel(7, { context: 65_536 });
  hub = await startModelHub({ models: { "acme/Tiny-GGUF": { "tiny-Q4_K_M.gguf": weights } } });
  target = sums({ "millwright.yaml": NO_MODEL });
  const environment = {
    HF_ENDPOINT: hub.url,
    MILLWRIGHT_EMBEDDED: MODEL,
    MILLWRIGHT_LLAMA: process.env.MILLWRIGHT_LLAMA ?? "",
  };
  const file = join(dirname(target.dir), "home/.local/share/millwright/models/acme/Tiny-GGUF/tiny-Q4_K_M.gguf");
  return { hub, target, environment, weights, file };
}

test("where nobody can be asked, a run says what to do instead of fetching anything", async () => {
  const { hub, target, environment } = await alone();
  const end = await cli.call(target, ["run", "specs/subtract.md"], { environment });
  expect(end.exit).toBe(2);
  expect(end.stderr).toContain(`millwright models fetch ${MODEL}`);
  expect(end.stderr).toContain("--yes");
  expect(hub.requests).toEqual([]);
});

test("a key that is there is named, and no model is offered", async () => {
  const { hub, target, environment } = await alone();
  const end = await cli.call(target, ["run", "specs/subtract.md", "--yes"], {
    environment: { ...environment, ANTHROPIC_API_KEY: "dummy" },
  });
  expect(end.exit).toBe(2);
  expect(end.stderr).toContain("here is the key ANTHROPIC_API_KEY: `millwright init`");
  expect(hub.requests).toEqual([]);
});

test("with --yes the model is fetched; it talks nonsense, and the run ends stuck", async (context) => {
  if (!available.llama) context.skip(NO_ENGINE);
  const { hub, target, environment, weights, file } = await alone();
  hub.fail({ kind: "cut-off", after: 100_000 });
  const end = await cli.call(target, ["run", "specs/subtract.md", "--yes", "--json", ...BARE], { environment });
  expect([end.exit, end.stderr]).toEqual([1, expect.stringContaining("100 %")]);
  expect(readFileSync(file).equals(weights)).toBe(true);
  expect(hub.requests.some((line) => line.includes("bytes=100000-"))).toBe(true);
  expect(end.stderr).toContain("To keep it, write in millwright.yaml:");
  const [started] = factsIn(end, "run-started");
  expect(started).toMatchObject({ independence: "none", models: { architect: `llama.cpp/${MODEL}` } });
  expect(factsIn(end, "run-ended").map(({ outcome }) => outcome)).toEqual(["stuck"]);

  const again = await cli.call(target, ["models", "fetch", MODEL], { environment });
  expect([again.exit, again.stdout]).toEqual([0, expect.stringContaining(`llama.cpp/${MODEL}`)]);
});

test("at a terminal it asks, with sizes and in so many words; no is no, and yes goes on", async (context) => {
  if (!available.tmux) context.skip("tmux is not installed");
  if (!available.llama) context.skip(NO_ENGINE);
  const { hub, target, environment, file } = await alone();
  const command = cli.command(target, ["run", "specs/subtract.md", ...BARE], { environment });
  const story = join(dirname(target.dir), "story.sh");
  const call = command.argv.map((word) => `'${word}'`).join(" ");
  writeFileSync(story, `cd '${target.dir}'\n${call}; echo "exit: $?"\n${call}; echo "exit: $?"\nsleep 60\n`);
  const socket = `millwright-embedded-${process.pid}`;
  const tmux = (...words: readonly string[]) =>
    spawnSync("tmux", ["-L", socket, "-f", "/dev/null", ...words], { encoding: "utf8" }).stdout;
  const settings = Object.entries(command.environment).map(([name, value]) => `${name}=${value}`);
  const screen = () => tmux("capture-pane", "-p", "-S", "-500", "-t", "0");
  const until = async (text: string | RegExp) => {
    for (let tries = 0; tries < 400 && screen().match(text) === null; tries += 1) await pause(200);
    expect(screen()).toMatch(text);
  };
  try {
    const words = ["sh", "-c", 'sleep 1; exec "$@"', "sh", "env", "-u", "CI", ...settings, "sh", story];
    tmux("new-session", "-d", "-x", "200", "-y", "50", words.map((word) => `'${word}'`).join(" "));
    await until(/\[1 or n\]/);
    expect(screen()).toContain("One model makes the work AND judges it");
    tmux("send-keys", "-t", "0", "n", "Enter");
    await until("exit: 2");
    expect(hub.requests).toEqual([]);
    await until(/exit: 2[\s\S]*\[1 or n\]/);
    tmux("send-keys", "-t", "0", "y", "Enter");
    await until("exit: 1");
    expect(existsSync(file)).toBe(true);
  } finally {
    tmux("kill-server");
  }
});
