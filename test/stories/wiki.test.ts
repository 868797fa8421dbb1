import { createHash } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { facts, refusals, refusalText, silent, tell, within } from "../kit/story.ts";
import {
  byTask,
  edit,
  file,
  SUBTRACT_CODE,
  SUBTRACT_PLAN,
  SUBTRACT_TESTS,
  SUMS_CONFIG,
  subtracting,
  sums,
} from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";

const SILENT = silent();
const REPORT = { contradictions: "leave", mode: "report" } as const;

async function begun(extra: Readonly<Record<string, string>> = {}): Promise<Target> {
  const target = sums(extra);
  await within(target, {}, (mill) => mill.wiki.init());
  return target;
}

const scripted = (answers: readonly string[]): Script => {
  let at = 0;
  return ({ role }) => (role === "documenter" ? (answers[Math.min(at++, answers.length - 1)] ?? "") : "{}");
};

const INDEX = edit("wiki/index.md", "## System\n", "## System\n\n- [Sums](20_SYSTEM/sums.md): how numbers are added\n");
const PAGE = file(
  "wiki/20_SYSTEM/sums.md",
  "# Sums\n\n`add(left, right)` of `src/add.js#add` answers the sum of two numbers.\n",
);
const INVENTED = file("wiki/20_SYSTEM/sums.md", "# Sums\n\n`addAll()` of `src/all.js:1-3` adds everything.\n");

/** A commit whose name begins like this: an unlucky one looks like a value that a plan has to keep. */
function commitNamed(target: Target, name: RegExp): void {
  const [tree, parent] = ["HEAD^{tree}", "HEAD"].map((revision) => target.git("rev-parse", revision));
  for (let at = 0; ; at++) {
    const by = `A <a@example.org> ${1_760_000_000 + at} +0000`;
    const text = `tree ${tree}\nparent ${parent}\nauthor ${by}\ncommitter ${by}\n\nTry\n`;
    const id = createHash("sha1").update(`commit ${text.length}\0${text}`).digest("hex");
    if (!name.test(id)) continue;
    target.write("commit.txt", text);
    target.git("hash-object", "-t", "commit", "-w", "commit.txt");
    rmSync(join(target.dir, "commit.txt"));
    target.git("reset", "--quiet", "--hard", id);
    return;
  }
}

