import { resolve } from "node:path";
import { openGit } from "../../adapters/git/system/open-git.ts";
import type { JournalStore } from "../../adapters/journal/store.ts";
import { gatesNow, waitingIn } from "../../domain/approval-standing.ts";
import { givenFact, subjectName } from "../../domain/approval-texts.ts";
import type { ApprovalSubject, Approvals } from "../../domain/approvals.ts";
import type { Config } from "../../domain/config.ts";
import { namesFor } from "../../domain/known-backends.ts";
import { InputError } from "../../domain/step-failure.ts";
import { frozenInputs } from "../run-once.ts";
import type { ApprovalChoice, ApprovalShown, ApprovalsDoor, ApprovalsLook, PersonsWord } from "./approvals-door.ts";

interface Place {
  readonly root: string;
  readonly stateDir: string;
  readonly store: JournalStore;
  readonly config: Config;
}

type Found = Omit<ApprovalShown, "text">;

/** The approvals of a repository's runs, as the journal has them. */
export function openApprovals(place: Place): ApprovalsDoor {
  return {
    look: async (run) => lookAt(run ?? (await newestRun(place.store)), place),
    show: async (choice) => {
      const found = await find(choice, place);
      return { ...found, text: await textOf(found, place) };
    },
    say: async (choice, word) => say(await find(choice, place), word, place),
    change: async (run, gates, by) => change(run ?? (await newestRun(place.store)), gates, by, place),
  };
}

async function lookAt(run: string, { store }: Place): Promise<ApprovalsLook> {
  const { inputs } = await frozenInputs(store, run);
  const entries = await store.open(run).entries();
  const ended = entries.findLast(({ event }) => event.type === "run-ended" || event.type === "run-resumed")?.event;
  const isOver = ended?.type === "run-ended" && ["done", "stuck"].includes(ended.outcome);
  return { run, gates: gatesNow(entries, inputs.config.approvals), waiting: isOver ? [] : waitingIn(entries) };
}

async function newestRun(store: JournalStore): Promise<string> {
  const begun = [...(await store.runs())].reverse();
  for (const { id } of begun) if (await store.open(id).find("started")) return id;
  throw new InputError(["There is no run yet."]);
}

async function find(choice: ApprovalChoice, place: Place): Promise<Found> {
  const looks = choice.run === undefined ? await waitingRuns(place) : [await lookAt(choice.run, place)];
  const [look] = looks;
  if (look === undefined || look.waiting.length === 0) {
    const where = choice.run === undefined ? "" : ` in ${choice.run}`;
    throw new InputError([
      `Nothing${where} waits for a person's approval. \`millwright gates\` says whose word is wanted.`,
    ]);
  }
  const meant = look.waiting.filter(
    ({ stage, about }) => stage === (choice.stage ?? stage) && about === (choice.task ?? about),
  );
  const [subject] = meant;
  if (subject === undefined || meant.length > 1) {
    const what = subject === undefined ? "That does not wait." : "It is not clear what is meant.";
    throw new InputError([`${what} Waiting in ${look.run}: ${look.waiting.map(named).join(", ")}.`]);
  }
  if (choice.digest !== undefined && !subject.digest.startsWith(choice.digest))
    throw new InputError([
      `${subjectName(subject)} has changed since ${choice.digest} was looked at: what waits now is ${subject.digest.slice(0, 10)}. Look again.`,
    ]);
  return { run: look.run, subject };
}

/** The newest run that waits. */
async function waitingRuns(place: Place): Promise<readonly ApprovalsLook[]> {
  for (const { id, outcome } of [...(await place.store.runs())].reverse()) {
    if (outcome === "done" || outcome === "stuck" || !(await place.store.open(id).find("started"))) continue;
    const look = await lookAt(id, place);
    if (look.waiting.length > 0) return [look];
  }
  return [];
}

function named(subject: ApprovalSubject): string {
  return subject.stage === "task" ? `task --task ${subject.about}` : subject.stage;
}

async function textOf({ run, subject }: Found, { root, stateDir, store, config }: Place): Promise<string> {
  const { text, repo, from = "", to = "" } = subject;
  if (text !== undefined) return store.open(run).getBlob(text);
  const other = repo === undefined ? undefined : config.repos[repo];
  const where =
    other === undefined
      ? { root, stateDir, submodules: config.submodules }
      : { root: resolve(root, other), stateDir: resolve(stateDir, "repos", repo ?? ""), submodules: config.submodules };
  const opened = await openGit(where);
  try {
    return from === to ? "" : await opened.git.diff(from, to);
  } finally {
    await opened.close();
  }
}

async function say(found: Found, said: PersonsWord, { store }: Place): Promise<Found> {
  const { decision, note = "", end } = said;
  const by = nameOf(said.by);
  const journal = store.open(found.run);
  const word = { decision, by, note: note.trim(), ...(end && decision === "rejected" ? { end } : {}) };
  for (let count = 1; ; count++) {
    const [key, fact] = givenFact(found.subject, word, count);
    if (await journal.find(key)) continue;
    await journal.append(key, fact);
    return found;
  }
}

async function change(run: string, gates: Partial<Approvals>, by: string, place: Place): Promise<ApprovalsLook> {
  const who = nameOf(by);
  const { inputs } = await frozenInputs(place.store, run);
  if (Object.values(gates).includes("auto-judge") && namesFor(inputs.config.models, "approver").length === 0)
    throw new InputError([
      "auto-judge: no model answers for the role `approver`. Start a run that names one under `models:`.",
    ]);
  const journal = place.store.open(run);
  for (let count = 1; ; count++) {
    const key = `gates/${count}`;
    if (await journal.find(key)) continue;
    await journal.append(key, { type: "gates-changed", by: who, gates });
    return lookAt(run, place);
  }
}

function nameOf(by: string): string {
  const name = by.replace(/\s+/g, " ").trim();
  if (name === "") throw new InputError(["A word needs the name of whoever gives it: --by NAME."]);
  return name.slice(0, 200);
}
