import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Plan } from "../../domain/plan.ts";
import { parsePlan } from "../../domain/plan-text.ts";

/** A plan file of the checkout; `seconds` since 1970 when it was last written. */
export interface FoundPlan {
  readonly path: string;
  readonly plan: Plan;
  readonly text: string;
  readonly seconds: number;
}

/** The plans in `plans/` of the checkout, by path, and the files there that cannot be read as one. */
export async function plansIn(
  root: string,
): Promise<{ readonly plans: readonly FoundPlan[]; readonly problems: readonly string[] }> {
  const names = await readdir(join(root, "plans")).catch(() => []);
  const plans: FoundPlan[] = [];
  const problems: string[] = [];
  for (const name of names
    .filter((one) => one.endsWith(".md") && one !== "TEMPLATE.md" && one !== "README.md")
    .sort()) {
    const path = `plans/${name}`;
    const text = await readFile(join(root, path), "utf8").catch(() => undefined);
    if (text === undefined) continue;
    const parsed = parsePlan(text);
    if (parsed.kind === "problems") problems.push(`${path}: ${parsed.problems[0]}`);
    else
      plans.push({ path, plan: parsed.plan, text, seconds: Math.floor((await stat(join(root, path))).mtimeMs / 1000) });
  }
  return { plans, problems };
}