describe("a wiki", () => {
  test("begins with a commit of its own, once, and leaves what is staged", async () => {
    const target = sums();
    target.write("later.txt", "later\n");
    target.git("add", "later.txt");
    const { written, commit } = await within(target, {}, (mill) => mill.wiki.init());
    expect(written).toEqual(["wiki/00_SCHEMA.md", "wiki/index.md", "wiki/log.md"]);
    expect(target.git("rev-parse", "HEAD")).toBe(commit);
    expect(target.git("status", "--porcelain")).toBe("A  later.txt");
    expect((await within(target, {}, (mill) => mill.wiki.init())).written).toEqual([]);
    const { findings } = await within(target, {}, (mill) => mill.wiki.lint(REPORT, SILENT));
    expect(findings.map(({ message }) => message)).toEqual([
      "wiki/10_DOMAIN/ holds no page, though there is code.",
      "wiki/20_SYSTEM/ holds no page, though there is code.",
    ]);
    target.remove();
  });

  test("is documented from what has changed: an invented claim is refused, the page lands, log and report are the mill's", async () => {
    const target = await begun();
    commitNamed(target, /^\d{12}/);
    const script = scripted([`${INVENTED}\n${INDEX}`, `${PAGE}\n${INDEX}`]);
    const end = await within(target, { script }, async (mill) => {
      const told = await mill.wiki.document({}, SILENT);
      if (told.kind === "nothing") throw new Error(told.since);
      return { ...told, entries: await mill.entries(told.run) };
    });
    expect(end.outcome.kind, refusalText(end)).toBe("done");
    expect(refusals(end)).toContain("wiki: wiki/dead-link");
    expect(end.read).toContain("src/add.js");
    const branch = end.outcome.kind === "done" ? end.outcome.branch : "";
    expect(branch).toMatch(/^loop\/document-\d{4}-\d{2}-\d{2}$/);
    const show = (path: string) => target.git("show", `${branch}:${path}`);
    expect(show("wiki/20_SYSTEM/sums.md")).toContain("src/add.js#add");
    const log = show("wiki/log.md");
    expect(log).toMatch(/## \[\d{4}-\d{2}-\d{2}\] document \| Document what changed up to [0-9a-f]{12}: done/);
    const report = /\]\((90_LOG\/[^)]+)\)/.exec(log)?.[1] ?? "";
    expect(show(`wiki/${report}`)).toContain("## What was read");
    expect(show(`wiki/${report}`)).toContain("wiki/dead-link");
    const plan = target.git("ls-tree", "-r", "--name-only", branch, "plans");
    expect(show(plan)).not.toContain("diff --git");
    target.git("merge", "--quiet", "--ff-only", branch);
    const again = await within(target, { script }, (mill) => mill.wiki.document({}, SILENT));
    expect(again.kind).toBe("nothing");
    const { findings } = await within(target, {}, (mill) => mill.wiki.lint(REPORT, SILENT));
    expect(findings.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      "wiki/index.md: wiki/10_DOMAIN/ holds no page, though there is code.",
    ]);
    target.remove();
  });

  test("is documented for the first time from its last fifty commits, which is said; then from where that ended", async () => {
    const target = sums();
    target.write("src/old.js", "export const old = 1;\n");
    target.commit("Long ago");
    await within(target, {}, (mill) => mill.wiki.init());
    for (let at = 1; at < 50; at++) target.git("commit", "--quiet", "--allow-empty", `--message=Step ${at}`);
    target.write("src/new.js", "export const fresh = 1;\n");
    target.commit("Lately");
    const script = scripted([`${PAGE}\n${INDEX}`]);
    const end = await within(target, { script }, (mill) => mill.wiki.document({}, SILENT));
    if (end.kind === "nothing") throw new Error(end.since);
    expect([end.read, end.earlier]).toEqual([["src/new.js"], expect.stringContaining("the last 50 commits")]);
    const branch = end.outcome.kind === "done" ? end.outcome.branch : "";
    const report = target.git("ls-tree", "-r", "--name-only", branch, "wiki/90_LOG");
    expect(target.git("show", `${branch}:${report}`)).toContain(
      "## What was not read\n\nWhat is older than the last 50",
    );
    const all = await within(target, { script }, (mill) => mill.wiki.document({ since: "HEAD~52" }, SILENT));
    expect(all.kind === "documented" && [all.read.includes("src/old.js"), all.earlier]).toEqual([true, undefined]);
    target.remove();
  });

  test("asks a model only where one is named for the role, and says which", async () => {
    const target = await begun({ "millwright.yaml": SUMS_CONFIG.replace("models: { default: mailbox }\n", "") });
    const query = within(target, {}, (mill) => mill.wiki.query("What is a sum?", { file: false }, SILENT));
    await expect(query).rejects.toThrow(/No model is configured for the librarian.*`librarian:` or `default:`/);
    await expect(within(target, {}, (mill) => mill.wiki.document({}, SILENT))).rejects.toThrow(/for the documenter/);
    expect(await within(target, {}, (mill) => mill.runs())).toEqual([]);
    target.remove();
  });

  test("keeps a source to the byte, and refuses pages that do not cite its digest", async () => {
    const target = await begun({ "notes/pull request.md": "Sums wrap around.\r\n\u00e9\n" });
    const digest = createHash("sha256").update("Sums wrap around.\r\n\u00e9\n").digest("hex");
    const index = edit("wiki/index.md", "## Domain\n", "## Domain\n\n- [Wrapping](10_DOMAIN/wrapping.md): sums wrap\n");
    const page = (head: string) =>
      `${file("wiki/10_DOMAIN/wrapping.md", `${head}# Wrapping\n\nSums wrap around.\n`)}\n${index}`;
    const today = new Date().toISOString().slice(0, 10);
    const path = `wiki/sources/${today}-pull-request.md`;
    const script = scripted([page(""), page(`---\nsources:\n  - ${path} sha256:${digest}\n---\n`)]);
    const end = await within(target, { script }, async (mill) => {
      const told = await mill.wiki.ingest(join(target.dir, "notes/pull request.md"), SILENT);
      return { ...told, entries: await mill.entries(told.run) };
    });
    expect(end.outcome.kind, refusalText(end)).toBe("done");
    expect([end.source, end.sha256]).toEqual([path, digest]);
    expect(refusals(end)).toContain("wiki: wiki/source");
    const branch = end.outcome.kind === "done" ? end.outcome.branch : "";
    target.git("merge", "--quiet", "--ff-only", branch);
    const kept = target.git("hash-object", path);
    expect(kept).toBe(target.git("hash-object", "notes/pull request.md"));
    await expect(
      within(target, { script }, (mill) => mill.wiki.ingest("notes/pull request.md", SILENT)),
    ).rejects.toThrow(/in the wiki already/);
    await expect(within(target, {}, (mill) => mill.wiki.ingest("notes/none.md", SILENT))).rejects.toThrow(/no file/);
    target.remove();
  });

  test("answers with quotations that are there, leaves out the others, and files an answer", async () => {
    const target = await begun({
      "wiki/10_DOMAIN/sum.md": "# Sum\n\nA sum of two numbers is their total.\n",
    });
    const quote = (path: string, words: string) => ({ path, quote: words });
    const reply = JSON.stringify({
      statements: [
        { text: "A sum is a total.", citations: [quote("wiki/10_DOMAIN/sum.md", "two numbers is their total")] },
        { text: "It never overflows.", citations: [quote("wiki/10_DOMAIN/sum.md", "it never overflows")] },
      ],
      unknown: ["what happens with texts"],
    });
    const asked: string[] = [];
    const script: Script = ({ role, user }) => {
      if (role !== "librarian") return "";
      asked.push(user);
      return asked.length === 1 ? "no JSON" : reply;
    };
    const end = await within(target, { script }, (mill) => mill.wiki.query("What is a sum?", { file: true }, SILENT));
    expect(end.statements.map(({ citations }) => citations)).toEqual([
      [{ path: "wiki/10_DOMAIN/sum.md", line: 3, quote: "two numbers is their total" }],
    ]);
    expect([end.unverified, end.unknown]).toEqual([["It never overflows."], ["what happens with texts"]]);
    expect(asked).toHaveLength(2);
    expect(end.filed?.path).toBe("wiki/10_DOMAIN/what-is-a-sum.md");
    expect(target.git("show", `HEAD:${end.filed?.path}`)).toContain("A sum is a total. ([sum](../10_DOMAIN/sum.md))");
    expect(target.git("show", "HEAD:wiki/index.md")).toContain("(10_DOMAIN/what-is-a-sum.md)");
    expect(target.git("status", "--porcelain")).toBe("");
    target.remove();
  });

  test("has moved lines put right by a commit, stale ones by the documenter; too many findings wait", async () => {
    const page = "# Sums\n\nIt adds in `src/add.js:1-3`, and returns in `src/add.js:2`.\n\n## Errors\n\nNone.\n";
    const target = await begun({
      "wiki/index.md":
        "# Index\n\n## Domain\n\n- [Number](10_DOMAIN/number.md): a number\n\n## System\n\n- [Sums](20_SYSTEM/sums.md): adding\n",
      "wiki/20_SYSTEM/sums.md": page,
      "wiki/10_DOMAIN/number.md": "# Number\n\nA number. See [[Sums]].\n",
    });
    target.write("src/add.js", "// Adds.\nexport function add(left, right) {\n  return left + right;\n}\n");
    target.git("commit", "--quiet", "--all", "--message=Comment");
    const fix = { contradictions: "leave", mode: "fix" } as const;
    const end = await within(target, {}, (mill) => mill.wiki.lint(fix, SILENT));
    expect(end.fixed.map(({ kind }) => kind)).toEqual(["stale-claim", "stale-claim"]);
    expect(end.findings).toEqual([]);
    expect(target.git("show", "HEAD:wiki/20_SYSTEM/sums.md")).toContain(
      "`src/add.js:2-4`, and returns in `src/add.js:3`",
    );

    target.write("src/add.js", "// Adds.\nexport function add(left, right) {\n  return right + left;\n}\n");
    target.git("commit", "--quiet", "--all", "--message=Turn");
    const said = "It adds in `src/add.js:2-4`, and returns in `src/add.js:3`.";
    const mended = edit("wiki/20_SYSTEM/sums.md", said, said.replace("It adds", "It adds, right before left,"));
    const run = await within(target, { script: scripted([mended]) }, (mill) => mill.wiki.lint(fix, SILENT));
    expect(run.findings.map(({ kind }) => kind)).toContain("stale-claim");
    expect(run.run?.outcome).toEqual({ kind: "done", branch: expect.stringMatching(/^loop\/lint-/) });

    for (let number = 0; number < 11; number++) target.write(`wiki/20_SYSTEM/p${number}.md`, `# P${number}\n\nTODO\n`);
    target.git("add", "wiki");
    target.git("commit", "--quiet", "--message=Many");
    const head = target.git("rev-parse", "HEAD");
    const many = await within(target, {}, (mill) => mill.wiki.lint(fix, SILENT));
    expect([many.waits, many.fixed, target.git("rev-parse", "HEAD")]).toEqual([true, [], head]);

    // As many as may be are put right; one more is a person's matter.
    const limited = async (most: number) => {
      target.write("millwright.yaml", `${SUMS_CONFIG}limits: { wikiFindings: ${most} }\n`);
      const script = scripted(["IMPOSSIBLE: nobody has scripted that many pages"]);
      const { waits } = await within(target, { script }, (mill) => mill.wiki.lint(fix, SILENT));
      return waits;
    };
    expect(await limited(many.findings.length - 1)).toBe(true);
    expect(await limited(many.findings.length)).toBe(false);
    target.remove();
  });
});

