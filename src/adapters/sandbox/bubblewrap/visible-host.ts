import { lstat, readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** What programs need of the host: shown read-only, and nothing else of it is there. */
export interface VisibleHost {
  /** Host path and the path inside. */
  readonly shown: readonly { readonly source: string; readonly target: string }[];
  readonly links: readonly { readonly to: string; readonly target: string }[];
  /** Shown as well when there is a network: name servers and host names. */
  readonly shownWithNetwork: readonly { readonly source: string; readonly target: string }[];
}

const PROGRAM_FOLDERS = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

/** Private keys live in /etc/ssl and /etc/pki, so that only named parts of them are shown. */
const SETTINGS = [
  "/etc/alternatives",
  "/etc/ca-certificates",
  "/etc/crypto-policies",
  "/etc/ld.so.cache",
  "/etc/ld.so.conf",
  "/etc/ld.so.conf.d",
  "/etc/mime.types",
  "/etc/nsswitch.conf",
  "/etc/os-release",
  "/etc/pki/ca-trust/extracted",
  "/etc/pki/tls/cert.pem",
  "/etc/pki/tls/certs",
  "/etc/pki/tls/openssl.cnf",
  "/etc/protocols",
  "/etc/services",
  "/etc/ssl/cert.pem",
  "/etc/ssl/certs",
  "/etc/ssl/openssl.cnf",
];

/** The kernel's own files: owned by root, so that a sandbox of root's could write them through a new /proc. */
const KERNEL_FILES = [
  "/proc/acpi",
  "/proc/asound",
  "/proc/driver",
  "/proc/fs",
  "/proc/mtrr",
  "/proc/pressure",
  "/proc/scsi",
  "/proc/sys",
  "/proc/sysrq-trigger",
];

/** Looks at this machine; the answer holds for the life of the process. `node` is the path of the running Node. */
export async function visibleHost(node: string): Promise<VisibleHost> {
  const folders = await Promise.all(PROGRAM_FOLDERS.map(asLinkOrFolder));
  const runtime = await nodeFolders(await realpath(node));
  const wanted = ["/usr", "/nix/store", ...runtime, ...SETTINGS, ...KERNEL_FILES];
  const present = await Promise.all(wanted.map(async (path) => ((await exists(path)) ? path : undefined)));
  const paths = [...present, ...folders.map((folder) => folder.folder)].filter((path) => path !== undefined);
  return {
    shown: paths.map((path) => ({ source: path, target: path })),
    links: folders.flatMap((folder) => folder.link ?? []),
    shownWithNetwork: await networkFiles(),
  };
}

async function asLinkOrFolder(path: string) {
  const seen = await lstat(path).catch(() => undefined);
  if (seen?.isSymbolicLink()) return { link: { to: await readlink(path), target: path } };
  return seen?.isDirectory() ? { folder: path } : {};
}

/** Programs and packages of a Node outside /usr. Never its whole prefix, which may be somebody's home. */
async function nodeFolders(node: string): Promise<readonly string[]> {
  if (node.startsWith("/usr/")) return [];
  const folder = dirname(node);
  if (basename(folder) !== "bin") return [node];
  return [folder, join(dirname(folder), "lib/node_modules")];
}

async function networkFiles() {
  const names = ["/etc/resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/gai.conf"];
  const files = await Promise.all(
    names.map(async (target) => ({ target, source: await realpath(target).catch(() => undefined) })),
  );
  return files.flatMap(({ source, target }) => (source === undefined ? [] : [{ source, target }]));
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
