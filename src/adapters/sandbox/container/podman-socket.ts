import { spawn } from "node:child_process";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Podman's API on a socket that only this user can reach. */
export interface PodmanSocket {
  readonly socket: string;
  close(): Promise<void>;
}

const IDLE_SECONDS = 600;
const START_MILLISECONDS = 15_000;

/** Starts the service; it ends with this process, or after ten idle minutes. @throws Error with what podman said. */
export async function startPodmanSocket(podman: string, runtime: string | undefined): Promise<PodmanSocket> {
  const folder = await mkdtemp(join(tmpdir(), "millwright-podman-"));
  const socket = join(folder, "podman.sock");
  const choice = runtime === undefined ? [] : ["--runtime", runtime];
  const service = spawn(podman, [...choice, "system", "service", `--time=${IDLE_SECONDS}`, `unix://${socket}`], {
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  let said = "";
  service.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2000);
  });
  let ended = false;
  service.once("error", (error) => {
    ended = true;
    said += error.message;
  });
  service.once("exit", () => {
    ended = true;
  });
  const stop = () => void service.kill("SIGTERM");
  process.once("exit", stop);
  const close = async () => {
    process.removeListener("exit", stop);
    stop();
    for (let tries = 0; !ended && tries < 100; tries += 1) await sleep(20);
    if (!ended) service.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  };

  const deadline = performance.now() + START_MILLISECONDS;
  while (!ended && performance.now() < deadline) {
    const listening = await access(socket).then(
      () => true,
      () => false,
    );
    if (listening) {
      service.unref();
      (service.stderr as unknown as { unref(): void }).unref();
      return { socket, close };
    }
    await sleep(20);
  }
  await close();
  throw new Error(`podman's service did not start: ${said.trim()}`);
}
