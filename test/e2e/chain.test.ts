import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { openMill } from "../../src/compose/open-mill.ts";
import { available } from "../kit/available.ts";
import { silent } from "../kit/story.ts";

const root = resolve(import.meta.dirname, "..", "..");
const chain = join(root, "examples", "pricing", "chain");

/** The repository of the recorded chain, as it was when one of its runs began. */
function asItWas(recording: string): { readonly dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), "millwright-chain-"));
  const { base } = JSON.parse(readFileSync(join(chain, recording, "run.json"), "utf8"));
  execFileSync("git", ["clone", "--quiet", join(chain, "history.bundle"), dir], { stdio: "ignore" });
  execFileSync("git", ["checkout", "--quiet", base.commit], { cwd: dir });
  symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

test.each([
  ["4-exact-order-total", "T9"],
  ["6-document", "DOC"],
])("the recorded chain from an audit to documentation: %s lands again", { timeout: 600_000 }, async (name, task) => {
  const { dir, remove } = asItWas(name);
  const mill = await openMill(dir, {}, available.bwrap ? {} : { sandbox: "none" });
  const end = await mill.replay({ dir: join(chain, name) }, { strict: true }, silent());
  const landed = (await mill.entries(end.run)).flatMap(({ event }) => (event.type === "landed" ? [event.task] : []));
  await mill.close();
  expect([end.outcome.kind, landed]).toEqual(["done", [task]]);
  remove();
});

test("its wiki has no finding at the end", { timeout: 120_000 }, async () => {
  const { dir, remove } = asItWas("6-document");
  execFileSync("git", ["checkout", "--quiet", "origin/main"], { cwd: dir });
  const mill = await openMill(dir, {});
  const end = await mill.wiki.lint({ contradictions: "leave", mode: "report" }, silent());
  await mill.close();
  expect(end.findings).toEqual([]);
  remove();
});
