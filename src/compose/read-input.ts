import { readdir, readFile, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve } from "node:path";
import type { Plan } from "../domain/plan.ts";
import { plansNeeded } from "../domain/plan-graph.ts";
import { driftOf } from "../domain/plan-rules.ts";
import { parsePlan } from "../domain/plan-text.ts";
import type { Spec } from "../domain/spec.ts";
import { readSpec } from "../domain/spec-reading.ts";
import { InputError } from "../domain/step-failure.ts";

/** What a person handed in: a spec, or plans with the spec that they were made from. */
export interface ReadInput {
  readonly spec: Spec;
  readonly plans?: readonly Plan[];
  /** Where spec or code have drifted from the plan. */
  readonly notices: readonly string[];
}

/** Largest spec that is read at all, in bytes; `readSpec` refuses smaller ones than this with better words. */
const READ_LIMIT = 64 * 1024 * 1024;

/**
 * Reads a spec file, a plan file (with the plans it needs), or a sentence.
 * @throws InputError with every problem and what to do
 */
export async function readInput(input: string, root: string, head: string): Promise<ReadInput> {
  const path = await fileOf(input, root);
  if (path === undefined) return { spec: readSpec(input), notices: [] };
  const text = await readText(path);
  if (!looksLikePlan(text)) return { spec: readSpec(text, relative(root, path)), notices: [] };
  const plans = await linkedPlans(path, text);
  return planInput(plans, root, head);
}

async function planInput(plans: readonly Plan[], root: string, head: string): Promise<ReadInput> {
  const last = plans.at(-1);
  if (!last) throw new InputError(["The plan file holds no plan."]);
  const refused = plans.flatMap(({ plan, rejected }) => (rejected ? [isRejected(plan, rejected.reason)] : []));
  if (refused.length > 0) throw new InputError(refused);
  const spec = await specOf(last, root);
  const notices = plans.flatMap((plan) => driftOf(plan, spec, head));
  return { spec, plans, notices };
}

function isRejected(plan: string, reason: string): string {
  return `The plan ${plan} was rejected: ${reason}. Remove \`rejected:\` from its file to run it all the same.`;
}

/** The spec that a plan names; a plan without one stands for itself. */
async function specOf(plan: Plan, root: string): Promise<Spec> {
  if (plan.spec.path === undefined)
    return { title: plan.title, text: `${plan.title}\n\n${plan.body}`, digest: plan.spec.digest };
  const path = resolve(root, plan.spec.path);
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined)
    throw new InputError([
      `The plan names the spec ${plan.spec.path}, which cannot be read. Restore it, or remove \`spec.path\` from the plan.`,
    ]);
  return readSpec(text, plan.spec.path);
}

/** A plan, last, and before it the plans it needs, found beside it by name, each once; a cycle is left to the plan rules. */
async function linkedPlans(path: string, text: string, begun = new Set<string>()): Promise<readonly Plan[]> {
  const plan = planOf(text, path);
  const folder = join(path, "..");
  begun.add(plan.plan);
  const needed: Plan[] = [];
  for (const need of plansNeeded(plan)) {
    if (begun.has(need)) continue;
    const name = (await readdir(folder)).find((file) => file.replace(/^\d{4}-\d{2}-/, "") === `${need}.md`);
    if (name === undefined) throw new InputError([`${path} needs the plan ${need}, and ${folder} has no file for it.`]);
    needed.push(...(await linkedPlans(join(folder, name), await readText(join(folder, name)), begun)));
  }
  return [...needed, plan];
}

function planOf(text: string, path: string): Plan {
  const parsed = parsePlan(text);
  if (parsed.kind === "problems") throw new InputError(parsed.problems.map((problem) => `${path}: ${problem}`));
  return parsed.plan;
}

/** True also when the front matter is never closed: a plan that was cut off is no spec. */
function looksLikePlan(text: string): boolean {
  const front = /^\uFEFF?\s*---[ \t]*\r?\n([\s\S]*?)(?:\r?\n---[ \t]*(?:\r?\n|$)|$)/.exec(text)?.[1];
  return front !== undefined && /^(?:tasks|plan)\s*:/m.test(front);
}

/** The file that `input` names, or undefined when it reads like a sentence. */
async function fileOf(input: string, root: string): Promise<string | undefined> {
  const candidates = isAbsolute(input) ? [input] : [resolve(input), resolve(root, input)];
  for (const path of candidates) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) throw new InputError([`${input} is a folder; name the spec or the plan file in it.`]);
    if (found && found.size > READ_LIMIT)
      throw new InputError([`${input} has ${found.size} bytes; a spec of more than 1 MiB has to be split.`]);
    if (found) return path;
  }
  if (/\s/.test(input.trim())) return undefined;
  throw new InputError([`There is no file ${input}. Give the path of a spec or a plan, or write a sentence.`]);
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
