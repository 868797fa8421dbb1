import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { digestOf } from "../../../domain/digest.ts";
import { tailOf } from "../../../domain/research/install-output.ts";

/** Runs git with every door shut but those that `args` opens; answers whatever its exit code is. */
export type GitCall = (
  args: readonly string[],
  options: { readonly cwd: string; readonly variables?: Readonly<Record<string, string>>; readonly input?: string },
) => Promise<{ readonly code: number; readonly out: Buffer; readonly errors: string }>;

export interface CloneRoom {
  /** Folder that clones are kept in; nothing of them is ever written by what runs. */
  readonly cacheDir: string;
  /** Folder that relative sources begin at. */
  readonly root: string;
  readonly git: GitCall;
  /** Why this address may not be asked; undefined: it may. */
  refusedAddress(url: string): string | undefined;
}

export interface Source {
  readonly source: string;
  readonly commit: string;
}

/** A bare clone that has the commit; or why there is none. */
export type Clone =
  | { readonly kind: "there"; readonly dir: string }
  | { readonly kind: "gone" | "commit-missing"; readonly why: string };

// Programs that a source could name are never started: `ext::`, and `ssh` with its keys.
const DOORS = ["file", "http", "https", "git"].flatMap((protocol) => ["-c", `protocol.${protocol}.allow=always`]);

/** Fetches what is needed of a repository, once; a commit that is in the cache needs nobody. */
export async function clone({ source, commit }: Source, room: CloneRoom): Promise<Clone> {
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(source);
  const from = isAddress ? source : resolve(room.root, source);
  const dir = join(room.cacheDir, `${digestOf(from).slice(0, 32)}.git`);
  await mkdir(room.cacheDir, { recursive: true });
  const format = commit.length === 64 ? ["--object-format=sha256"] : [];
  await room.git(["init", "--quiet", "--bare", ...format, dir], { cwd: room.cacheDir });
  if (await has(commit, dir, room)) return { kind: "there", dir };
  const policy = /^https?:/i.test(source) ? room.refusedAddress(source) : undefined;
  if (policy !== undefined) return { kind: "gone", why: policy };
  if (/^[\w.-]+@[\w.-]+:|^ssh:/i.test(source))
    return {
      kind: "gone",
      why: `${source} is reached over ssh, and no key is ever used here; name its https address or a path`,
    };
  const inside = { cwd: dir, variables: { GIT_DIR: dir } };
  const one = await room.git([...DOORS, ...fetchOf(from), commit], inside);
  if (one.code === 0 && (await has(commit, dir, room))) return { kind: "there", dir };
  const all = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
  const rest = await room.git([...DOORS, ...fetchOf(from), ...all], inside);
  if (rest.code !== 0)
    return { kind: "gone", why: `${source} cannot be fetched. git fetch: ${tailOf(rest.errors, 600)}` };
  if (await has(commit, dir, room)) return { kind: "there", dir };
  return { kind: "commit-missing", why: `${source} is there and has no commit ${commit} on any branch or tag` };
}

function fetchOf(from: string): readonly string[] {
  return ["-c", "transfer.fsckObjects=true", "fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--", from];
}

async function has(commit: string, dir: string, room: CloneRoom): Promise<boolean> {
  const { code } = await room.git(["cat-file", "-e", `${commit}^{commit}`], { cwd: dir, variables: { GIT_DIR: dir } });
  return code === 0;
}

/** The files of the commit with the patch applied, in a new temporary folder; or why it does not apply. */
export type CheckedOut =
  | { readonly kind: "there"; readonly folder: string; remove(): Promise<void> }
  | { readonly kind: "patch-fails"; readonly why: string };

/** The patch is applied to git's index, so that no link in the clone leads it astray. */
export async function checkOut(
  dir: string,
  { commit, patch }: { readonly commit: string; readonly patch: string | undefined },
  room: CloneRoom,
): Promise<CheckedOut> {
  const place = await mkdtemp(join(tmpdir(), "millwright-baseline-"));
  const folder = join(place, "clone");
  await mkdir(folder);
  const remove = () => rm(place, { recursive: true, force: true });
  const variables = { GIT_DIR: dir, GIT_WORK_TREE: folder, GIT_INDEX_FILE: join(place, "index") };
  const options = { cwd: folder, variables };
  const fail = async (why: string): Promise<CheckedOut> => {
    await remove();
    return { kind: "patch-fails", why };
  };
  const read = await room.git(["read-tree", commit], options);
  if (read.code !== 0) return fail(tailOf(read.errors, 600));
  if (patch !== undefined) {
    const input = patch.endsWith("\n") ? patch : `${patch}\n`;
    const applied = await room.git(["apply", "--cached", "--whitespace=nowarn", "--recount", "-"], {
      ...options,
      input,
    });
    if (applied.code !== 0) return fail(`git apply: ${tailOf(applied.errors, 1200)}`);
  }
  const written = await room.git(["checkout-index", "--all", "--force"], options);
  if (written.code !== 0) return fail(tailOf(written.errors, 600));
  return { kind: "there", folder, remove };
}

const MOST_FILES = 12;
const MOST_CHARACTERS = 8000;

/** The texts of a commit that tell how it is run: code and read-me before the rest, small ones, at most twelve. */
export async function textsOf(
  dir: string,
  commit: string,
  room: CloneRoom,
): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const options = { cwd: dir, variables: { GIT_DIR: dir } };
  const listed = await room.git(["ls-tree", "-r", "-z", "--name-only", commit], options);
  const paths = listed.out
    .toString("utf8")
    .split("\0")
    .filter((path) => /\.(?:py|md|txt|sh|toml|cfg|ya?ml|json)$/i.test(path));
  const rank = (path: string) => (/\.py$/.test(path) ? 0 : 1) + path.split("/").length;
  const chosen = [...paths].sort((one, two) => rank(one) - rank(two)).slice(0, MOST_FILES);
  const texts = chosen.map(async (path) => {
    const { out } = await room.git(["cat-file", "blob", `${commit}:${path}`], options);
    return { path, text: out.toString("utf8").slice(0, MOST_CHARACTERS) };
  });
  return Promise.all(texts);
}
