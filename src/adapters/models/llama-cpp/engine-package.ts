import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StepFailure } from "../../../domain/step-failure.ts";
import type { EmbeddedPlaces } from "./places.ts";

/** The version that this adapter was written and measured with. */
const VERSION = "3.22.1";

/** Installed engine: node-llama-cpp with a prebuilt llama.cpp. */
export interface EnginePackage {
  /** Absolute path of the module. */
  readonly module: string;
  readonly version: string;
  /** True when a build for a graphics card is installed too. */
  readonly graphics: boolean;
}

const BUILDS: Readonly<Record<string, string>> = {
  "linux-x64": "linux-x64",
  "linux-arm64": "linux-arm64",
  "linux-arm": "linux-armv7l",
  "darwin-x64": "mac-x64",
  "darwin-arm64": "mac-arm64-metal",
  "win32-x64": "win-x64",
  "win32-arm64": "win-arm64",
};

/** The installed engine, or undefined. */
export function findEngine({ engine }: EmbeddedPlaces): EnginePackage | undefined {
  const home = join(engine, "node_modules", "node-llama-cpp");
  const builds = join(engine, "node_modules", "@node-llama-cpp");
  const module = join(home, "dist", "index.js");
  if (!existsSync(module) || !existsSync(builds)) return undefined;
  const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as { version: string };
  const graphics = readdirSync(builds).some((name) => /cuda|vulkan|metal/.test(name));
  return { module, version, graphics };
}

/**
 * What `npm` is told: one build for the processor (84 MB). Without `--omit=optional` it would bring every build for
 * graphics cards (724 MB); without its scripts nothing is compiled.
 * @throws StepFailure `environment` when there is no build for this machine
 */
export function installWords({ engine }: EmbeddedPlaces, machine = `${process.platform}-${process.arch}`) {
  const build = BUILDS[machine];
  if (build === undefined)
    throw new StepFailure(`node-llama-cpp has no ready-made build for ${machine}`, {
      code: "environment",
      remedy: "ask",
      hint: "Use a model server (Ollama, llama-server) instead; `millwright doctor` finds a running one.",
    });
  const packages = [`node-llama-cpp@${VERSION}`, `@node-llama-cpp/${build}@${VERSION}`];
  const quiet = ["--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"];
  return ["install", "--prefix", engine, ...quiet, ...packages] as const;
}

/** The engine is not installed. */
export function notInstalled(places: EmbeddedPlaces): StepFailure {
  return new StepFailure(`the embedded engine is not installed in ${places.engine}`, {
    code: "environment",
    remedy: "ask",
    hint: `Run \`millwright models fetch\`, or: npm ${installWords(places).join(" ")}`,
  });
}

/**
 * Installs the engine with npm, into its own folder. `env` is what npm sees.
 * @throws StepFailure `install-failed` with the end of npm's output; `cancelled`
 */
export async function installEngine(
  places: EmbeddedPlaces,
  env: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): Promise<EnginePackage> {
  await mkdir(places.engine, { recursive: true });
  const manifest = join(places.engine, "package.json");
  if (!existsSync(manifest)) await writeFile(manifest, '{ "private": true }\n');
  const words = installWords(places);
  const { exit, said } = await runNpm(words, { cwd: places.engine, env: npmEnvironment(env), signal });
  const found = findEngine(places);
  if (exit === 0 && found !== undefined) return found;
  if (signal?.aborted)
    throw new StepFailure("the installation was cancelled", { code: "cancelled", remedy: "stop", hint: "Try again." });
  throw new StepFailure(`npm could not install node-llama-cpp (exit ${exit}): ${said.trim().slice(-1500)}`, {
    code: "install-failed",
    remedy: "ask",
    hint: `Try it by hand: npm ${words.join(" ")}`,
  });
}

/** Its way to the registry, and nothing that a person's shell holds beside it. */
function npmEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const passed =
    /^(PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|SYSTEMROOT|TMPDIR|TEMP|TMP|NODE_EXTRA_CA_CERTS|(HTTPS?|NO)_PROXY)$/i;
  const entries = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (passed.test(entry[0]) || /^npm_config_/i.test(entry[0])),
  );
  return Object.fromEntries(entries);
}

interface NpmCall {
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly signal: AbortSignal | undefined;
}

function runNpm(
  words: readonly string[],
  { cwd, env, signal }: NpmCall,
): Promise<{ exit: number | null; said: string }> {
  const windows = process.platform === "win32";
  return new Promise((done) => {
    let said = "";
    const child = spawn(windows ? "npm.cmd" : "npm", words, {
      cwd,
      env,
      shell: windows,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const stop = () => void child.kill("SIGTERM");
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        said = (said + text).slice(-20_000);
      });
    child.on("error", (error) => done({ exit: null, said: error.message }));
    child.on("close", (exit) => {
      signal?.removeEventListener("abort", stop);
      done({ exit, said });
    });
  });
}
