import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { checkedRefName, isRefName, isRevision } from "./names.ts";

const NAMES = [
  ["main", "loop/2026-11-x", "größe/日本", "a-b_c.d", "v1.0", "a/b/c", "x@y", "a{b"],
  ["", "HEAD", "-x", "--exec=x", ".a", "a/.b", "a..b", "a.lock", "a.lock/b", "a.", "a//b", "/a", "a/"],
  ["a b", "a~b", "a^b", "a:b", "a?b", "a*b", "a[b", "a\\b", "a@{b", "a\tb", "a\nb", "a\u007fb", "a\u0001b"],
].flat();

test.each(NAMES)("judges the branch name %j as git does", (name) => {
  const asked = spawnSync("git", ["check-ref-format", "--branch", name]);
  expect(isRefName(name)).toBe(asked.status === 0);
});

test("a name that is too long for a file is refused with what to do", () => {
  expect(() => checkedRefName("a".repeat(250), "a branch")).toThrow(/cannot be the name of a branch: use letters/);
});

test("a revision is a ref, HEAD or an id, with steps back; nothing that searches or selects", () => {
  expect(["HEAD", "HEAD~2^", "main", "0123abcd", "refs/heads/main~1"].every(isRevision)).toBe(true);
  expect([":/text", "main:file", "HEAD^{/x}", "--all", "a..b", "@{u}"].some(isRevision)).toBe(false);
});
