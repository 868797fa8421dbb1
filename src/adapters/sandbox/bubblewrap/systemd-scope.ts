import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findProgram } from "../this-machine.ts";
import type { Limiter } from "./limiter.ts";

/** Limits by a scope of the user's systemd (of the system's, for root); undefined where none can be started. */
export async function systemdScope(): Promise<Limiter | undefined> {
  const program = await findProgram("systemd-run");
  if (program === undefined) return undefined;
  const names = ["XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"];
  const env = Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  const scope = (memoryMegabytes: number, processes: number) => [
    ...(process.getuid?.() === 0 ? [] : ["--user"]),
    ...["--scope", "--quiet", "--collect"],
    ...["-p", `MemoryMax=${memoryMegabytes}M`, "-p", "MemorySwapMax=0", "-p", `TasksMax=${processes + 2}`],
    ...["--", "/usr/bin/env", "-i"],
  ];
  try {
    await promisify(execFile)(program, [...scope(64, 8), "/bin/true"], { env, timeout: 5000 });
  } catch {
    return undefined;
  }
  return {
    name: "systemd scope",
    begin: async (limits) => ({
      prefix: [program, ...scope(limits.memoryMegabytes, limits.processes)],
      env,
      perProcess: [],
      // The scope and its counters are gone by then: such a run ends as `signal`.
      ranOutOfMemory: async () => false,
      end: async () => undefined,
    }),
  };
}
