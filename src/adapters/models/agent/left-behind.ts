import { readdir, readFile } from "node:fs/promises";

/**
 * Kills every process of this machine that carries the mark in its environment: what an agent left behind, even in a
 * session of its own. Where there is no /proc, process groups have to do.
 */
export async function killMarked(mark: string): Promise<void> {
  const wanted = `MILLWRIGHT_AGENT=${mark}`;
  for (const pid of (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    if (environment.split("\0").includes(wanted)) kill(Number(pid));
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}
