import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Content, personsGit, type TargetRepository } from "../../../test/kit/target-repository.ts";
import type { FileChange, TreeId } from "../../domain/work.ts";
import type { Git } from "../../engine/ports.ts";

export interface OpenedForContract {
  readonly git: Git;
  close(): Promise<void>;
}

const BYTES = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 255, 1]);
const NUMBERS = Array.from({ length: 30 }, (_none, at) => `line ${at + 1}\n`).join("");

/** What the repository under contract holds at first. */
export const CONTRACT_FILES: Readonly<Record<string, Content>> = {
  "src/price.ts": "export const price = 1;\n",
  "src/numbers.txt": NUMBERS,
  "empty.txt": "",
  "windows.txt": "one\r\ntwo\r\n",
  "bom.txt": "\u{FEFF}with a mark\n",
  "latin1.txt": new Uint8Array([0x63, 0x61, 0x66, 0xe9, 0x0a]),
  "logo.png": BYTES,
  "tool.sh": { run: "#!/bin/sh\necho hello\n" },
  link: { to: "src/price.ts" },
  "outside-link": { to: "/etc/hostname" },
  "-dash.txt": "a leading dash\n",
  'quote"and\nline.txt': "an odd name\n",
  "mit Größe/日本.txt": "not ASCII\n",
  ".gitattributes": "*.txt text eol=crlf\nwindows.txt -text\n*.ts -diff\nsrc/* export-ignore\n",
};

