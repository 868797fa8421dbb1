import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the scripts that drive the browser: they are shipped as they are, and run inside the sandbox. */
export const runnerFolder = fileURLToPath(new URL("./runner/", import.meta.url)).replace(/\/$/, "");

/** Where Playwright is on this machine, and its version. */
export function playwrightPackage(): { readonly folder: string; readonly version: string } {
  const manifest = createRequire(import.meta.url).resolve("playwright-core/package.json");
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  return { folder: dirname(manifest), version };
}
