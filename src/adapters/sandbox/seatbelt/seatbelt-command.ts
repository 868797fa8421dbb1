import { homedir } from "node:os";
import { dirname } from "node:path";
import type { SandboxJob } from "../../../domain/sandbox-job.ts";
import type { TranslatedJob } from "../translate-paths.ts";

/**
 * What is started on macOS for a job: `sandbox-exec` with a profile in which only the job's writable mounts can be
 * written, the home cannot be read but for the mounts and Node itself, and no network but the loopback can be reached.
 */
export async function seatbeltCommand(
  { argv, cwd, env, links }: TranslatedJob,
  job: Pick<SandboxJob, "mounts" | "network">,
): Promise<TranslatedJob> {
  // The library's own way to the profile: pure, unlike its process-wide manager, which starts proxies.
  const { wrapCommandWithSandboxMacOS } = await import(
    "@anthropic-ai/sandbox-runtime/dist/sandbox/macos-sandbox-utils.js"
  );
  const sources = (access: "read" | "write") =>
    job.mounts.filter((mount) => mount.access === access).map((mount) => mount.source);
  const node = dirname(dirname(process.execPath));
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const wrapped = wrapCommandWithSandboxMacOS({
    // The library sets variables of its own; the job gets exactly what it names.
    command: quoted(["exec", "/usr/bin/env", "-i", ...variables, ...argv]),
    commandId: "millwright",
    needsNetworkRestriction: !job.network,
    allowLocalBinding: true,
    readConfig: { denyOnly: [homedir()], allowWithinDeny: [...sources("read"), ...sources("write"), node] },
    writeConfig: { allowOnly: sources("write"), denyWithinAllow: sources("read") },
    binShell: "/bin/sh",
  });
  return { argv: ["/bin/sh", "-c", wrapped], cwd, env: { PATH: "/usr/bin:/bin" }, links };
}

function quoted(words: readonly string[]): string {
  const [first = "", ...rest] = words;
  return [first, ...rest.map((word) => `'${word.replaceAll("'", "'\\''")}'`)].join(" ");
}
