import { describe, expect, test } from "vitest";
import type { ProposedText } from "../../domain/correction.ts";
import type { CorrectionFile } from "../../domain/correction-file.ts";
import { printCorrection } from "../../domain/correction-text.ts";
import type { Corrections } from "../../engine/ports.ts";

/** A target's repository: its files, and what is opened on its tree. @throws InputError, as the implementation does */
export type OpenOn = (files: Readonly<Record<string, string>>) => Promise<{ corrections: Corrections; tree: string }>;

const draft: CorrectionFile = {
  id: "session",
  title: "A session comes from app.database",
  why: { reason: "It is often guessed.", runs: ["r1"], signatures: [], cases: [] },
  languages: ["python"],
  files: ["app/**"],
  state: "on",
  does: { kind: "rewrite-import", from: "app.session", to: "app.database" },
  examples: {
    valid: [{ text: "from app.database import a\n" }],
    invalid: [{ text: "from app.session import a\n", expected: "from app.database import a\n" }],
  },
};

const put = (...all: readonly CorrectionFile[]) =>
  Object.fromEntries(all.map((one) => [`corrections/${one.id}.yaml`, printCorrection(one)]));
const wrong: ProposedText = { path: "app/a.py", base: undefined, after: "from app.session import a\n" };

/** What every implementation of corrections promises. */
export function correctionsContract(name: string, open: OpenOn): void {
  const problemsOf = (files: Readonly<Record<string, string>>): Promise<readonly string[]> =>
    open(files).then(
      () => [],
      (error: { problems?: readonly string[] }) => error.problems ?? [String(error)],
    );

  describe(`corrections ${name}`, () => {
    test("of a repository that has none, nothing is active and nothing changes", async () => {
      const { corrections, tree } = await open({ "app/a.py": "", "corrections/README.md": "# none\n" });
      expect(corrections.active).toEqual([]);
      const files = [wrong];
      expect(await corrections.correct(files, tree)).toEqual({
        files,
        applied: [],
        changes: [],
        findings: [],
        notes: [],
      });
    });

    test("are active in the order of their files, each with the digest of its text; those that are off are not", async () => {
      const files = put({ ...draft, id: "b" }, { ...draft, id: "a" }, { ...draft, id: "c", state: "off" });
      const { corrections } = await open(files);
      expect(corrections.active.map(({ id }) => id)).toEqual(["a", "b"]);
      const again = await open(put({ ...draft, id: "b" }, { ...draft, id: "a", title: "Another" }));
      expect(again.corrections.active[0]?.digest).not.toBe(corrections.active[0]?.digest);
      expect(again.corrections.active[1]).toEqual(corrections.active[1]);
    });

    test("rewrite a proposal, say where and how often, and change nothing more the second time", async () => {
      const { corrections, tree } = await open(put(draft));
      const once = await corrections.correct([wrong, { ...wrong, path: "lib/a.py" }], tree);
      expect(once.files.map(({ after }) => after)).toEqual(["from app.database import a\n", wrong.after]);
      expect(once.applied).toEqual([{ correction: "session", path: "app/a.py", times: 1 }]);
      const [before, after] = ["from app.session import a", "from app.database import a"];
      expect(once.changes).toEqual([{ id: "session", path: "app/a.py", line: 1, before, after }]);
      expect(await corrections.correct(once.files, tree)).toMatchObject({ files: once.files, applied: [] });
    });

    test("leave what stood at the base to whoever wrote it", async () => {
      const { corrections, tree } = await open(put(draft));
      const file = { path: "app/a.py", base: wrong.after ?? "", after: `${wrong.after}from app.session import b\n` };
      const made = await corrections.correct([file], tree);
      expect(made.files[0]?.after).toBe("from app.session import a\nfrom app.database import b\n");
    });

    test("are refused together, with every problem, when one cannot be read or an example does not hold", async () => {
      const [invalid] = draft.examples.invalid;
      const other = {
        ...draft,
        id: "other",
        examples: { ...draft.examples, invalid: [{ ...invalid, expected: "x = 1\n" }] },
      };
      const stays = { ...draft, id: "stays", examples: { ...draft.examples, valid: [{ text: invalid?.text }] } };
      const blind: CorrectionFile = {
        ...draft,
        id: "blind",
        does: { kind: "rule", rule: { pattern: "router.post(" }, operations: [{ kind: "remove" }] },
      };
      const problems = await problemsOf({ ...put(other, stays, blind), "corrections/bad.yaml": "id: [\n" });
      expect(problems.map((problem) => problem.split(":").slice(0, 2).join(":"))).toEqual([
        "corrections/bad.yaml: line 2",
        "corrections/blind.yaml: examples.invalid[0]",
        "corrections/other.yaml: examples.invalid[0]",
        "corrections/stays.yaml: examples.valid[0]",
      ]);
      expect(problems[1]).toContain("the pattern matches nothing here");
      expect(problems[3]).toContain("should stay as it is");
    });

    test("are refused when a rule is none, is not idempotent, or an example is no code", async () => {
      const rule = (id: string, pattern: Record<string, unknown>, by: string): CorrectionFile => ({
        ...draft,
        id,
        does: { kind: "rule", rule: pattern, operations: [{ kind: "replace", with: by }] },
        examples: { valid: [{ text: "x\n" }], invalid: [{ text: "f(1)\n", expected: "f(f(1))\n" }] },
      });
      const broken = { ...draft, id: "text", examples: { ...draft.examples, valid: [{ text: "print 'a'\n" }] } };
      const problems = await problemsOf(
        put(rule("grows", { pattern: "f($A)" }, "f(f($A))"), rule("none", { knd: "call" }, ""), broken),
      );
      expect(problems.join("\n")).toMatch(/grows.*again and again/);
      expect(problems.join("\n")).toMatch(/none.*unknown field `knd`/);
      expect(problems.join("\n")).toMatch(/text.*not valid python/);
    });

    test("are refused when two files have one id", async () => {
      const text = printCorrection(draft);
      expect(await problemsOf({ "corrections/session.yaml": text, "corrections/session.yml": text })).toEqual([
        "corrections/session.yml: there is a second file for session.",
      ]);
    });
  });
}
