import { probeBubblewrap, tryOpeningBubblewrap } from "../adapters/sandbox/bubblewrap/open-bubblewrap.ts";
import type { Config } from "../domain/config.ts";
import { StepFailure } from "../domain/step-failure.ts";
import type { Sandbox } from "../engine/ports.ts";

/** The sandbox that the config asks for; `auto` takes bubblewrap, on macOS seatbelt, and never falls back to none. @throws StepFailure */
export async function chooseSandbox(config: Config): Promise<Sandbox> {
  switch (config.sandbox) {
    case "none":
      return (await import("../adapters/sandbox/none/open-none.ts")).openNone();
    case "podman":
    case "docker":
      return (await import("../adapters/sandbox/container/open-container.ts")).openContainer({
        engine: config.sandbox,
        image: config.image,
      });
    case "seatbelt":
      return seatbelt();
    case "auto":
      return process.platform === "darwin" ? seatbelt() : isolated();
    case "bubblewrap":
      return isolated();
  }
}

async function seatbelt(): Promise<Sandbox> {
  return (await import("../adapters/sandbox/seatbelt/open-seatbelt.ts")).openSeatbelt();
}

async function isolated(): Promise<Sandbox> {
  const opened = await tryOpeningBubblewrap();
  if ("run" in opened) return opened;
  throw new StepFailure(`No sandbox: ${opened.reason}`, {
    code: "sandbox-unavailable",
    remedy: "stop",
    hint: `${opened.fix} Or write \`sandbox: none\` in millwright.yaml (or give --sandbox none): then tests run with your rights, and every report says so.`,
  });
}

/** What `doctor` says of each sandbox. */
export async function probeSandboxes(config: Config) {
  if (config.sandbox === "podman" || config.sandbox === "docker") {
    const { probeContainer } = await import("../adapters/sandbox/container/open-container.ts");
    return probeContainer({ engine: config.sandbox, image: config.image });
  }
  const isSeatbelt = config.sandbox === "seatbelt" || (config.sandbox === "auto" && process.platform === "darwin");
  if (isSeatbelt) return (await import("../adapters/sandbox/seatbelt/open-seatbelt.ts")).probeSeatbelt();
  return probeBubblewrap();
}

/** Lets go of what a sandbox holds: the container engine that was started for it. */
export async function closeSandbox(sandbox: Sandbox & { close?: () => Promise<void> }): Promise<void> {
  await sandbox.close?.();
}
