import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type PublishedPackage, startPackageRegistry } from "../../../../test/kit/package-registry.ts";
import { StepFailure } from "../../../domain/step-failure.ts";
import { failureFrom } from "../models.contract.ts";
import { findEngine, installEngine, installWords } from "./engine-package.ts";
import { embeddedPlaces } from "./places.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "engine-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const build =
  installWords({ engine: "", models: "" })
    .at(-1)
    ?.replace(/@3\.22\.1$/, "") ?? "";
const ENGINE: PublishedPackage = {
  name: "node-llama-cpp",
  version: "3.22.1",
  files: {
    "package.json": JSON.stringify({
      name: "node-llama-cpp",
      version: "3.22.1",
      scripts: { postinstall: "touch compiled" },
      optionalDependencies: { "@node-llama-cpp/linux-x64-cuda": "3.22.1" },
    }),
    "dist/index.js": "export {};\n",
  },
};
const CUDA: PublishedPackage = { name: "@node-llama-cpp/linux-x64-cuda", version: "3.22.1", files: {} };
const BUILD: PublishedPackage = { name: build, version: "3.22.1", files: {} };

function person(registry: string) {
  const env = { PATH: process.env.PATH, HOME: home, npm_config_registry: registry, SECRET_API_KEY: "dummy" };
  return { env, places: embeddedPlaces(env) };
}

test("npm installs the one build for the processor into the person's data folder; no script of it runs", async () => {
  const registry = await startPackageRegistry([ENGINE, BUILD, CUDA]);
  const { env, places } = person(registry.url);
  expect(findEngine(places)).toBeUndefined();
  const found = await installEngine(places, env);
  expect(places.engine).toBe(join(home, ".local/share/millwright/llama"));
  expect(found).toEqual({
    module: join(places.engine, "node_modules/node-llama-cpp/dist/index.js"),
    version: "3.22.1",
    graphics: /metal/.test(build),
  });
  expect(registry.requests.filter((path) => path.includes("cuda/-/"))).toEqual([]);
  expect(existsSync(join(places.engine, "node_modules/node-llama-cpp/compiled"))).toBe(false);
  expect(readdirSync(join(places.engine, "node_modules/@node-llama-cpp"))).toEqual([build.split("/")[1]]);
  await registry.close();
});

test("what npm said is told when it cannot install, with the command to try by hand", async () => {
  const registry = await startPackageRegistry([BUILD]);
  const { env, places } = person(registry.url);
  const failure = await failureFrom(installEngine(places, env));
  expect(failure).toMatchObject({ code: "install-failed", remedy: "ask" });
  expect(failure.message).toContain("404");
  expect(failure.hint).toContain("npm install --prefix");
  await registry.close();
  const alone = await failureFrom(installEngine(places, { ...env, PATH: home }));
  expect(alone.message).toContain("ENOENT");
});

test("a machine without a ready-made build is told to use a server", () => {
  expect(() => installWords({ engine: "/x", models: "/y" }, "aix-ppc64")).toThrow(StepFailure);
  expect(installWords({ engine: "/x", models: "/y" }, "darwin-arm64").at(-1)).toBe(
    "@node-llama-cpp/mac-arm64-metal@3.22.1",
  );
});
