import { spawn } from "node:child_process";
import type { Socket } from "node:net";

/**
 * Has a process group killed when this process ends, in whatever way: a killed engine leaves no command behind that
 * writes into the folder of the next one. The answer ends the guard.
 */
export function guardGroup(group: number): () => void {
  // It reads from a pipe that only this process holds open, and which the system closes with it.
  const guard = spawn("/bin/sh", ["-c", 'read -r _; kill -s KILL -- "-$1"', "sh", String(group)], {
    cwd: "/",
    env: {},
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard.on("error", () => undefined);
  guard.stdin?.on("error", () => undefined);
  guard.unref();
  (guard.stdin as Socket | null)?.unref();
  return () => void guard.kill("SIGKILL");
}
