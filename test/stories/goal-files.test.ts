import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { initRepository } from "../../src/compose/init.ts";
import { parsePlan } from "../../src/domain/plan-text.ts";
import { facts, refusalText, silent, tell, within } from "../kit/story.ts";
import { edit, file, SUMS_CONFIG, subtracting, sums } from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";

let target: Target;
afterEach(() => target.remove());

const text = (path: string) => readFileSync(join(target.dir, path), "utf8");
const full = () => initRepository(target.dir, { yes: false, full: true });
const states = (end: Awaited<ReturnType<typeof full>>) =>
  Object.fromEntries(end.files.map(({ path, state }) => [path, state]));
const FILES = [
  "agents/GOALS.md",
  "agents/LOOPS.md",
  "agents/LANGUAGE.md",
  "plans/TEMPLATE.md",
  "agents/CONTEXT.md",
  "AGENTS.md",
];

describe("init --full", { timeout: 120_000 }, () => {
  test("writes what a repository says of itself, and nothing the second time", async () => {
    target = sums({
      "package.json": JSON.stringify({
        name: "sums",
        type: "module",
        description: "Adds numbers for tills.",
        scripts: { test: "node --test", lint: "true" },
      }),
      "src/price.js": "export function priceOf(cart) {\n  return cart.length;\n}\nexport const priceText = String;\n",
      "wiki/index.md": "# Index\n",
      "wiki/20_SYSTEM/sums.md": "# Sums\n",
    });
    const end = await full();
    expect(Object.keys(states(end)).sort()).toEqual([...FILES].sort());
    expect(new Set(Object.values(states(end)))).toEqual(new Set(["written"]));
    expect(text("millwright.yaml")).toBe(SUMS_CONFIG);
    expect(text("agents/GOALS.md")).toContain("Adds numbers for tills.");
    expect(text("agents/GOALS.md")).toContain("- `npm test` exits 0: the tests pass.");
    expect(text("agents/LANGUAGE.md")).toContain("- **price**: (as in `priceOf`, `src/price.js`)");
    expect(text("agents/CONTEXT.md")).toContain("- Tests (1 in 1 file):\n  - `test/add.test.js`: 1");
    expect(text("agents/CONTEXT.md")).toContain("- Wiki (2 pages):\n  - `wiki/`: 1\n  - `wiki/20_SYSTEM/`: 1");
    expect(text("AGENTS.md")).toMatch(/<!-- millwright:principles begin [\s\S]*<!-- millwright:principles end -->/);
    target.commit("Write goal files");
    expect(new Set(Object.values(states(await full())))).toEqual(new Set(["unchanged"]));
    expect(target.git("status", "--short")).toBe("");
  });

  test("leaves every word of a person's alone, and renews its own blocks between their marks", async () => {
    const rules = "# Ours\r\n\r\nWe count in cents.\r\n";
    target = sums({ "AGENTS.md": rules, "agents/GOALS.md": "Be kind.\n", "agents/CONTEXT.md": "# Where we are\n" });
    expect(states(await full())).toMatchObject({
      "AGENTS.md": "updated",
      "agents/GOALS.md": "kept",
      "agents/CONTEXT.md": "updated",
      "agents/LOOPS.md": "written",
    });
    expect(text("AGENTS.md").startsWith(rules)).toBe(true);
    expect(text("AGENTS.md")).not.toMatch(/[^\r]\n/);
    expect(text("agents/GOALS.md")).toBe("Be kind.\n");
    target.write("agents/CONTEXT.md", `${text("agents/CONTEXT.md")}\nOur last words.\n`);
    target.write(
      "test/more.test.js",
      'import { test } from "node:test";\ntest("one", () => {});\ntest("two", () => {});\n',
    );
    target.commit("More");
    await full();
    expect(text("agents/CONTEXT.md")).toMatch(
      /^# Where we are\n[\s\S]*`test\/more.test.js`: 2[\s\S]*\nOur last words\.\n$/,
    );
  });

  test("writes nothing where marks are broken, or through a link out of the repository", async () => {
    target = sums({ "AGENTS.md": "<!-- millwright:principles end -->\n" });
    await expect(full()).rejects.toThrow(
      /marks of the block principles must be one begin and then one end; found: end/,
    );
    target.remove();
    target = sums();
    const elsewhere = mkdtempSync(join(tmpdir(), "millwright-elsewhere-"));
    symlinkSync(elsewhere, join(target.dir, "agents"));
    await expect(full()).rejects.toThrow("agents/CONTEXT.md leads out of the repository");
    expect(existsSync(join(elsewhere, "CONTEXT.md"))).toBe(false);
    rmSync(elsewhere, { recursive: true });
  });

  test("its template is a plan once a spec and a base are in it", async () => {
    target = sums();
    await full();
    const parsed = parsePlan(text("plans/TEMPLATE.md").replace("goal:", 'spec: { digest: "d" }\nbase: "b"\ngoal:'));
    expect(parsed.kind === "problems" ? parsed.problems : []).toEqual([]);
  });

  test("what it wrote is told: goals to makers and architect, words to the reviewer", async () => {
    target = sums({ "agents/GOALS.md": "Tills never wait.\n", "agents/LANGUAGE.md": "- **sum**: what add answers.\n" });
    const heard = new Map<string, string>();
    const told = await tell(target, (request) => {
      heard.set(request.role, request.system);
      return subtracting()(request);
    });
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "landed")).toHaveLength(1);
    for (const role of ["architect", "tester", "developer"]) expect(heard.get(role)).toContain("Tills never wait.");
    expect(heard.get("reviewer")).toContain("- **sum**: what add answers.");
    expect(heard.get("developer")).not.toContain("what add answers");
  });
});

