import { commitFile } from "../adapters/git/system/commit-files.ts";
import { type Inspection, inspectRepository } from "../adapters/git/system/inspection.ts";
import { openGit } from "../adapters/git/system/open-git.ts";
import type { JournalStore } from "../adapters/journal/store.ts";
import type { Config } from "../domain/config.ts";
import type { AppliedRules, RulesState } from "../domain/memory-layers.ts";
import { type ProposedRules, proposeRules, type TaughtRun } from "../domain/memory-rules.ts";
import { type RulesBlock, readRulesBlock, rulesIn, withRules } from "../domain/rules-block.ts";
import { InputError } from "../domain/step-failure.ts";
import type { Git } from "../engine/ports.ts";
import { type RememberedRun, rememberedRuns } from "./memory-failures.ts";
import { type RulesFile, readRulesFile, writeRulesFile } from "./memory-file.ts";

/** Where rules are learned and written. */
export interface RulesPlace {
  readonly root: string;
  readonly stateDir: string;
  readonly store: JournalStore;
  readonly config: Config;
}

/** What is known of the rules at the commit that is checked out. */
export interface KnownRules {
  readonly runs: readonly RememberedRun[];
  readonly file: RulesFile;
  /** The AGENTS.md of that commit; undefined when there is none. */
  readonly agents: string | undefined;
  readonly block: RulesBlock;
  readonly proposed: ProposedRules;
}

const AGENTS = "AGENTS.md";
/** Characters of AGENTS.md that a maker is told, where its model has the room: see `systemPartsOf`. */
export const TOLD_CHARACTERS = 6000;

/** Opens the repository as it is now, for one look or one writing. */
export async function withGit<Result>(
  { root, stateDir, config }: RulesPlace,
  work: (git: Git, inspection: Inspection) => Promise<Result>,
): Promise<Result> {
  const inspection = await inspectRepository(root);
  const opened = await openGit({ root, stateDir, submodules: config.submodules, inspection });
  try {
    return await work(opened.git, inspection);
  } finally {
    await opened.close();
  }
}

/** Reads journal and block, and says what the block should be. */
export async function knownRules(place: RulesPlace, git: Git, head: string | undefined): Promise<KnownRules> {
  const [runs, file] = [await rememberedRuns(place.store), await readRulesFile(place.stateDir)];
  const tree = head === undefined ? undefined : (await git.resolve(head))?.tree;
  const agents = tree === undefined ? undefined : await git.read(tree, AGENTS);
  const block = readRulesBlock(agents ?? "");
  const written = block.kind === "block" ? block.rules : [];
  const paths = new Set(tree === undefined ? [] : (await git.list(tree)).map(({ path }) => path));
  const gone = file.written.filter(({ id }) => !written.some((rule) => rule.id === id));
  const { ruleRecurrences: recurrences, rules: most } = place.config.limits;
  const proposed = proposeRules(
    {
      failures: runs.flatMap(({ failures }) => failures),
      runs: await taughtRuns(runs, git),
      written,
      closed: new Set([...file.closed, ...gone].map(({ id }) => id)),
      has: (path) => paths.has(path),
    },
    { recurrences, most },
  );
  return { runs, file, agents, block, proposed };
}

/** Which rules the makers of each run were told: those that stood in AGENTS.md where the run began, as far as it is told. */
async function taughtRuns(runs: readonly RememberedRun[], git: Git): Promise<readonly TaughtRun[]> {
  const told = new Map<string, ReadonlySet<string>>();
  for (const { base } of runs) {
    if (told.has(base)) continue;
    const tree = (await git.resolve(base).catch(() => undefined))?.tree;
    const text = tree === undefined ? "" : ((await git.read(tree, AGENTS)) ?? "");
    told.set(base, new Set(rulesIn(text.slice(0, TOLD_CHARACTERS)).map(({ id }) => id)));
  }
  return runs.map(({ run, tasks, base }) => ({ run, tasks, told: told.get(base) ?? new Set() }));
}

/** The rules as a person is shown them. */
export function rulesState({ proposed, block }: KnownRules, config: Config): RulesState {
  const off = reasonOff(block, config);
  const { added, retired, rules, standing, waiting } = proposed;
  if (off !== undefined) return { added: [], retired: [], rules: [], standing, waiting: 0, off };
  return { added, retired, rules, standing, waiting: waiting.length, off };
}

