import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Candidate } from "../../src/domain/learn-candidate.ts";
import type { ModelRequest } from "../../src/domain/model-call.ts";
import { compiledSources } from "../kit/compiled.ts";
import {
  BAD_MODULE,
  codeOf,
  GOOD_MODULE,
  SMALL_CONFIG,
  SMALL_INPUT,
  smallScript,
  smallTasks,
  wholeNumbers,
} from "../kit/small-tasks.ts";
import { facts, sandboxed, silent, tell, within } from "../kit/story.ts";
import type { Target } from "../kit/target.ts";

let target: Target;
beforeAll(async () => {
  target = wholeNumbers({ "millwright.yaml": `${SMALL_CONFIG}learn: off\n` });
  const tasks = smallTasks(["even", "odd", "prime"], (name) => [codeOf(name, BAD_MODULE), codeOf(name, GOOD_MODULE)]);
  await tell(target, smallScript("three", tasks), SMALL_INPUT);
});
afterAll(() => target.remove());

const candidates = () => {
  const folder = join(target.dir, ".millwright/candidates");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith("candidate.json"))
    .map((name) => readFileSync(join(folder, name), "utf8"));
};

test("killed in the middle, a look leaves nothing half-written, and the next one ends it", async () => {
  const main = join(target.dir, ".millwright/look.mjs");
  writeFileSync(
    main,
    `import { openMill } from ${JSON.stringify(join(compiledSources(), "compose/open-mill.js"))};
     const mill = await openMill(process.cwd(), {}, ${JSON.stringify(sandboxed())});
     process.stdout.write("open");
     await mill.learn({}, { entry() {}, glimpse() {}, signal: new AbortController().signal });`,
  );
  for (const milliseconds of [0, 150, 400, 900, 1800]) {
    const child = spawn(process.execPath, [main], { cwd: target.dir, stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise((resolve) => child.once("close", resolve));
    await new Promise((resolve) => child.stdout.once("data", resolve));
    await pause(milliseconds);
    child.kill("SIGKILL");
    await ended;
    try {
      for (const text of candidates()) expect(() => Candidate.parse(JSON.parse(text))).not.toThrow();
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
    expect(target.git("status", "--porcelain")).toBe("");
  }
  const { waiting } = await within(target, {}, (mill) => mill.learn({}, silent()));
  expect(waiting).toHaveLength(1);
  expect(readdirSync(join(target.dir, ".millwright/candidates"))).toEqual([waiting[0]?.id]);
});

test("stopped by a person, it says so and keeps what it has; the time in the config ends it, too", async () => {
  rmSync(join(target.dir, ".millwright/candidates"), { recursive: true });
  const stopped = await within(target, {}, (mill) => mill.learn({}, silent(AbortSignal.abort())));
  expect(stopped.waiting).toEqual([]);
  expect(stopped.notes).toContain("It was stopped; `millwright learn` goes on.");
});

test("a model's suggestion is tried like any other, and what it answered is recorded", async () => {
  const asked: ModelRequest[] = [];
  const answer = (text: string) => ({
    script: (request: ModelRequest) => {
      asked.push(request);
      return text;
    },
  });
  const block = (does: string) =>
    `\`\`\`yaml\ntitle: spell the module\nlanguages: [javascript]\nfiles: ["src/**"]\ndoes: ${does}\n\`\`\``;
  const good = answer(block("{ kind: rewrite-import, from: ./checks.js, to: ./check.js }"));
  const { waiting } = await within(target, good, (mill) => mill.learn({ ask: true }, silent()));
  const suggested = waiting.find(({ from }) => from === "model");
  expect(suggested).toMatchObject({ title: "spell the module", standing: "offered" });
  expect(asked.map(({ role, task }) => `${task} ${role}`)).toEqual(["learn orchestrator"]);
  expect(asked[0]?.user).toContain('-import { whole } from "./checks.js";');
  const runs = await within(target, {}, async (mill) => {
    const newest = (await mill.runs()).at(-1);
    return { newest, entries: await mill.entries(newest?.id ?? "") };
  });
  expect(runs.newest).toMatchObject({ title: "learn: ask for a correction", outcome: "done" });
  expect(facts({ run: "", outcome: { kind: "done", branch: "" }, entries: runs.entries }, "answered")).toHaveLength(1);

  for (const [text, why] of [
    ["I would rename it.", /no YAML block/],
    [block("{ kind: rewrite-import, from: ./checks.js }"), /does\.to: is missing/],
    [
      block('{ kind: rewrite-import, from: "./elsewhere.js", to: ./check.js }'),
      /no correction that changes at least three/,
    ],
  ] as const) {
    const { notes } = await within(target, answer(text), (mill) => mill.learn({ ask: true }, silent()));
    expect(notes.join("\n")).toMatch(why);
  }
});
