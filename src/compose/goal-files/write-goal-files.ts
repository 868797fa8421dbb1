import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Inspection, listTracked } from "../../adapters/git/system/inspection.ts";
import { openStore } from "../../adapters/journal/libsql/open-store.ts";
import { profileOf } from "../../adapters/toolchain/profile.ts";
import { type PlanRow, planRows } from "../../domain/audit/plan-state.ts";
import type { Config } from "../../domain/config.ts";
import { type AgentClient, agentFiles, type RoleText } from "../../domain/goal-files/agent-files.ts";
import {
  CONTEXT_FILE,
  GOALS_PAGE,
  LANGUAGE_PAGE,
  LOOPS_PAGE,
  PLAN_TEMPLATE,
} from "../../domain/goal-files/goal-paths.ts";
import { withBlock } from "../../domain/goal-files/managed-block.ts";
import { withStatus } from "../../domain/goal-files/status-block.ts";
import {
  contextText,
  goalsText,
  languageText,
  loopsText,
  planTemplate,
  principlesBlock,
} from "../../domain/goal-files/texts.ts";
import { ROLES } from "../../domain/model-call.ts";
import { InputError } from "../../domain/step-failure.ts";
import { listPlans } from "../audit/open-audits.ts";
import { plansIn } from "../audit/plan-files.ts";
import { packageDir } from "../read-config.ts";
import { prepareStateDir } from "../state-dir.ts";
import { findProject } from "./find-project.ts";
import { gatherStatus, readIn } from "./gather-status.ts";
import { type KeptFile, rewrite, writeNew } from "./keep-file.ts";

/**
 * Writes the goal files, the plans' template and the operating principles from what is found. A file that is there stays as
 * it is, but for the mill's own blocks; doing it again changes nothing else. Nothing is committed.
 * @throws InputError when a block's marks are broken, or a path leads out of the repository
 */
export async function writeGoalFiles(inspection: Inspection, config: Config): Promise<readonly KeptFile[]> {
  const { root } = inspection;
  const read = readIn(root);
  const paths = await pathsOf(inspection);
  const found = await findProject(root, paths, config.suites, read);
  const profile = await profileOf(config, root);
  const status = await gatherStatus({ paths, profile, plans: await plansOf(inspection), read });
  // What may be refused comes first: then nothing has been written.
  const principles = await rewrite(root, "AGENTS.md", (before) =>
    withBlock(before === "" ? `# Rules for whoever works on ${found.name}\n` : before, principlesBlock()),
  );
  return [
    await rewrite(root, CONTEXT_FILE, (before) => withStatus(before === "" ? contextText(found) : before, status)),
    await writeNew(root, GOALS_PAGE, goalsText(found)),
    await writeNew(root, LOOPS_PAGE, loopsText(config.limits, found)),
    await writeNew(root, LANGUAGE_PAGE, languageText(found)),
    await writeNew(root, PLAN_TEMPLATE, planTemplate(found)),
    principles,
  ];
}

/** Files of the index that are there; those of this command do not count, so that doing it again finds the same. */
async function pathsOf(inspection: Inspection): Promise<readonly string[]> {
  const own: readonly string[] = [GOALS_PAGE, LOOPS_PAGE, LANGUAGE_PAGE, CONTEXT_FILE, PLAN_TEMPLATE];
  return (await listTracked(inspection)).filter(
    (path) => !own.includes(path) && existsSync(join(inspection.root, path)),
  );
}

async function plansOf(inspection: Inspection): Promise<readonly PlanRow[]> {
  const { root, sharedDir } = inspection;
  const now = Date.now();
  if (existsSync(join(root, ".millwright"))) {
    const stateDir = await prepareStateDir(root, sharedDir);
    const store = openStore(stateDir);
    try {
      return await listPlans({ root, stateDir, store, inspection, now });
    } finally {
      store.close();
    }
  }
  const { plans } = await plansIn(root);
  const files = plans.map(({ path, plan, seconds }) => ({ path, plan, made: seconds, hasBranch: false }));
  return planRows(files, { entries: [], atWork: false, now: Math.floor(now / 1000) });
}

/** Roles that make sense in a checkout without the mill around them. */
const FOR_CLIENTS = ["architect", "tester", "developer", "documenter", "reviewer", "checker", "goal-checker"] as const;

/** Writes the roles as an agent program's own agents, and its command that calls the mill; what is there stays. */
export async function writeAgentFiles(root: string, client: AgentClient): Promise<readonly KeptFile[]> {
  const roles = await Promise.all(FOR_CLIENTS.filter((name) => ROLES.includes(name)).map(roleText));
  const written: KeptFile[] = [];
  for (const { path, text } of agentFiles(client, roles)) written.push(await writeNew(root, path, text));
  return written;
}

/** The shipped prompt of a role, with its front matter taken apart. */
async function roleText(name: string): Promise<RoleText> {
  const text = await readFile(join(packageDir, "roles", `${name}.md`), "utf8");
  const [, front = "", body = ""] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
  const value = (key: string) => new RegExp(`^${key}: (.*)$`, "m").exec(front)?.[1]?.trim() ?? "";
  const kind = value("kind");
  if (kind !== "maker" && kind !== "judge" && kind !== "orchestrator")
    throw new InputError([`the shipped role ${name} is broken: install millwright again`]);
  return { name, description: value("description"), kind, text: body };
}
