import { findBrowser } from "../adapters/browser/chromium/find-browser.ts";
import type { Config } from "../domain/config.ts";
import { StepFailure } from "../domain/step-failure.ts";
import type { DoctorCheck } from "../mill.ts";
import { chooseSandbox, closeSandbox } from "./choose-sandbox.ts";

/** Where browsers are looked for. */
export const browserPath = () => process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin";

/** Which browser answers in the sandbox; said only where the config speaks of pages. */
export async function browserChecks(config: Config): Promise<readonly DoctorCheck[]> {
  if (config.browser === undefined) return [];
  const sandbox = await chooseSandbox(config).catch(() => undefined);
  if (sandbox === undefined) return [];
  try {
    const { name, executable } = await findBrowser(config, sandbox, browserPath());
    return [{ name: "browser", state: "ok", detail: `${name} (${executable}), in ${sandbox.name}` }];
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return [{ name: "browser", state: "bad", detail: error.message, fix: error.hint }];
  } finally {
    await closeSandbox(sandbox);
  }
}