/** Every implementation of `Git` keeps these promises. */
export function gitContract(
  name: string,
  make: () => TargetRepository,
  open: (target: TargetRepository) => Promise<OpenedForContract>,
): void {
  describe(`${name} keeps the promises of Git`, () => {
    let target: TargetRepository;
    let opened: OpenedForContract;
    let git: Git;
    let base: { commit: string; tree: TreeId };

    beforeAll(async () => {
      target = make();
      opened = await open(target);
      git = opened.git;
      base = (await git.resolve("HEAD"))!;
    });
    afterAll(async () => {
      await opened.close();
      target.remove();
    });

    const file = async (path: string, text: string, mode: FileChange["mode"] = "100644"): Promise<FileChange> => ({
      path,
      blob: await git.writeBlob(text),
      mode,
    });
    const gone = (path: string): FileChange => ({ path, blob: null, mode: "100644" });
    const onto = async (...changes: FileChange[]) => await git.layOver(base.tree, changes);

    describe("reading", () => {
      test("resolves what a person's git resolves, and nothing else", async () => {
        const head = target.git("rev-parse", "HEAD").trim();
        expect(base).toEqual({ commit: head, tree: target.git("rev-parse", "HEAD^{tree}").trim() });
        expect((await git.resolve("refs/heads/main"))?.commit).toBe(head);
        expect((await git.resolve(head))?.commit).toBe(head);
        expect(await git.resolve("loop/none-such")).toBeUndefined();
        expect(await git.resolve("0".repeat(head.length))).toBeUndefined();
        await expect(git.resolve("--upload-pack=x")).rejects.toThrow(/cannot be the name/);
        await expect(git.resolve("main:src")).rejects.toThrow(/cannot be the name/);
      });

      test("lists every file with its mode, whatever its name", async () => {
        const listed = await git.list(base.tree);
        expect(listed.map((entry) => entry.path).sort()).toEqual(Object.keys(CONTRACT_FILES).sort());
        const modes = new Map(listed.map((entry) => [entry.path, entry.mode]));
        expect([modes.get("tool.sh"), modes.get("link"), modes.get("empty.txt")]).toEqual([
          "100755",
          "120000",
          "100644",
        ]);
      });

      test("reads text to the byte, and says undefined for what is no text", async () => {
        for (const path of [
          "windows.txt",
          "bom.txt",
          "empty.txt",
          "-dash.txt",
          'quote"and\nline.txt',
          "mit Größe/日本.txt",
        ]) {
          expect(await git.read(base.tree, path)).toBe(CONTRACT_FILES[path]);
        }
        for (const path of ["logo.png", "latin1.txt", "link", "src", "nothing.txt", "../etc/passwd"]) {
          expect(await git.read(base.tree, path)).toBeUndefined();
        }
      });

      test("answers a hundred reads at once, large ones among them", async () => {
        const large = "0123456789".repeat(300_000);
        const blob = await git.writeBlob(large);
        const reads = Array.from({ length: 100 }, (_none, at) =>
          at % 10 === 0 ? git.readBlob(blob) : git.read(base.tree, "src/price.ts"),
        );
        const answers = await Promise.all(reads);
        expect(answers.every((text, at) => text === (at % 10 === 0 ? large : CONTRACT_FILES["src/price.ts"]))).toBe(
          true,
        );
      });

      test("fails when an object is missing, and goes on reading", async () => {
        await expect(git.readBlob("1".repeat(base.tree.length))).rejects.toMatchObject({ code: "git-failed" });
        expect(await git.read(base.tree, "src/price.ts")).toBe(CONTRACT_FILES["src/price.ts"]);
      });

      test("writes a text once: the same text is the same blob", async () => {
        const text = "\u{FEFF}a\r\nb";
        const blob = await git.writeBlob(text);
        expect(await git.writeBlob(text)).toBe(blob);
        expect(await git.readBlob(blob)).toBe(text);
      });
    });

    describe("laying layers", () => {
      test("adds, changes and deletes; the later layer wins; the base stays", async () => {
        const tests = [await file("test/a.test.ts", "first\n"), gone("empty.txt")];
        const code = [await file("test/a.test.ts", "second\n"), await file("-new\n.sh", "x\n", "100755")];
        const tree = await git.layOver(base.tree, tests, code);
        expect(await git.read(tree, "test/a.test.ts")).toBe("second\n");
        expect(await git.read(tree, "empty.txt")).toBeUndefined();
        expect((await git.list(tree)).find((entry) => entry.path === "-new\n.sh")?.mode).toBe("100755");
        expect(await git.read(base.tree, "empty.txt")).toBe("");
        expect(await git.layOver(base.tree)).toBe(base.tree);
        expect(await git.layOver(base.tree, [gone("never/there.txt")])).toBe(base.tree);
      });

      test("a file takes the place of a folder only when the layer empties it", async () => {
        const emptied = await onto(await file("src", "now a file\n"), gone("src/price.ts"), gone("src/numbers.txt"));
        expect(await git.read(emptied, "src")).toBe("now a file\n");
        const refused = git.layOver(base.tree, [await file("src", "x\n"), gone("src/price.ts")]);
        await expect(refused).rejects.toMatchObject({ name: "StepFailure", code: "git-failed" });
      });

      test.each([".git/config", "a/../b", "/etc/passwd", "a/.GIT/hooks/x"])("refuses the path %s", async (path) => {
        const change = await file(path, "x\n");
        await expect(git.layOver(base.tree, [change])).rejects.toMatchObject({ code: "git-failed" });
      });
    });

    describe("comparing", () => {
      test("names each change with its kind", async () => {
        const tree = await onto(
          await file("src/price.ts", "export const price = 2;\n"),
          await file("new.ts", "x\n"),
          gone("empty.txt"),
          { ...(await file("tool.sh", "src/price.ts")), mode: "120000" },
        );
        const seen = await git.changes(base.tree, tree);
        expect(seen.map((change) => [change.path, change.status, change.mode])).toEqual([
          ["empty.txt", "deleted", "000000"],
          ["new.ts", "added", "100644"],
          ["src/price.ts", "modified", "100644"],
          ["tool.sh", "type-changed", "120000"],
        ]);
        expect(seen[0]).toMatchObject({ blob: null });
        expect(seen[1]).toMatchObject({ before: null, blob: await git.writeBlob("x\n") });
        expect(await git.changes(tree, tree)).toEqual([]);
      });

      test("shows a difference with the context asked for, also of files that hide from diffs", async () => {
        const tree = await onto(await file("src/numbers.txt", NUMBERS.replace("line 15\n", "line fifteen\n")));
        const [narrow, wide] = [await git.diff(base.tree, tree, 0), await git.diff(base.tree, tree, 5)];
        expect(narrow).toContain("-line 15\n+line fifteen\n");
        expect(narrow).not.toContain("\n line 14");
        expect(wide).toContain("line 10");
        expect(wide).not.toContain("\n line 9\n");
        const hidden = await onto(await file("src/price.ts", "export const price = 3;\n"));
        expect(await git.diff(base.tree, hidden)).toContain("+export const price = 3;");
      });

      test("a patch keeps its id under a clean rebase, and loses it with a space, a mode or a byte of a picture", async () => {
        const change = await file("src/numbers.txt", NUMBERS.replace("line 20\n", "line twenty\n"));
        const id = await git.patchId(base.tree, await onto(change));
        const ahead = await onto(await file("src/numbers.txt", `zero\n${NUMBERS}`));
        const { layer } = await git.transplant([change], base.tree, ahead);
        expect(await git.patchId(ahead, await git.layOver(ahead, layer))).toBe(id);

        const spaced = await file("src/numbers.txt", NUMBERS.replace("line 20\n", "line  twenty\n"));
        const program = { ...change, mode: "100755" as const };
        const ids = [id];
        for (const other of [spaced, program]) ids.push(await git.patchId(base.tree, await onto(other)));
        for (const text of ["\0one", "\0two"])
          ids.push(await git.patchId(base.tree, await onto(await file("logo.png", text))));
        expect(new Set(ids).size).toBe(5);
      });
    });

    describe("transplanting", () => {
      const replaced = (from: string, to: string): string => NUMBERS.replace(`${from}\n`, `${to}\n`);

      test("merges what touches other lines, and keeps what nobody else touched", async () => {
        const layer = [await file("new.ts", "x\n"), await file("src/numbers.txt", replaced("line 3", "line three"))];
        const ahead = await onto(
          await file("src/numbers.txt", replaced("line 27", "line 27, changed")),
          gone("empty.txt"),
        );
        const moved = await git.transplant(layer, base.tree, ahead);
        expect(moved.conflicts).toEqual([]);
        const text = await git.read(await git.layOver(ahead, moved.layer), "src/numbers.txt");
        expect(text).toBe(replaced("line 3", "line three").replace("line 27\n", "line 27, changed\n"));
        expect(moved.layer[0]).toEqual(layer[0]);
      });

      test("names what cannot be merged, and leaves it out", async () => {
        const layer = [
          await file("added.ts", "ours\n"),
          gone("bom.txt"),
          await file("empty.txt", "no longer\n"),
          await file("folder/file.ts", "x\n"),
          await file("logo.png", "\0ours"),
          await file("src/numbers.txt", replaced("line 3", "ours")),
          await file("windows.txt", "one\r\n2\r\n"),
        ];
        const ahead = await onto(
          await file("added.ts", "theirs\n"),
          await file("bom.txt", "theirs\n"),
          gone("empty.txt"),
          await file("folder", "a file there\n"),
          await file("logo.png", "\0theirs"),
          await file("src/numbers.txt", replaced("line 3", "theirs")),
        );
        const moved = await git.transplant(layer, base.tree, ahead);
        expect(moved.conflicts).toEqual(layer.slice(0, 6).map((change) => change.path));
        expect(moved.layer).toEqual(layer.slice(6));
      });

      test("the mode of one side and the text of the other meet", async () => {
        const layer = [{ ...(await file("src/price.ts", "export const price = 1;\n")), mode: "100755" as const }];
        const ahead = await onto(await file("src/price.ts", "export const price = 2;\n"));
        const moved = await git.transplant(layer, base.tree, ahead);
        expect(moved.layer).toEqual([await file("src/price.ts", "export const price = 2;\n", "100755")]);
      });
    });

    describe("committing and landing", () => {
      test("equal content has an equal id, whenever it is written", async () => {
        const input = {
          tree: base.tree,
          parents: [base.commit],
          message: "Größe: say more\n\nTask: a\n",
          at: 1_700_000_000,
        };
        const first = await git.commit(input);
        expect(await git.commit(input)).toBe(first);
        expect(await git.commit({ ...input, at: input.at + 1 })).not.toBe(first);
        expect(target.git("show", "-s", "--format=%an|%cn|%at|%ct|%B", first)).toBe(
          "Millwright|Millwright|1700000000|1700000000|Größe: say more\n\nTask: a\n\n",
        );
      });

      test("keeps refused attempts reachable, and on no branch", async () => {
        const kept = await git.commit({ tree: base.tree, parents: [base.commit], message: "Refused\n", at: 5 });
        await git.keep("attempts/run-1/task-1/2", kept);
        expect(target.git("rev-parse", "refs/millwright/attempts/run-1/task-1/2").trim()).toBe(kept);
        await expect(git.keep("-x", kept)).rejects.toThrow(/cannot be the name/);
        await expect(git.keep("../heads/main", kept)).rejects.toThrow(/cannot be the name/);
      });

      test("moves a branch forward, once, and only from where it is", async () => {
        const one = await git.commit({ tree: base.tree, parents: [base.commit], message: "One\n", at: 1 });
        const two = await git.commit({ tree: base.tree, parents: [one], message: "Two\n", at: 2 });
        const rival = await git.commit({ tree: base.tree, parents: [one], message: "Rival\n", at: 3 });
        expect(await git.advance("loop/plan", base.commit, one)).toBe(false);
        expect(await git.advance("loop/plan", undefined, one)).toBe(true);
        expect(await git.advance("loop/plan", undefined, two)).toBe(false);
        const raced = await Promise.all([git.advance("loop/plan", one, two), git.advance("loop/plan", one, rival)]);
        expect(raced.filter(Boolean)).toHaveLength(1);
        const now = (await git.resolve("loop/plan"))!.commit;
        expect(await git.advance("loop/plan", one, now)).toBe(true);
        await expect(git.advance("loop/plan", now, base.commit)).rejects.toMatchObject({
          code: "git-failed",
          remedy: "stop",
        });
        await expect(git.advance("-f", undefined, one)).rejects.toThrow(/cannot be the name/);
      });

      test("does not move a branch under somebody's feet", async () => {
        const next = await git.commit({ tree: base.tree, parents: [base.commit], message: "Next\n", at: 9 });
        await expect(git.advance("main", base.commit, next)).rejects.toMatchObject({
          code: "git-failed",
          remedy: "ask",
          hint: expect.stringContaining("switch --detach"),
        });
        expect(target.git("rev-parse", "main").trim()).toBe(base.commit);
      });
    });

    describe("exporting and showing", () => {
      test("exports exactly the files of a tree, to the byte", async () => {
        const { dir, dispose } = await git.export(base.tree);
        const there = readdirSync(dir, { recursive: true, encoding: "utf8" }).filter(
          (path) => !lstatSync(join(dir, path)).isDirectory(),
        );
        expect(there.sort()).toEqual(Object.keys(CONTRACT_FILES).sort());
        for (const [path, content] of Object.entries(CONTRACT_FILES)) {
          if (typeof content === "string") expect(readFileSync(join(dir, path), "utf8")).toBe(content);
        }
        expect(readFileSync(join(dir, "logo.png"))).toEqual(Buffer.from(BYTES));
        expect(lstatSync(join(dir, "tool.sh")).mode & 0o111).not.toBe(0);
        expect(readlinkSync(join(dir, "outside-link"))).toBe("/etc/hostname");
        await dispose();
        expect(existsSync(dir)).toBe(false);
        await dispose();
      });

      test("shows one commit after another in the same folder", async () => {
        const dir = join(target.around, "loop plän", "task 1");
        const next = await git.commit({
          tree: await onto(await file("new/place.ts", "x\n"), gone("empty.txt")),
          parents: [base.commit],
          message: "Next\n",
          at: 4,
        });
        for (const commit of [base.commit, next, next, base.commit]) {
          await git.show(dir, commit);
          expect(personsGit(dir, "rev-parse", "HEAD").trim()).toBe(commit);
          expect(personsGit(dir, "status", "--porcelain")).toBe("");
          expect(existsSync(join(dir, "new/place.ts"))).toBe(commit === next);
        }
        expect(personsGit(dir, "log", "--format=%s")).toBe(target.git("log", "--format=%s", base.commit));
      });
    });
  });
}
