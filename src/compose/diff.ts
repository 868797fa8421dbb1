import { openGit } from "../adapters/git/system/open-git.ts";
import type { JournalStore } from "../adapters/journal/store.ts";
import type { Event } from "../domain/event.ts";
import { InputError } from "../domain/step-failure.ts";
import type { Git } from "../engine/ports.ts";

interface Place {
  readonly root: string;
  readonly stateDir: string;
  readonly store: JournalStore;
  readonly submodules: "refuse" | "empty";
}

/** What a run landed as one unified diff, or one task's landed work, else its last attempt. @throws InputError */
export async function diffOf(place: Place, run: string, task: string | undefined): Promise<string> {
  const events = (await place.store.open(run).entries()).map((entry) => entry.event);
  const opened = await openGit({ root: place.root, stateDir: place.stateDir, submodules: place.submodules });
  try {
    return task === undefined ? await wholeRun(opened.git, events) : await oneTask(opened.git, events, task);
  } finally {
    await opened.close();
  }
}

async function wholeRun(git: Git, events: readonly Event[]): Promise<string> {
  const started = events.find((event) => event.type === "run-started");
  const landed = events.filter((event) => event.type === "landed").at(-1);
  if (started?.type !== "run-started" || landed?.type !== "landed") return "";
  return between(git, started.base.commit, landed.commit);
}

async function oneTask(git: Git, events: readonly Event[], task: string): Promise<string> {
  const started = events.find((event) => event.type === "task-started" && event.task === task);
  if (started?.type !== "task-started")
    throw new InputError([`The run has no task ${task}. \`millwright show\` lists them.`]);
  const landed = events.find((event) => event.type === "landed" && event.task === task);
  const tried = events.filter((event) => event.type === "proposal-admitted" && event.task === task).at(-1);
  if (landed?.type === "landed") return between(git, started.base, landed.commit);
  return tried?.type === "proposal-admitted" ? between(git, started.base, tried.commit) : "";
}

async function between(git: Git, from: string, to: string): Promise<string> {
  const [before, after] = [await git.resolve(from), await git.resolve(to)];
  if (!before || !after) throw new InputError([`A commit of this run is gone (${from} or ${to}).`]);
  return git.diff(before.tree, after.tree);
}
