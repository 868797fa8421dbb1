import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { startDesign } from "../../src/compose/research/start-design.ts";
import { readConfig } from "../../src/domain/config-text.ts";
import { makeTarget, type Target } from "../kit/target.ts";
import { wholeCli } from "../kit/whole-cli.ts";

let target: Target;
afterEach(() => target.remove());
const cli = wholeCli();

/** A folder with an experiment's start, in which nothing was ever committed. */
async function begun(): Promise<readonly string[]> {
  target = makeTarget({ "README.md": "# An experiment\n" });
  rmSync(join(target.dir, ".git"), { recursive: true });
  target.git("init", "--quiet");
  return startDesign(target.dir, "mine");
}

test("`research init` writes a config too, and leaves alone one that is there", { timeout: 60_000 }, async () => {
  expect(await begun()).toContain("millwright.yaml");
  const config = readConfig(readFileSync(join(target.dir, "millwright.yaml"), "utf8"));
  expect(config.suites.map(({ runner }) => runner)).toEqual(["pytest"]);
  target.write("millwright.yaml", "models: { default: mailbox }\n");
  rmSync(join(target.dir, "design"), { recursive: true });
  expect(await startDesign(target.dir, "mine")).not.toContain("millwright.yaml");
  expect(readFileSync(join(target.dir, "millwright.yaml"), "utf8")).toBe("models: { default: mailbox }\n");
});

test("a repository without commits, missing models and what is wrong with the design are told at once", {
  timeout: 240_000,
}, async () => {
  await begun();
  target.write("millwright.yaml", "independence: none\n");
  const plan = readFileSync(join(target.dir, "design/plan.md"), "utf8");
  target.write(
    "design/plan.md",
    plan.replace("kind: system ", "kind: venv ").replace("    pytest: any", "    scipy: any"),
  );
  const wanted = [
    /design\/plan\.md: line \d+: environment\.packages\.torch: `any` is for kind: system alone/,
    /design\/plan\.md: line \d+: environment\.packages does not name pytest/,
    /No model is configured for architect, orchestrator, tester, developer/,
  ];
  const bare = await cli.call(target, ["research", "."]);
  expect(bare.exit).toBe(2);
  for (const problem of [/has no commits yet/, ...wanted]) expect(bare.stderr).toMatch(problem);
  target.write("millwright.yaml", "independance: none\n");
  const broken = await cli.call(target, ["research", "."]);
  for (const problem of [/no such key\. Did you mean independence/, /has no commits yet/, wanted[0]])
    expect(broken.stderr).toMatch(problem as RegExp);
  target.write("millwright.yaml", "independence: none\n");
  target.commit("Begin");
  const committed = await cli.call(target, ["research", "."]);
  expect(committed.exit).toBe(2);
  for (const problem of wanted) expect(committed.stderr).toMatch(problem);
  expect(committed.stderr).not.toContain("no commits");
});
