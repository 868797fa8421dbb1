import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { countCommits } from "../adapters/git/system/history.ts";
import type { Inspection } from "../adapters/git/system/inspection.ts";
import { type LayerState, MEMORY_LAYERS, type MemoryState } from "../domain/memory-layers.ts";
import type { JudgedRule } from "../domain/memory-rules.ts";
import { rulesIn } from "../domain/rules-block.ts";
import { counted } from "../views/amounts.ts";
import { isFailed } from "../views/result-row.ts";
import { indexState } from "./memory-index.ts";
import { type KnownRules, knownRules, type RulesPlace, rulesState, TOLD_CHARACTERS, withGit } from "./memory-rules.ts";

/** How each layer of the mill's memory stands, and which rules it proposes. Nothing is written. */
export async function memoryOf(place: RulesPlace): Promise<MemoryState> {
  return withGit(place, async (git, inspection) => {
    const known = await knownRules(place, git, inspection.head);
    const states: Readonly<Record<LayerState["name"], Omit<LayerState, "name">>> = {
      "git history": await historyState(known, inspection),
      "project index": await indexState(place, git, inspection),
      results: resultsState(known),
      "AGENTS.md": agentsState(known),
      "working memory": await workingState(place),
      "failure patterns": patternsState(known, place),
    };
    const layers = MEMORY_LAYERS.map(({ name }) => ({ name, ...states[name] }));
    return { layers, rules: rulesState(known, place.config) };
  });
}

async function historyState({ runs }: KnownRules, inspection: Inspection) {
  const { head, branch } = inspection;
  const commits = head === undefined ? 0 : await countCommits(inspection, head);
  const landed = runs.reduce((sum, run) => sum + run.landed, 0);
  return {
    state: `${counted(commits, "commit")} on ${branch ?? "a detached HEAD"}; ${counted(landed, "task")} landed by the mill`,
    notes: [],
  };
}

function resultsState({ runs }: KnownRules) {
  const attempts = runs.flatMap((run) => run.attempts);
  const failed = attempts.filter(isFailed).length;
  return {
    state: `${counted(attempts.length, "attempt")} in ${counted(runs.length, "run")}, ${failed} of them failed`,
    notes: [],
  };
}

function agentsState({ agents, block }: KnownRules) {
  if (agents === undefined)
    return { state: "there is none", notes: ["`millwright memory --apply` makes one when a rule is proposed."] };
  const all = block.kind === "block" ? block.rules.length : 0;
  const told = rulesIn(agents.slice(0, TOLD_CHARACTERS)).length;
  const notes = [
    ...(agents.length > TOLD_CHARACTERS
      ? [
          `makers are told its first ${TOLD_CHARACTERS} characters of ${agents.length}, with ${told} of its ${all} learned rules`,
        ]
      : []),
    ...(block.kind === "broken" ? [`its block cannot be written: ${block.problem}`] : []),
  ];
  return { state: `${agents.length} characters, ${counted(all, "learned rule")}`, notes };
}

async function workingState({ stateDir }: RulesPlace) {
  const text = await readFile(join(stateDir, "working-memory.json"), "utf8").catch(() => undefined);
  const read = text === undefined ? undefined : readWorking(text);
  if (read === undefined) return { state: text === undefined ? "empty: no run yet" : "cannot be read", notes: [] };
  const open = read.loops.length;
  const state =
    open === 0 ? `empty: run ${read.run} has no open loop` : `${counted(open, "open loop")} in run ${read.run}`;
  return { state, notes: read.loops.map(({ task, title }) => `${task} ${title}`) };
}

function readWorking(text: string): { run: string; loops: readonly { task: string; title: string }[] } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function patternsState({ runs, proposed, file }: KnownRules, { config }: RulesPlace) {
  const failures = runs.reduce((sum, run) => sum + run.failures.length, 0);
  const count = (standing: JudgedRule["standing"]) =>
    proposed.standing.filter((rule) => rule.standing === standing).length;
  const standings = (["helpful", "unproven", "new", "unhelpful"] as const).map((name) => `${count(name)} ${name}`);
  const { ruleRecurrences, rules } = config.limits;
  const closed = (why: string) => file.closed.filter((one) => one.why === why).length;
  return {
    state: `${counted(failures, "failure")}; ${counted(proposed.standing.length, "rule")} written (${standings.join(", ")}), ${proposed.added.length} proposed`,
    notes: [
      `a class of failures that recurs ${ruleRecurrences} times proposes a rule; at most ${rules} rules`,
      `${counted(closed("retired"), "rule")} retired so far, ${closed("refused")} refused by a person`,
    ],
  };
}
