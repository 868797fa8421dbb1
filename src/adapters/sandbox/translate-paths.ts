import { join } from "node:path";
import type { Mount, SandboxJob } from "../../domain/sandbox-job.ts";

/** A job whose folders are named as the host names them, and the links that its inner mounts need. */
export interface TranslatedJob {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly links: readonly { readonly at: string; readonly to: string }[];
}

/**
 * Names each mount's source wherever argv, cwd or a value of the environment names its target as a whole path or the
 * beginning of one. A mount inside another one becomes a link in the outer one's source. Contents of files, and input,
 * are left as they are; a shell script that does not quote its paths breaks when a source has a space in it.
 */
export function translatePaths(job: SandboxJob): TranslatedJob {
  const inner = (mount: Mount) => job.mounts.some((outer) => mount.target.startsWith(`${outer.target}/`));
  const outermost = job.mounts.filter((mount) => !inner(mount));
  const translate = (text: string) => renamed(text, outermost);
  const links = job.mounts
    .filter(inner)
    .map((mount) => ({ at: translate(mount.target), to: mount.source }))
    .filter(({ at, to }) => join(at) !== join(to));
  return {
    argv: job.argv.map(translate),
    cwd: translate(job.cwd),
    env: Object.fromEntries(Object.entries(job.env).map(([name, value]) => [name, translate(value)])),
    links,
  };
}

/** All targets at once, so that a source that looks like another mount's target is not renamed again. */
function renamed(text: string, mounts: readonly Mount[]): string {
  const sources = new Map(mounts.map(({ source, target }) => [target, source]));
  if (sources.size === 0) return text;
  const targets = [...sources.keys()].map((target) => target.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  // Neither in the middle of a path nor the beginning of a longer name.
  const wholePath = new RegExp(`(?<![\\w./~-])(?:${targets})(?![\\w.-])`, "g");
  return text.replace(wholePath, (target) => sources.get(target) ?? target);
}
