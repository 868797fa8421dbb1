/** One command to be run where it can do no harm. */
export interface SandboxJob {
  /** Program and arguments; the program is looked up in the sandbox's own PATH. */
  readonly argv: readonly string[];
  /** Working directory inside the sandbox; absolute. */
  readonly cwd: string;
  readonly mounts: readonly Mount[];
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Only dependency installation has a network. */
  readonly network: boolean;
  readonly limits: SandboxLimits;
  readonly input?: string;
}

/** A host folder or file that is seen inside. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly access: "read" | "write";
}

export interface SandboxLimits {
  readonly seconds: number;
  readonly memoryMegabytes: number;
  readonly processes: number;
  readonly outputMegabytes: number;
  /** Largest file that may be written, and the size of /tmp and /dev/shm. */
  readonly diskMegabytes: number;
}

export interface SandboxResult {
  readonly ended: "exited" | "timeout" | "memory" | "output" | "signal";
  readonly exitCode: number | null;
  /** Standard output and error as written, cut at the limit. */
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}
