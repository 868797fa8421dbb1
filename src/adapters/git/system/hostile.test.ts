import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { personsGit, type TargetRepository, targetRepository } from "../../../../test/kit/target-repository.ts";
import type { Git } from "../../../engine/ports.ts";
import { type OpenedGit, openGit } from "./open-git.ts";

const HOOKS = [
  ["applypatch-msg", "commit-msg", "fsmonitor-watchman", "post-applypatch", "post-checkout", "post-commit"],
  ["post-index-change", "post-merge", "post-rewrite", "pre-applypatch", "pre-auto-gc", "pre-commit"],
  ["pre-merge-commit", "pre-push", "pre-rebase", "prepare-commit-msg", "reference-transaction", "update"],
].flat();

let target: TargetRepository;
let markers: string;
let trap: (name: string) => string;
let opened: OpenedGit;
let git: Git;
const variables: Record<string, string | undefined> = {};

/** A command that leaves a marker; it still does a filter's work, so that a person's git goes on. */
function trapIn(folder: string): (name: string) => string {
  return (name) => `sh -c 'echo run > "${folder}/${name}"; cat' --`;
}

function arm(): void {
  const config: Record<string, string> = {
    "core.fsmonitor": trap("fsmonitor"),
    "core.pager": trap("pager"),
    "core.editor": trap("editor"),
    "core.askPass": trap("askpass"),
    "core.sshCommand": trap("ssh"),
    "core.alternateRefsCommand": trap("alternate-refs"),
    "core.attributesFile": join(target.around, "attributes"),
    "filter.evil.clean": trap("clean"),
    "filter.evil.smudge": trap("smudge"),
    "filter.evil.required": "true",
    "diff.external": trap("diff-external"),
    "diff.evil.textconv": trap("textconv"),
    "diff.evil.command": trap("diff-command"),
    "merge.evil.driver": trap("merge-driver"),
    "gpg.program": trap("gpg"),
    "commit.gpgSign": "true",
    "tag.gpgSign": "true",
    "log.showSignature": "true",
    "credential.helper": trap("credential"),
    "uploadpack.packObjectsHook": trap("pack-objects"),
    "alias.rev-parse": `!${trap("alias")}`,
    "gc.auto": "1",
    "maintenance.auto": "true",
  };
  for (const [name, value] of Object.entries(config)) target.git("config", name, value);
  for (const hook of HOOKS)
    target.write({ [`.git/hooks/${hook}`]: { run: `#!/bin/sh\necho run > "${markers}/hook-${hook}"\n` } });
  target.write({ "node_modules/.bin/git": { run: `#!/bin/sh\necho run > "${markers}/git-in-path"\n` } });
}

/** The environment that a hostile terminal, or `npx`, hands down. */
function poison(): void {
  const poisoned = {
    GIT_EXTERNAL_DIFF: trap("env-diff"),
    GIT_SSH_COMMAND: trap("env-ssh"),
    GIT_EDITOR: trap("env-editor"),
    GIT_PAGER: trap("env-pager"),
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "core.fsmonitor",
    GIT_CONFIG_VALUE_0: trap("env-fsmonitor"),
    GIT_DIR: "/nowhere",
    GIT_INDEX_FILE: "/nowhere",
    PATH: `${join(target.root, "node_modules/.bin")}:${process.env.PATH}`,
  };
  for (const [name, value] of Object.entries(poisoned)) {
    variables[name] = process.env[name];
    process.env[name] = value;
  }
}

function heal(): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

const run = (): string[] => readdirSync(markers);

beforeAll(async () => {
  target = targetRepository({ "a.txt": "a\n", "b.txt": "b\n", ".gitignore": "node_modules\n" });
  markers = join(target.around, "markers");
  mkdirSync(markers);
  trap = trapIn(markers);
  target.write({ ".gitattributes": "* filter=evil diff=evil merge=evil\n", "../attributes": "* filter=evil\n" });
  target.git("add", "--all");
  target.git("commit", "--quiet", "--message=Attributes");
  target.git("branch", "other");
  arm();
  poison();
  opened = await openGit({ root: target.root, stateDir: join(target.root, ".millwright"), submodules: "refuse" });
  git = opened.git;
});
afterEach(() => expect(run()).toEqual([]));
afterAll(async () => {
  await opened.close();
  heal();
  target.remove();
});

test("opening and inspecting a dirty checkout runs nothing of the target's", async () => {
  target.write({ "a.txt": "changed\n", "new.txt": "x\n" });
  const again = await openGit({ root: target.root, stateDir: join(target.root, ".millwright"), submodules: "refuse" });
  expect(again.inspection.dirty).toEqual(["a.txt", "new.txt"]);
  await again.close();
});

test("no method of the port runs anything of the target's", async () => {
  const dir = join(target.around, "shown");
  const base = (await git.resolve("main"))!;
  const blob = await git.writeBlob("changed\n");
  const theirs = await git.layOver(base.tree, [
    { path: "b.txt", blob: await git.writeBlob("theirs\n"), mode: "100644" },
  ]);
  const layer = [{ path: "b.txt", blob, mode: "100644" as const }];
  const tree = await git.layOver(base.tree, layer);
  await git.list(tree);
  await git.read(tree, "a.txt");
  await git.readBlob(blob);
  await git.changes(base.tree, tree);
  expect(await git.diff(base.tree, tree)).toContain("+changed");
  await git.patchId(base.tree, tree);
  await git.transplant(layer, base.tree, theirs);
  const commit = await git.commit({ tree, parents: [base.commit], message: "Change b\n", at: 1 });
  await git.keep("attempt/1", commit);
  expect(await git.advance("loop/plan", undefined, base.commit)).toBe(true);
  expect(await git.advance("loop/plan", base.commit, commit)).toBe(true);
  await git.show(dir, base.commit);
  target.write({ "../shown/a.txt": "a person's edit\n" });
  await git.show(dir, commit);
  const { dispose } = await git.export(tree);
  await dispose();
});

test("the traps are real: the same work with a person's git springs them", () => {
  heal();
  const scratch = join(target.around, "plain");
  for (const args of [["status"], ["add", "a.txt"], ["diff", "HEAD"], ["worktree", "add", scratch, "other"]]) {
    try {
      personsGit(target.root, ...args);
    } catch {
      // Some traps break git's own work; that they ran is what counts.
    }
  }
  const sprung = run();
  for (const name of ["fsmonitor", "clean", "hook-post-index-change", "hook-reference-transaction"]) {
    expect(sprung).toContain(name);
  }
  expect(sprung.length).toBeGreaterThan(5);
  for (const name of sprung) rmSync(join(markers, name));
});
