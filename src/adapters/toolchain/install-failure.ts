import type { SandboxResult } from "../../domain/sandbox-job.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import type { InstallCommand } from "./install-plan.ts";
import { plainText, tailOf } from "./plain-text.ts";

const OUTPUT_LIMIT = 3000;

const NETWORK =
  /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET|ECONNREFUSED|ERR_SOCKET_TIMEOUT|network (?:timeout|is unreachable)|Temporary failure in name resolution|NewConnectionError|503 Service|502 Bad Gateway/i;

/** An installer that failed, with the end of what it said and what a person can do. */
export function installFailure(command: InstallCommand, result: SandboxResult): StepFailure {
  const output = tailOf(plainText(`${result.stdout}\n${result.stderr}`).trim(), OUTPUT_LIMIT);
  const how = result.ended === "exited" ? `exit code ${result.exitCode}` : ENDED[result.ended];
  const cause = reasonOf(command, result, output);
  return new StepFailure(`\`${command.run}\` in ${command.dir} failed (${how}):\n${output}`, {
    code: "install-failed",
    remedy: cause.remedy,
    hint: cause.hint,
  });
}

const ENDED = {
  timeout: "the time was up",
  memory: "out of memory",
  output: "too much output",
  signal: "killed",
} as const;

function reasonOf(
  command: InstallCommand,
  result: SandboxResult,
  output: string,
): Pick<StepFailure, "remedy" | "hint"> {
  if (result.exitCode === 127)
    return {
      remedy: "ask",
      hint: `\`${command.run.split(" ")[0]}\` is not on the PATH: install it, or set dependencies.install in millwright.yaml.`,
    };
  if (NETWORK.test(output))
    return {
      remedy: "retry",
      hint: "The registry could not be reached: check the network and the proxy, then resume.",
    };
  if (result.ended === "timeout")
    return {
      remedy: "ask",
      hint: "Raise limits.installSeconds, or point dependencies.from at a folder that is already installed.",
    };
  if (
    /can only install packages when your package\.json and package-lock\.json|frozen-lockfile|out of date/i.test(output)
  )
    return {
      remedy: "ask",
      hint: "Manifest and lock file do not agree: run the installer once in your checkout and commit the lock file.",
    };
  return {
    remedy: "ask",
    hint: "Make it work in a clean clone, set dependencies.install to the right command, or point dependencies.from at an installed folder.",
  };
}
