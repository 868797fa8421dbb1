import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { served } from "../kit/served.ts";
import { SUBTRACT_PLAN, subtracting } from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";
import { wholeCli } from "../kit/whole-cli.ts";

const cli = wholeCli();

/** Notes its words and what the body's file held; answers as the real program does, as far as the mill reads it. */
const FORGE = `#!/usr/bin/env node
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require("node:fs");
const words = process.argv.slice(2);
const at = words.findIndex((word) => word === "--body-file" || word.startsWith("description=@"));
const file = at < 0 ? undefined : words[at].startsWith("description=@") ? words[at].slice(13) : words[at + 1];
const body = file === undefined ? undefined : readFileSync(file, "utf8");
appendFileSync(process.env.FORGE_CALLS, JSON.stringify({ words: words.map((word) => (file ? word.replace(file, "BODY") : word)), body }) + "\\n");
const open = process.env.FORGE_CALLS + ".open";
const isGitlab = process.argv[1].endsWith("glab");
const url = isGitlab ? "https://gitlab.example/shop/-/merge_requests/7" : "https://github.example/shop/pull/7";
const one = { number: 7, iid: 7, url, web_url: url };
const makes = words[1] === "create" || words.includes("POST");
if (makes) writeFileSync(open, "");
if (words[1] === "list" || (words[0] === "api" && !words.includes("--method"))) console.log(JSON.stringify(existsSync(open) ? [one] : []));
else console.log(isGitlab ? JSON.stringify(one) : url);
`;

interface Call {
  readonly words: readonly string[];
  readonly body?: string;
}

async function landed(remoteHost: string) {
  const hostile = SUBTRACT_PLAN.replace("Numbers can be subtracted", "Numbers $(touch pwned) @everybody fixes #1");
  const stage = await served({ script: subtracting({ architect: [hostile] }) });
  const { target } = stage;
  const around = dirname(target.dir);
  const bin = join(around, "bin");
  mkdirSync(bin);
  for (const name of ["gh", "glab"]) {
    writeFileSync(join(bin, name), FORGE);
    chmodSync(join(bin, name), 0o755);
  }
  spawnSync("git", ["init", "-q", "--bare", join(around, "remote.git")]);
  // The address says where it is; git is told that it is a folder here.
  target.git("remote", "add", "origin", `https://${remoteHost}/shop.git`);
  target.git("config", `url.${join(around, "remote.git")}.insteadOf`, `https://${remoteHost}/shop.git`);
  const calls = join(around, "forge-calls");
  const environment = { PATH: `${bin}:${process.env.PATH}`, FORGE_CALLS: calls };
  const ran = await cli.call(target, ["run", "specs/subtract.md"], { environment });
  expect(ran.exit, ran.stdout + ran.stderr).toBe(0);
  return {
    ...stage,
    environment,
    heads: () => target.git("ls-remote", "--heads", join(around, "remote.git")),
    calls(): readonly Call[] {
      if (!existsSync(calls)) return [];
      return readFileSync(calls, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Call);
    },
  };
}

const pr = (target: Target, environment: Record<string, string>, ...words: string[]) =>
  cli.call(target, ["pr", ...words], { environment });

test("gh: the branch is pushed, a draft is opened with the report as its body, and the next call updates it", async () => {
  const { target, environment, calls, heads, close } = await landed("github.com");
  try {
    expect(heads()).toBe("");
    const opened = await pr(target, environment, "--draft");
    expect(opened.exit, opened.stderr).toBe(0);
    expect(opened.stdout).toContain("opened: https://github.example/shop/pull/7");
    expect(heads()).toContain("refs/heads/loop/subtract");
    const [list, create] = calls();
    expect(list?.words.slice(0, 4)).toEqual(["pr", "list", "--head", "loop/subtract"]);
    expect(create?.words.slice(0, 5)).toEqual(["pr", "create", "--head", "loop/subtract", "--title"]);
    expect(create?.words.slice(6)).toEqual(["--body-file", "BODY", "--base", "main", "--draft"]);
    expect(create?.body).toContain("## Landed");
    expect(`${create?.words[5]}${create?.body}`).not.toMatch(/@everybody|fixes #1/);

    const again = await pr(target, environment);
    expect(again.stdout).toContain("updated: https://github.example/shop/pull/7");
    expect(calls().filter(({ words }) => words[1] === "create")).toHaveLength(1);
    expect(calls().at(-1)?.words.slice(0, 3)).toEqual(["pr", "edit", "7"]);
    expect(existsSync(join(target.dir, "pwned"))).toBe(false);

    // While the line is stopped nothing is pushed and nobody is asked.
    const before = calls().length;
    await cli.call(target, ["andon", "open", "prices are wrong", "--stop"], { environment });
    const held = await pr(target, environment);
    expect(held.exit).toBe(3);
    expect(calls()).toHaveLength(before);
  } finally {
    await close();
  }
}, 180_000);

test("glab: the same by its API, and what is wrong is told with what to do", async () => {
  const { target, environment, calls, close } = await landed("gitlab.com");
  try {
    const opened = await pr(target, environment, "--draft");
    expect(opened.stdout).toContain("opened: https://gitlab.example/shop/-/merge_requests/7");
    const { words = [], body } = calls().at(-1) ?? {};
    expect(words.slice(0, 4)).toEqual(["api", "--method", "POST", "projects/:fullpath/merge_requests"]);
    expect(words).toContain("source_branch=loop/subtract");
    expect(words.find((word) => word.startsWith("title="))).toMatch(/^title=Draft: /);
    expect(body).toContain("## Landed");
    expect((await pr(target, environment)).stdout).toContain("updated:");

    const nowhere = await pr(target, environment, "--remote", "elsewhere");
    expect([nowhere.exit, nowhere.stderr]).toEqual([2, expect.stringContaining("There is no remote elsewhere")]);
    rmSync(join(dirname(target.dir), "bin"), { recursive: true });
    const missing = await pr(target, environment, "--forge", "glab");
    expect([missing.exit, missing.stderr]).toEqual([4, expect.stringContaining("glab auth status")]);
  } finally {
    await close();
  }
}, 180_000);
