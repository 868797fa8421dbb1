import { posix } from "node:path";
import { BrowserSettings } from "../../../domain/browser-config.ts";
import type { BrowserReport } from "../../../domain/browser-report.ts";
import type { Config } from "../../../domain/config.ts";
import { digestOfValue } from "../../../domain/digest.ts";
import type { Mount, SandboxResult } from "../../../domain/sandbox-job.ts";
import { StepFailure } from "../../../domain/step-failure.ts";
import type { TreeId } from "../../../domain/work.ts";
import type { Browser, BrowserJob, Sandbox } from "../../../engine/ports.ts";
import { browserLimits } from "./browser-limits.ts";
import { type FoundBrowser, findBrowser } from "./find-browser.ts";
import { readEnds } from "./read-ends.ts";
import { playwrightPackage, runnerFolder } from "./runner-folder.ts";

/** A clean export of a tree, ready to run something in. */
export interface Place {
  /** The export as the run sees it. */
  readonly root: string;
  readonly mounts: readonly Mount[];
  readonly env: Readonly<Record<string, string>>;
  dispose(): Promise<void>;
}

export interface ChromiumOptions {
  readonly config: Config;
  readonly sandbox: Sandbox;
  /** Opens an export; `bare`: without the packages that the tree wants. */
  place(tree: TreeId, packages: "installed" | "bare"): Promise<Place>;
  /** Digest of the packages that a tree wants. */
  packages(tree: TreeId): Promise<string>;
  /** Programs are looked for here. */
  readonly path: string;
}

/** Counts changes of how the runner looks: what was seen by an earlier one is not believed. */
const RUNNER = 1;
const START_SECONDS = 90;

/** Drives the system's Chromium through Playwright, inside the sandbox. Nothing is looked for until it is asked. */
export function openChromium(options: ChromiumOptions): Browser {
  const { config, sandbox, path } = options;
  const settings = BrowserSettings.parse(config.browser ?? {});
  let found: Promise<FoundBrowser> | undefined;
  const browser = () => {
    found ??= findBrowser(config, sandbox, path);
    found.catch(() => {
      found = undefined;
    });
    return found;
  };
  return {
    prepare: async (tree) => {
      const { executable, name } = await browser();
      const packages = settings.build === undefined ? "" : await options.packages(tree);
      return digestOfValue({ executable, name, packages, settings, playwright: playwrightPackage().version, RUNNER });
    },
    look: async (job, signal) => {
      const chromium = await browser();
      const place = await options.place(job.tree, settings.build === undefined ? "bare" : "installed");
      try {
        const seen = { browser: chromium.name, sandbox: sandbox.name };
        const broken = await build(place, { settings, options, signal });
        if (broken) return { ...seen, ended: broken.ended, build: failedBuild(broken), checks: [] };
        return { ...seen, ...(await runChecks(job, place, { chromium, settings, options, signal })) };
      } finally {
        await place.dispose();
      }
    },
  };
}

interface Looking {
  readonly settings: BrowserSettings;
  readonly options: ChromiumOptions;
  readonly signal: AbortSignal | undefined;
}

/** Builds the pages where the config says how; answers when that failed. */
async function build(place: Place, { settings, options, signal }: Looking): Promise<SandboxResult | undefined> {
  if (settings.build === undefined) return undefined;
  const { root, mounts, env } = place;
  const limits = browserLimits(options.config, options.config.limits.commandSeconds);
  const argv = ["sh", "-c", settings.build];
  const result = await options.sandbox.run({ argv, cwd: root, mounts, env, network: false, limits }, signal);
  return result.ended === "exited" && result.exitCode === 0 ? undefined : result;
}

function failedBuild({ exitCode, stdout, stderr }: SandboxResult): NonNullable<BrowserReport["build"]> {
  return { exitCode, output: `${stdout}\n${stderr}`.trim().slice(-4000) };
}

async function runChecks(
  job: BrowserJob,
  place: Place,
  { chromium, settings, options, signal }: Looking & { readonly chromium: FoundBrowser },
): Promise<Pick<BrowserReport, "ended" | "checks">> {
  const { sandbox, config } = options;
  const shown = showRunner(sandbox.isolated);
  const seconds = settings.seconds * job.patience;
  const input = JSON.stringify({
    playwright: `${shown.playwright}/index.js`,
    executable: chromium.executable,
    pages: posix.join(place.root, settings.dir),
    fallback: settings.fallback,
    waitMilliseconds: settings.waitSeconds * 1000 * job.patience,
    seconds,
    checks: job.checks,
  });
  const result = await sandbox.run(
    {
      argv: ["node", `${shown.runner}/run.mjs`],
      cwd: place.root,
      mounts: [...place.mounts, ...chromium.mounts, ...shown.mounts],
      env: place.env,
      network: false,
      limits: browserLimits(config, START_SECONDS + job.checks.length * (seconds + 5)),
      input,
    },
    signal,
  );
  const told = readEnds(result.stdout);
  if (result.ended === "exited" && !told.complete) throw cannotRun(chromium, result);
  return { ended: result.ended, checks: [...told.checks] };
}

/** The runner and Playwright: at places of their own in an isolated sandbox, else where they are. */
function showRunner(isolated: boolean) {
  const { folder } = playwrightPackage();
  const runner = isolated ? "/millwright-browser/runner" : runnerFolder;
  const playwright = isolated ? "/millwright-browser/playwright-core" : folder;
  const mounts: readonly Mount[] = [
    { source: runnerFolder, target: runner, access: "read" },
    { source: folder, target: playwright, access: "read" },
  ];
  return { runner, playwright, mounts };
}

function cannotRun({ name, executable }: FoundBrowser, { exitCode, stdout, stderr }: SandboxResult): StepFailure {
  const said = `${stderr}\n${stdout}`.trim().slice(-1500);
  return new StepFailure(`${name} (${executable}) could not be driven (exit code ${exitCode}): ${said}`, {
    code: "browser-cannot-run",
    remedy: "retry",
    hint: "Look whether `limits.memoryMegabytes` and `limits.processes` leave it room (a browser wants 1,024 and 256), or name another one under `browser.executable`.",
  });
}
