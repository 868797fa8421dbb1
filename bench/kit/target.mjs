/** Throw-away repositories, and runs of the whole mill in them with a scripted model. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { load, root, scratch } from "./house.mjs";

/** Runs git in a folder as a person would; returns what it printed. */
export function gitIn(dir) {
  return (...args) => {
    const person = ["-c", "user.name=bench", "-c", "user.email=bench@example.invalid", "-c", "gc.auto=0"];
    const done = spawnSync("git", [...person, ...args], { cwd: dir, encoding: "utf8" });
    if (done.status !== 0) throw new Error(`git ${args.join(" ")}: ${done.stderr}`);
    return done.stdout.trim();
  };
}

/** A repository with one commit of `files`; with `runners`, our own node_modules stand for its dependencies. */
export function repository(files, { runners = "none" } = {}) {
  const around = scratch();
  const dir = join(around, "target");
  for (const [path, text] of Object.entries({ ".gitignore": "node_modules\n", ...files })) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  if (runners === "ours") symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
  const git = gitIn(dir);
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-q", "-m", "Begin");
  return { dir, git, remove: () => rmSync(around, { recursive: true, force: true }) };
}

/**
 * Runs a spec in a repository with a function in the model's place; every answer comes at once. `entry` is called with
 * each fact.
 */
export async function scriptedRun(
  dir,
  { input, script, entry = () => undefined, signal = new AbortController().signal },
) {
  const { openMill } = await load("compose/open-mill.js");
  const mill = await openMill(dir, {}, { script });
  const watch = { entry, glimpse: () => undefined, signal };
  try {
    const end = await mill.run({ input }, watch);
    return { ...end, entries: await mill.entries(end.run) };
  } finally {
    await mill.close();
  }
}

/** The text of a blob that a run's journal keeps. */
export async function blobsOf(dir, run) {
  const { openStore } = await load("adapters/journal/libsql/open-store.js");
  const { systemClock } = await load("adapters/clock/system.js");
  const store = openStore(join(dir, ".millwright"), systemClock());
  const journal = store.open(run);
  return { blob: (sha256) => journal.getBlob(sha256), close: () => store.close() };
}

export const file = (path, text) => `### FILE ${path}\n\`\`\`\`\n${text}\n\`\`\`\`\n`;

/** A plan as an architect writes it; a task is `{ id, title, files, tests, creates, needs, accept: [[id, text]] }`. */
export function planText({ plan, title, needs = [], tasks }) {
  const lines = ["---", `plan: ${plan}`, `title: ${title}`, `needs: ${JSON.stringify(needs)}`, "tasks:"];
  for (const task of tasks) {
    lines.push(`  - id: ${task.id}`, `    title: ${task.title}`, "    kind: feature", "    purpose: A bench.");
    lines.push("    deliverables:", `      - { what: ${JSON.stringify(task.title)}, quality: pure }`);
    for (const list of ["needs", "files", "tests", "creates"])
      lines.push(`    ${list}: ${JSON.stringify(task[list] ?? [])}`);
    lines.push("    accept:");
    for (const [id, text] of task.accept) lines.push(`      - { id: ${id}, text: ${JSON.stringify(text)} }`);
  }
  return `${lines.join("\n")}\n---\n## Context\nScripted.\n`;
}

/** What an honest reviewer says of criteria that are met; its evidence quotes `quote` of `path`. */
export function approval(criteria, evidence) {
  const answers = criteria.map((id) => ({ id, met: true, evidence, reason: "" }));
  return JSON.stringify({ criteria: answers, findings: [], summary: "Scripted: no language model looked." });
}

export const goalMet = JSON.stringify({ decision: "MET", evidence: ["scripted: no language model looked"] });
