import { dirname, join, posix } from "node:path";
import type { Config } from "../../domain/config.ts";
import type { SandboxLimits } from "../../domain/sandbox-job.ts";
import { upwards } from "./manifests.ts";

const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The whole environment of a run: nothing of the mill's own reaches it but the PATH. */
export function runEnvironment(place: { root: string; dir: string; scratch: string }): Record<string, string> {
  const around = upwards(place.dir).map((dir) => posix.join(place.root, dir));
  const tools = around.flatMap((dir) => [`${dir}/node_modules/.bin`, `${dir}/.venv/bin`]);
  return {
    PATH: [...tools, dirname(process.execPath), process.env.PATH ?? SYSTEM_PATH].join(":"),
    HOME: `${place.scratch}/home`,
    TMPDIR: place.scratch,
    LANG: "C.UTF-8",
    TZ: "UTC",
    CI: "1",
    NO_COLOR: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONHASHSEED: "0",
  };
}

const PASSED_TO_INSTALLERS =
  /^(?:(?:https?|all|no)_proxy|ssl_cert_file|ssl_cert_dir|node_extra_ca_certs|npm_config_registry|pip_(?:index_url|extra_index_url|no_index|find_links|cert|trusted_host)|uv_.*index.*)$/i;

/** What an installer needs beside that: proxies, certificates and where the registries are. */
export function installEnvironment(): Record<string, string> {
  const passed = Object.entries(process.env).filter(([name]) => PASSED_TO_INSTALLERS.test(name));
  return {
    ...Object.fromEntries(passed.map(([name, value]) => [name, value ?? ""])),
    npm_config_manage_package_manager_versions: "false",
    npm_config_update_notifier: "false",
    npm_config_color: "false",
    COREPACK_ENABLE_DOWNLOAD_PROMPT: "0",
    YARN_NODE_LINKER: "node-modules",
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    HUSKY: "0",
  };
}

/** The configured limits of a sandboxed run of `seconds`. */
export function runLimits(config: Config, seconds: number): SandboxLimits {
  const { memoryMegabytes, processes, outputMegabytes, diskMegabytes } = config.limits;
  return { seconds, memoryMegabytes, processes, outputMegabytes, diskMegabytes };
}

/** A path of the run. */
export function inside(root: string, dir: string): string {
  return dir === "." ? root : join(root, dir);
}
