import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { available } from "../../../../test/kit/available.ts";
import { Config } from "../../../domain/config.ts";
import type { Sandbox } from "../../../engine/ports.ts";
import { openBubblewrap } from "../../sandbox/bubblewrap/open-bubblewrap.ts";
import { openNone } from "../../sandbox/none/open-none.ts";
import { browserContract } from "../browser.contract.ts";
import { openChromium } from "./open-chromium.ts";

const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;

/** Files in a folder, seen at one place by an isolated sandbox. */
async function over(files: Readonly<Record<string, string>>, settings: object, sandbox: Sandbox) {
  const folder = await mkdtemp(join(tmpdir(), "millwright-browser-"));
  return openChromium({
    config: Config.parse({ browser: settings }),
    sandbox,
    path: PATH,
    packages: async () => "none",
    place: async () => {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
      const root = sandbox.isolated ? "/target" : folder;
      return {
        root,
        mounts: [{ source: folder, target: root, access: "write" }],
        env: { PATH, HOME: sandbox.isolated ? "/tmp/home" : folder, TMPDIR: sandbox.isolated ? "/tmp" : folder },
        dispose: () => rm(folder, { recursive: true, force: true }),
      };
    },
  });
}

const noChromium = available.chromium ? undefined : "chromium is not installed";
const sandboxes: readonly [string, () => Promise<Sandbox>, string | undefined][] = [
  ["chromium in bubblewrap", openBubblewrap, available.bwrap ? noChromium : "bubblewrap cannot be used here"],
  ["chromium without a sandbox", async () => openNone(), noChromium],
];

for (const [name, open, missing] of sandboxes)
  browserContract({ name, missing, open: async (files, settings = {}) => over(files, settings, await open()) });

test("without a browser, what to install is said, and nothing passes", async () => {
  const browser = await over({ "index.html": "" }, { executable: "/nowhere/chrome" }, openNone());
  const failure = {
    code: "browser-missing",
    remedy: "ask",
    hint: expect.stringContaining("apt-get install -y chromium"),
  };
  await expect(browser.prepare("tree")).rejects.toMatchObject(failure);
  await expect(browser.look({ tree: "tree", checks: [], patience: 1 })).rejects.toMatchObject(failure);
});
