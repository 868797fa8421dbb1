import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { randomModel } from "../../test/kit/tiny-gguf.ts";
import { Config } from "../domain/config.ts";
import { probeEmbedded } from "./probe-embedded.ts";

test("doctor knows whether the engine is there and a model was fetched, without loading either", async () => {
  const home = mkdtempSync(join(tmpdir(), "embedded-"));
  const put = (path: string, bytes: string | Buffer) => {
    const file = join(home, "millwright", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    return file;
  };
  const name = "llama.cpp/hf:acme/Tiny-GGUF:Q4_K_M";
  const look = () => probeEmbedded(Config.parse({}), [name, "mailbox"], { XDG_DATA_HOME: home });

  expect(await look()).toEqual([
    expect.objectContaining({ name, state: "not-installed", fix: expect.stringContaining("millwright models fetch") }),
  ]);
  put("llama/node_modules/node-llama-cpp/dist/index.js", "");
  put("llama/node_modules/node-llama-cpp/package.json", '{ "version": "3.22.1" }');
  put("llama/node_modules/@node-llama-cpp/linux-x64/package.json", "{}");
  expect(await look()).toMatchObject([
    { state: "not-installed", fix: `Run \`millwright models fetch hf:acme/Tiny-GGUF:Q4_K_M\`.` },
  ]);
  put("models/acme/Tiny-GGUF/tiny-Q4_K_M.gguf", randomModel());
  expect(await look()).toMatchObject([{ state: "ok", detail: "1 MB on this disk, runs in a process of its own" }]);
  rmSync(home, { recursive: true });
});
