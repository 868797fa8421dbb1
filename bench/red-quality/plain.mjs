/** What the runner alone says of a test, by its exit code: the check that red is compared with. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, scratch } from "../kit/house.mjs";

const COMMANDS = {
  vitest: [join(root, "node_modules/.bin/vitest"), "run"],
  "node-test": [process.execPath, "--test", "test/"],
  pytest: ["/usr/bin/python3", "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider"],
};

/** True when the runner's exit code says that all is well with these files. */
export function passesPlainly(runner, files) {
  const dir = scratch();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  if (runner === "vitest") symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
  // A runner's workers outlive it; timeout(1) ends the whole group.
  const done = spawnSync("timeout", ["--kill-after=2", "60", ...COMMANDS[runner]], {
    cwd: dir,
    env: { PATH: process.env.PATH, HOME: dir, CI: "1" },
    stdio: "ignore",
  });
  rmSync(dir, { recursive: true, force: true });
  return done.status === 0;
}
