import { describe, expect, test } from "vitest";
import { type AgentChange, type AgentFile, proposalOfChanges } from "./agent-proposal.ts";
import { applyEdits } from "./edit-ladder.ts";
import { parseReply } from "./reply-parse.ts";

const text = (content: string): AgentFile => ({ kind: "text", text: content });
const none: AgentFile = { kind: "none" };
const change = (path: string, before: AgentFile, after: AgentFile): AgentChange => ({ path, before, after });

/** The files after the changes' own reply was read and applied like any other. */
function applied(changes: readonly AgentChange[]): ReadonlyMap<string, string | null> {
  const said = proposalOfChanges(changes);
  if (said.kind !== "proposal") throw new Error(JSON.stringify(said));
  const parsed = parseReply(said.text);
  if (parsed.kind !== "proposal" || parsed.proposal.kind !== "edits") throw new Error(JSON.stringify(parsed));
  const read = (path: string) => {
    const before = changes.find((one) => one.path === path)?.before;
    return before?.kind === "text" ? before.text : undefined;
  };
  const result = applyEdits(read, parsed.proposal.edits, "developer");
  if (result.kind === "refused") throw new Error(JSON.stringify(result.findings));
  return result.files;
}

describe("an agent's changes as a reply", () => {
  test("a change of one line in a long file is an edit of a few lines", () => {
    const before = Array.from({ length: 200 }, (_, n) => `line ${n}`).join("\n");
    const changes = [change("a.ts", text(`${before}\n`), text(`${before.replace("line 90", "line ninety")}\n`))];
    const said = proposalOfChanges(changes);
    expect(said).toMatchObject({ kind: "proposal" });
    expect(said.kind === "proposal" && said.text.split("\n").length).toBeLessThan(14);
    expect(applied(changes).get("a.ts")).toContain("line ninety\n");
  });

  test("a line that stands there many times is told apart by the lines around it", () => {
    const block = "  if (x) {\n    return;\n  }\n";
    const before = `${block.repeat(6)}a\n${block.repeat(6)}`;
    const after = `${block.repeat(6)}a\n${block}${block.replace("return", "throw x")}${block.repeat(4)}`;
    const changes = [change("a.ts", text(before), text(after))];
    expect(applied(changes).get("a.ts")).toBe(after);
    expect(proposalOfChanges(changes)).toMatchObject({ text: expect.stringMatching(/^### EDIT a\.ts\n/) });
  });

  test("new, deleted, emptied and moved files", () => {
    const files = applied([
      change("new.ts", none, text("export const a = 1;\n")),
      change("old.ts", text("x\n"), none),
      change("empty.ts", text("y\n"), text("")),
      change("docs/fences.md", none, text("````md\n```ts\nlet a;\n```\n````\n")),
    ]);
    expect(Object.fromEntries(files)).toEqual({
      "new.ts": "export const a = 1;\n",
      "old.ts": null,
      "empty.ts": "",
      "docs/fences.md": "````md\n```ts\nlet a;\n```\n````\n",
    });
  });

  test("lines that are the format's own marks go as a whole file", () => {
    const before = "Title\n=======\ntext\n";
    expect(applied([change("a.rst", text(before), text("Title\n=======\nmore\n"))]).get("a.rst")).toBe(
      "Title\n=======\nmore\n",
    );
  });

  test("line ends stay as the file has them", () => {
    const before = "one\r\ntwo\r\nthree\r\n";
    expect(applied([change("a.txt", text(before), text("one\n2\nthree\n"))]).get("a.txt")).toBe(
      "one\r\n2\r\nthree\r\n",
    );
    expect(proposalOfChanges([change("a.txt", text(before), text("one\ntwo\nthree\n"))])).toEqual({ kind: "nothing" });
  });

  test("what no reply can carry is refused, each with its reason", () => {
    const said = proposalOfChanges([
      change("logo.png", none, { kind: "other", what: "binary" }),
      change("latest", text("x"), { kind: "other", what: "link" }),
      change("photo.jpg", { kind: "other", what: "binary" }, text("text")),
      change("a.ts", none, text("fine\n")),
    ]);
    expect(said).toEqual({
      kind: "refused",
      problems: [
        "latest is a symbolic link now: links cannot be proposed. Leave it as it was.",
        "logo.png is binary now: only text can be proposed. Leave it as it was.",
        "photo.jpg was a binary file before: it cannot be changed. Leave it as it was.",
      ],
    });
  });

  test("code that the agent left out is refused as in every reply", () => {
    const said = proposalOfChanges([change("a.ts", none, text("// ... existing code ...\n"))]);
    expect(said).toMatchObject({ kind: "refused" });
    expect(said.kind === "refused" && said.problems[0]).toMatch(/a\.ts cannot be proposed.*left out/);
  });

  test("any change of lines comes out exactly", () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const words = ["", "a", "  b", "}", "return x;", "\tq", "```", "# h", "=======", "12| n", "“q”", 'say "q"', "  "];
    const someLines = (count: number) => Array.from({ length: count }, () => words[random(words.length)] ?? "");
    for (let round = 0; round < 600; round += 1) {
      const before = someLines(1 + random(40));
      const after = [...before];
      for (let edit = 0; edit <= random(5); edit += 1)
        after.splice(random(after.length + 1), random(4), ...someLines(random(4)));
      const [old, fresh] = [`${before.join("\n")}\n`, after.length === 0 ? "" : `${after.join("\n")}\n`];
      if (old === fresh) continue;
      expect(applied([change("f.py", text(old), text(fresh))]).get("f.py")).toBe(fresh);
    }
  });
});