test("the documentation loop renews the status block, in the mill's own commit", { timeout: 120_000 }, async () => {
  target = sums();
  await within(target, {}, (mill) => mill.wiki.init());
  await full();
  target.write("test/late.test.js", 'import { test } from "node:test";\ntest("late", () => {});\n');
  target.commit("Write goal files, then a test");
  const page = file("wiki/20_SYSTEM/sums.md", "# Sums\n\n`add` of `src/add.js#add` adds two numbers.\n");
  const index = edit(
    "wiki/index.md",
    "## System\n",
    "## System\n\n- [Sums](20_SYSTEM/sums.md): how numbers are added\n",
  );
  const script: Script = ({ role }) => (role === "documenter" ? `${page}\n${index}` : "{}");
  const end = await within(target, { script }, (mill) => mill.wiki.document({}, silent()));
  expect(end.kind === "documented" && end.outcome.kind).toBe("done");
  const branch = target.git("for-each-ref", "--format=%(refname:short)", "refs/heads/loop");
  const context = target.git("show", `${branch}:agents/CONTEXT.md`);
  expect(context).toContain("- Tests (2 in 2 files):\n  - `test/add.test.js`: 1\n  - `test/late.test.js`: 1");
  expect(context).toContain("`wiki/20_SYSTEM/`: 1");
  expect(context).toMatch(/Plans completed \(1\): document-/);
});

describe("init --agents", { timeout: 60_000 }, () => {
  test.each([
    ["claude", ".claude/agents/millwright-reviewer.md", ".claude/commands/implement.md", "$ARGUMENTS"],
    ["codex", ".codex/agents/millwright-reviewer.toml", ".codex/prompts/implement.md", "$ARGUMENTS"],
    ["opencode", ".opencode/agents/millwright-reviewer.md", ".opencode/commands/implement.md", "$ARGUMENTS"],
    ["gemini", ".gemini/agents/millwright-reviewer.md", ".gemini/commands/implement.toml", "{{args}}"],
  ] as const)("%s gets the roles and a command that calls the mill", async (client, agent, command, words) => {
    target = sums();
    const end = await initRepository(target.dir, { yes: false, agents: client });
    expect(end.files.map(({ path }) => path)).toEqual(expect.arrayContaining([agent, command]));
    expect(text(agent)).toContain("You are the reviewer.");
    expect(text(agent.replace("reviewer", "developer"))).not.toContain("{{");
    expect(text(command)).toContain("millwright run");
    expect(text(command)).toContain(words);
    target.write(command, "Mine.\n");
    await initRepository(target.dir, { yes: false, agents: client });
    expect(text(command)).toBe("Mine.\n");
  });
});
