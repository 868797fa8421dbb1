import { mkdir, readFile, writeFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { runGit } from "../../adapters/git/system/git-program.ts";
import type { Inspection } from "../../adapters/git/system/inspection.ts";
import type { AndonHook } from "./andon-door.ts";

const MARK = "# Written by millwright andon hook";

const TEXT = `#!/bin/sh
${MARK}: holds a push while the line is stopped.
# \`git push --no-verify\` goes past it; \`millwright andon status\` says what is open.
for mill in ./node_modules/.bin/millwright millwright; do
  command -v "$mill" >/dev/null 2>&1 && exec "$mill" andon check
done
echo "millwright is not on the PATH: nobody can say whether the line is stopped" >&2
exit 1
`;

/** Prints the pre-push hook, or writes it where there is none; a person's own hook stays as it is. */
export async function prePushHook(inspection: Inspection, { write }: { readonly write: boolean }): Promise<AndonHook> {
  const path = join(await hooksDir(inspection), "pre-push");
  const about = { path, text: TEXT };
  if (!write) return { ...about, written: false, reason: undefined };
  const before = await readFile(path, "utf8").catch(() => undefined);
  if (before !== undefined && !before.includes(MARK))
    return {
      ...about,
      written: false,
      reason: `${path} is there already and is not ours: add the line \`millwright andon check || exit 1\` to it.`,
    };
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, TEXT, { mode: 0o755 });
  return { ...about, written: true, reason: undefined };
}

async function hooksDir({ gitDir, sharedDir, root }: Inspection): Promise<string> {
  const place = { cwd: gitDir, variables: { GIT_DIR: gitDir } };
  const { code, out } = await runGit(
    place,
    ["config", "--file", join(sharedDir, "config"), "--path", "--get", "core.hooksPath"],
    { answers: [0, 1] },
  );
  const configured = code === 0 ? out.toString("utf8").trim() : "";
  if (configured === "" || configured === "/dev/null") return join(sharedDir, "hooks");
  return isAbsolute(configured) ? configured : join(root, configured);
}