function reasonOff(block: RulesBlock, config: Config): string | undefined {
  if (config.agentsRules === "off") return "`agentsRules: off` in millwright.yaml";
  return block.kind === "broken" ? `${AGENTS}: ${block.problem}` : undefined;
}

/** Keeps under `.millwright/` what the journal proposes now. Answers how many changes that are. */
export async function keepProposal(place: RulesPlace): Promise<number> {
  if (place.config.agentsRules === "off") return 0;
  return withGit(place, async (git, { head }) => {
    const known = await knownRules(place, git, head);
    const { added, retired } = rulesState(known, place.config);
    const proposed = { add: [...added], retire: retired.map(({ id }) => id) };
    if (JSON.stringify(known.file.proposed) !== JSON.stringify(proposed))
      await writeRulesFile(place.stateDir, { ...known.file, proposed });
    return added.length + retired.length;
  });
}

/** The end of a run, with how many changes of the rules are proposed now; what goes wrong in that is no matter of the run's. */
export async function withProposal<End extends object>(
  run: Promise<End>,
  place: RulesPlace,
): Promise<End & { readonly rules?: number }> {
  const end = await run;
  const rules = await keepProposal(place).catch(() => 0);
  return rules === 0 ? end : { ...end, rules };
}

/**
 * Writes the proposed block into AGENTS.md, in a commit of its own on the branch that is checked out.
 * @throws InputError when the checkout or the block is in no state for it
 */
export async function applyRules(place: RulesPlace, at: number): Promise<AppliedRules> {
  return withGit(place, async (git, inspection) => {
    const known = await knownRules(place, git, inspection.head);
    const { added, retired, rules, off } = rulesState(known, place.config);
    if (off !== undefined) throw new InputError([`No rules are written: ${off}.`]);
    const end = { branch: inspection.branch, added: added.map(lineOf), retired: retired.map(lineOf) };
    if (added.length + retired.length === 0) return { ...end, commit: undefined };
    const message = messageOf(end);
    const write = (before: string) => withRules(before, rules);
    const checkout = { root: inspection.root, gitDir: inspection.gitDir, stateDir: place.stateDir };
    const commit = await commitFile(checkout, git, { path: AGENTS, write, message, at });
    const closed = retired.map(({ id }) => ({ id, why: "retired" as const }));
    const fresh = added.map(({ id }) => ({ id, commit }));
    const { file } = known;
    const kept = file.written.filter(({ id }) => !closed.some((one) => one.id === id));
    await writeRulesFile(place.stateDir, {
      ...file,
      proposed: { add: [], retire: [] },
      closed: [...file.closed, ...closed],
      written: [...kept, ...fresh],
    });
    return { ...end, commit };
  });
}

/** Rules that a person does not want: they are not proposed again. @throws InputError for an id that is not proposed */
export async function refuseRules(place: RulesPlace, ids: readonly string[]): Promise<readonly string[]> {
  return withGit(place, async (git, { head }) => {
    const known = await knownRules(place, git, head);
    const { added } = rulesState(known, place.config);
    const found = ids.map((id) => added.filter((rule) => rule.id.startsWith(id)));
    const unknown = ids.filter((_id, at) => found[at]?.length !== 1);
    if (unknown.length > 0)
      throw new InputError(
        unknown.map((id) => `No proposed rule, or more than one, begins with ${id}: \`millwright memory\` lists them.`),
      );
    const refused = found.flat();
    const closed = refused.map(({ id }) => ({ id, why: "refused" as const }));
    const add = added.filter(({ id }) => !closed.some((one) => one.id === id));
    const proposed = { ...known.file.proposed, add: [...add] };
    await writeRulesFile(place.stateDir, { ...known.file, proposed, closed: [...known.file.closed, ...closed] });
    return refused.map(lineOf);
  });
}

function lineOf({ line }: { readonly line: string }): string {
  return line.replace(/^- /, "").replace(/ <!-- rule \w+ -->$/, "");
}

function messageOf({ added, retired }: Pick<AppliedRules, "added" | "retired">): string {
  const what = [
    ...(added.length === 0 ? [] : [`learn ${added.length === 1 ? "a rule" : `${added.length} rules`} from failures`]),
    ...(retired.length === 0
      ? []
      : [`retire ${retired.length === 1 ? "a rule" : `${retired.length} rules`} that did not help`]),
  ].join(", ");
  const lines = [...added.map((line) => `+ ${line}`), ...retired.map((line) => `- ${line}`)];
  return `${AGENTS}: ${what}\n\n${lines.join("\n")}\n`;
}
