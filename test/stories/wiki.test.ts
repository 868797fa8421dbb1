import { describe, expect, test } from "vitest";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { refusals, refusalText, silent, within } from "../kit/story.ts";
import { edit, file, sums } from "../kit/sums.ts";
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
});
