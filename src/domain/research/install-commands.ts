import { z } from "zod";
import { digestOfValue } from "../digest.ts";
import type { EnvironmentKind, EnvironmentWish } from "./environment.ts";

/** What is to be installed: the design's wish, or what an answer made of it. */
export interface InstallRequest {
  readonly kind: Exclude<EnvironmentKind, "system">;
  /** The interpreter as the sandbox sees it; not for conda and micromamba. */
  readonly interpreter: string;
  readonly python: string | undefined;
  readonly packages: Readonly<Record<string, string>>;
  readonly channels: readonly string[];
  /** Packages that are built from source. */
  readonly fromSource: readonly string[];
  /** Text of a lock file that fits; absent: versions are resolved and locked. */
  readonly lock: string | undefined;
}

/** The folder of an environment inside the sandbox; everything is below it. */
export const ENVIRONMENT = "/environment";
export const PREFIX = `${ENVIRONMENT}/prefix`;
const WANTED = `${ENVIRONMENT}/wanted.txt`;
const LOCK = `${ENVIRONMENT}/lock.txt`;

/** Files to write below the environment's folder, commands to run one after the other, and where the lock then is. */
export interface InstallPlan {
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly commands: readonly string[];
  readonly lock:
    | { readonly kind: "given" }
    | { readonly kind: "file" | "pip-report"; readonly name: string }
    | { readonly kind: "printed" };
}

/** How an environment is made; names and versions are those that the schema lets through, so that nothing has to be quoted. */
export function installPlanOf(request: InstallRequest): InstallPlan {
  const wanted = Object.entries(request.packages).map(([name, version]) => `${name}==${version}`);
  const files = [
    { name: "wanted.txt", text: lines(wanted) },
    ...(request.lock === undefined ? [] : [{ name: "lock.txt", text: request.lock }]),
  ];
  switch (request.kind) {
    case "venv":
      return { files, ...pipCommands(request) };
    case "uv":
      return { files, ...uvCommands(request) };
    default:
      return { files, ...condaCommands(request, request.kind) };
  }
}

type Commands = Omit<InstallPlan, "files">;

function pipCommands({ interpreter, fromSource, lock }: InstallRequest): Commands {
  const own = `${PREFIX}/bin/python`;
  const source = fromSource.map((name) => ` --no-binary ${name}`).join("");
  const what =
    lock === undefined ? `--report ${ENVIRONMENT}/report.json -r ${WANTED}` : `--no-deps --require-hashes -r ${LOCK}`;
  // The interpreter's own pip spares seconds; one that cannot install for others is bootstrapped in the environment.
  const choose = [
    `set -- "${interpreter}" -m pip --python ${own}`,
    `"$@" --version >/dev/null 2>&1 || { ${own} -m ensurepip >/dev/null && set -- ${own} -m pip; }`,
  ].join("; ");
  return {
    commands: [
      `"${interpreter}" -m venv --without-pip ${PREFIX}`,
      `${choose}; "$@" --disable-pip-version-check --no-input install${source} ${what}`,
    ],
    lock: lock === undefined ? { kind: "pip-report", name: "report.json" } : { kind: "given" },
  };
}

function uvCommands({ interpreter, fromSource, lock }: InstallRequest): Commands {
  const source = fromSource.map((name) => ` --no-binary ${name}`).join("");
  const python = `--python ${PREFIX}/bin/python`;
  const compile = `uv pip compile --no-config --no-header --generate-hashes${source} ${python} -o ${LOCK} ${WANTED}`;
  return {
    commands: [
      `uv venv --no-config --python "${interpreter}" ${PREFIX}`,
      ...(lock === undefined ? [compile] : []),
      `uv pip sync --no-config --require-hashes${source} ${python} ${LOCK}`,
    ],
    lock: lock === undefined ? { kind: "file", name: "lock.txt" } : { kind: "given" },
  };
}

function condaCommands(request: InstallRequest, tool: "conda" | "micromamba"): Commands {
  const { packages, channels, python, lock } = request;
  const create = `${tool} create --yes --prefix ${PREFIX}`;
  if (lock !== undefined) return { commands: [`${create} --file ${LOCK}`], lock: { kind: "given" } };
  const from = (channels.length > 0 ? channels : ["conda-forge"]).map((name) => ` --channel ${name}`).join("");
  const pinned = Object.entries(packages).map(([name, version]) => ` ${name}=${version}`);
  const wanted = `${python === undefined ? " python" : ` python=${python}`}${pinned.join("")}`;
  const list =
    tool === "conda"
      ? `conda list --prefix ${PREFIX} --explicit --md5`
      : `micromamba env export --prefix ${PREFIX} --explicit`;
  return { commands: [`${create} --override-channels${from}${wanted}`, list], lock: { kind: "printed" } };
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}

const PipReport = z.object({
  install: z.array(
    z.object({
      metadata: z.object({ name: z.string(), version: z.string() }),
      download_info: z
        .object({
          archive_info: z
            .object({ hash: z.string().optional(), hashes: z.record(z.string(), z.string()).optional() })
            .optional(),
        })
        .optional(),
    }),
  ),
});

/** The lock of what pip says it has installed: every package with its version and the hash of what was downloaded. */
export function lockOfPipReport(text: string): string {
  const { install } = PipReport.parse(JSON.parse(text));
  const all = install.map(({ metadata, download_info: from }) => {
    const { hashes, hash } = from?.archive_info ?? {};
    const sha256 = hashes?.sha256 ?? /^sha256=([0-9a-f]{64})$/.exec(hash ?? "")?.[1];
    return `${metadata.name}==${metadata.version}${sha256 === undefined ? "" : ` --hash=sha256:${sha256}`}`;
  });
  return lines([...all].sort());
}

const HEAD = "# millwright locked this; wish ";

/** A lock with the wish that it answers in its first line: a plan that changes its packages is locked anew. */
export function sealedLock(wish: EnvironmentWish, lock: string): string {
  const body = lock.startsWith(HEAD) ? lock.slice(lock.indexOf("\n") + 1) : lock;
  return `${HEAD}${wishDigest(wish)}\n${body}`;
}

/** True when the lock was made for this wish, or by a person, who is trusted. */
export function fitsWish(wish: EnvironmentWish, lock: string): boolean {
  return !lock.startsWith(HEAD) || lock.startsWith(`${HEAD}${wishDigest(wish)}\n`);
}

function wishDigest({ accelerator: _accelerator, ...wish }: EnvironmentWish): string {
  return digestOfValue(wish).slice(0, 16);
}
