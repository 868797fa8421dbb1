import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { served } from "../kit/served.ts";
import { file, subtracting } from "../kit/sums.ts";
import { wholeCli } from "../kit/whole-cli.ts";

const cli = wholeCli();

/** Tells of one request as the real programs do; of another it says what they say when there is none. */
const FORGE = `#!/usr/bin/env node
const [kind, verb, number] = process.argv.slice(2);
if (number !== "12") { console.error("no pull requests found"); process.exit(1); }
if (process.argv[1].endsWith("gh") && process.argv.includes("--comments")) console.log("bob: is 0.5 rounded up?");
else if (verb === "view") console.log("title: Round once\\nauthor: ada\\n--\\nTotals were off by a cent. (" + kind + ")");
else console.log("diff --git a/src/add.js b/src/add.js\\n+// rounded once");
`;

/** A wiki whose origin is at a forge, and that forge's programs. */
async function atForge(host: string) {
  const script = subtracting();
  const stage = await served({
    script: (request) => (request.role === "documenter" ? pageFor(request.user) : script(request)),
  });
  const { target } = stage;
  const bin = join(dirname(target.dir), "bin");
  mkdirSync(bin);
  for (const name of ["gh", "glab"]) {
    writeFileSync(join(bin, name), FORGE);
    chmodSync(join(bin, name), 0o755);
  }
  target.git("remote", "add", "origin", `https://ada:secret@${host}/shop.git`);
  const environment = { PATH: `${bin}:${process.env.PATH}` };
  const call = (...words: string[]) => cli.call(target, words, { environment });
  expect((await call("wiki", "init")).exit).toBe(0);
  return { ...stage, call };
}

/** A page that cites the source which the question names. */
function pageFor(question: string): string {
  const [source = "", digest = ""] =
    /wiki\/sources\/\S+\.md sha256:[0-9a-f]{64}/.exec(question)?.[0].split(" sha256:") ?? [];
  const page = `---\nsources:\n  - ${source} sha256:${digest}\n---\n# Rounding\n\nTotals are rounded once.\n`;
  const index = "## Domain\n\n- [Rounding](10_DOMAIN/rounding.md): totals are rounded once\n";
  return [
    file("wiki/10_DOMAIN/rounding.md", page),
    `### EDIT wiki/index.md\n<<<<<<< SEARCH\n## Domain\n=======\n${index}>>>>>>> REPLACE`,
  ].join("\n");
}

test.each([
  ["github.com", "pr"],
  ["gitlab.example", "mr"],
])("a pull request at %s is kept as its forge tells it, and cited", { timeout: 120_000 }, async (host, kind) => {
  const { target, call, close } = await atForge(host);
  try {
    const told = await call("wiki", "ingest", "pr:12");
    expect(told.exit, told.stdout + told.stderr).toBe(0);
    const branch = target.git("for-each-ref", "--format=%(refname:short)", "refs/heads/loop/").trim();
    const path = target.git("ls-tree", "-r", "--name-only", branch, "wiki/sources").trim();
    expect(path).toMatch(/pull-request-12\.md$/);
    const kept = target.git("show", `${branch}:${path}`);
    expect(kept).toContain(`Totals were off by a cent. (${kind})`);
    expect(kept.includes("bob: is 0.5 rounded up?")).toBe(kind === "pr");
    expect(kept).toContain("+// rounded once");
    expect(() => target.git("grep", "-l", "secret", branch)).toThrow();
  } finally {
    await close();
  }
});

test("one that is not there, or may not be asked for, is refused with what the forge said", {
  timeout: 120_000,
}, async () => {
  const { target, call, close } = await atForge("github.com");
  try {
    const gone = await call("wiki", "ingest", "pr:13");
    expect([gone.exit, gone.stderr]).toEqual([2, expect.stringContaining("no pull requests found")]);
    target.write("millwright.yaml", `${target.git("show", "HEAD:millwright.yaml")}\nnetwork: local-only\n`);
    const held = await call("wiki", "ingest", "pr:12");
    expect([held.exit, held.stderr]).toEqual([2, expect.stringContaining("network: local-only")]);
  } finally {
    await close();
  }
});
