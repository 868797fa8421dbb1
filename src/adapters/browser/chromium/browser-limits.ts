import type { Config } from "../../../domain/config.ts";
import type { SandboxLimits } from "../../../domain/sandbox-job.ts";

/** The configured limits of a sandboxed run of `seconds`. */
export function browserLimits(config: Config, seconds: number): SandboxLimits {
  const { memoryMegabytes, processes, outputMegabytes, diskMegabytes } = config.limits;
  return { seconds, memoryMegabytes, processes, outputMegabytes, diskMegabytes };
}