describe("a run in a repository with a wiki", () => {
  test("leaves its page, and that of the failed loop before it, on its branch", async () => {
    const target = await begun();
    const wrong = file("src/other.js", "export const other = 1;");
    const failed = await tell(target, subtracting({ developer: [wrong], orchestrator: ["SKIP: no"] }));
    expect(failed.outcome.kind).not.toBe("done");
    const pending = readdirSync(join(target.dir, ".millwright/log")).filter((name) => name.endsWith(".md"));
    target.git("branch", "-D", "loop/subtract");
    const told = await tell(target, subtracting());
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    const pages = target.git("ls-tree", "-r", "--name-only", "loop/subtract", "wiki/90_LOG").split("\n");
    expect(pages.length).toBe(pending.length + 1);
    expect(pending.length).toBeGreaterThan(0);
    const log = target.git("show", "loop/subtract:wiki/log.md");
    for (const page of pages) expect(log).toContain(`](${page.slice("wiki/".length)})`);
    expect(existsSync(join(target.dir, ".millwright/log/filed", pending[0] ?? ""))).toBe(true);
    expect(target.git("diff", "--name-only", "main", "HEAD")).toBe("");
    target.remove();
  });

  test("is documented before the goal is judged in maker-checker, and after it where the config says so", async () => {
    const target = await begun({ "millwright.yaml": `${SUMS_CONFIG}document: after-merge\n` });
    const page = file("wiki/20_SYSTEM/difference.md", "# Difference\n\n`subtract()` is `src/subtract.js#subtract`.\n");
    const index = edit(
      "wiki/index.md",
      "## System\n",
      "## System\n\n- [Difference](20_SYSTEM/difference.md): subtracting\n",
    );
    const more = edit("wiki/20_SYSTEM/difference.md", "# Difference\n", "# Difference\n\nNumbers differ.\n");
    const heading = { decision: "APPROVE", reasons: ["looked at it"] };
    const headings = { scope: heading, tests: heading, quality: heading, spec: heading, documentation: heading };
    const script = byTask(SUBTRACT_PLAN, {
      T1: { developer: [`${SUBTRACT_TESTS}\n${SUBTRACT_CODE}`], checker: [JSON.stringify({ headings })] },
      DOC: { documenter: [`${page}\n${index}`], checker: [JSON.stringify({ headings })] },
    });
    let landed = false;
    const told = await tell(
      target,
      (request) => {
        if (request.role === "documenter" && landed) return more;
        landed ||= request.role === "goal-checker";
        return script(request);
      },
      { workflow: "maker-checker" },
    );
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "landed").map(({ task }) => task)).toEqual(["T1", "DOC"]);
    const judged = told.entries.findIndex(({ event }) => event.type === "goal-judged");
    const written = told.entries.findIndex(({ event }) => event.type === "landed" && event.task === "DOC");
    expect(written).toBeLessThan(judged);
    expect(target.git("show", "loop/subtract:wiki/20_SYSTEM/difference.md")).toContain("Numbers differ.");
    expect(target.git("show", "loop/subtract:wiki/log.md")).toContain("document | Document what changed");
    target.remove();
  });
});
