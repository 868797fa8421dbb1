import { join } from "node:path";
import type { DatasetRoom } from "../../adapters/research/datasets/open-datasets.ts";
import type { EnvironmentRoom } from "../../adapters/research/environments/open-environments.ts";
import { installEnvironment, runLimits } from "../../adapters/toolchain/run-environment.ts";
import { hostOf, isListed, isLoopback } from "../../domain/network.ts";
import type { StageWork } from "./world.ts";

/** Where environments are made and kept. */
export function environmentRoom({ context, sandbox, stateDir }: StageWork): EnvironmentRoom {
  const { config } = context;
  return {
    sandbox,
    cacheDir: join(stateDir, "cache", "environments"),
    limits: (seconds) => runLimits(config, seconds),
    installSeconds: config.limits.installSeconds,
    installEnvironment: installEnvironment(),
    path: process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin",
  };
}

/** Where datasets are kept; `folder` is a clean export of the repository. */
export function datasetRoom(folder: string, { context, stateDir }: StageWork): DatasetRoom {
  const { network, localHosts } = context.config;
  return {
    cacheDir: join(stateDir, "cache", "datasets"),
    folder,
    signal: context.ports.signal,
    refusedAddress(url) {
      const host = hostOf(url);
      const isLocal = host === "localhost" || isLoopback(host) || isListed(host, localHosts);
      if (network === "open" || isLocal) return undefined;
      return `${host} is refused by \`network: ${network}\`. Fetch the file by hand and name its path, or list the host under localHosts.`;
    },
  };
}
