/** src -> dist, or another folder, swapped in by a rename so that nobody runs a half-built dist. An empty house builds to nothing. */
import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { bundle } from "./bundle.mjs";
import { compile, compilerPath, root, shippedSources } from "./house.mjs";

const dist = resolve(root, process.argv[2] ?? "dist");
const preparing = process.env.npm_lifecycle_event === "prepare";

async function build() {
  if (shippedSources().length === 0) return "nothing to build yet";
  if (preparing && compilerPath() === undefined) return "no compiler in this install: dist is left as it is";

  mkdirSync(join(root, "tmp"), { recursive: true });
  const fresh = join(root, "tmp", `dist-${process.pid}`);
  const old = join(root, "tmp", `dist-old-${process.pid}`);
  try {
    const compiled = compile(fresh);
    if (compiled.status !== 0) {
      process.stderr.write(compiled.stdout + compiled.stderr);
      process.exitCode = 1;
      return "the types do not hold: dist is left as it was";
    }
    copyScripts(fresh);
    await bundle(fresh);
    const main = join(fresh, "apps/cli/main.js");
    if (existsSync(main)) chmodSync(main, 0o755);
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(fresh, dist);
    return "dist is built";
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

/** Reporters and servers run inside the target's own processes: they ship as they are. */
function copyScripts(to) {
  const isScript = (path) => !/\.[^./]+$/.test(path) || /\.(?:mjs|cjs|py)$/.test(path);
  cpSync(join(root, "src"), to, { recursive: true, filter: isScript });
}

console.log(await build());
