import { randomBytes } from "node:crypto";
import { systemClock } from "../../adapters/clock/system.ts";
import { learnBrief } from "../../briefs/learn-brief.ts";
import { digestOf } from "../../domain/digest.ts";
import type { LearnedCase } from "../../domain/learn-cases.ts";
import { readSuggestion, type SuggestionReading } from "../../domain/learn-suggestion.ts";
import { RunInputs } from "../../domain/run-inputs.ts";
import { ask } from "../../engine/ask.ts";
import type { Watch } from "../../mill.ts";
import { loadWorkflow } from "../read-config.ts";
import { freeze, openWorld, type Starting } from "../run-once.ts";
import type { Wiring } from "../wiring.ts";
import type { LearnPlace } from "./learn-world.ts";

/**
 * Asks the orchestrator's model for a correction, in a run of its own: the question, the answer and its cost are facts, and
 * a budget holds it like any other. @throws StepFailure, InputError
 */
export async function askCandidate(
  cases: readonly LearnedCase[],
  place: LearnPlace & { readonly wiring: Wiring },
  watch: Watch,
): Promise<SuggestionReading> {
  const starting = await startingOf(place);
  await place.store.create({ id: starting.id, title: TITLE, createdAt: starting.inputs.startedAt * 1000 });
  await freeze(starting);
  const world = await openWorld(starting, watch);
  const { journal } = world.context.ports;
  try {
    const { text } = await ask(
      { task: "learn", role: "orchestrator", attempt: 1, ...learnBrief(cases) },
      world.context,
    );
    await journal.append("ended", { type: "run-ended", outcome: "done", reason: "" });
    return readSuggestion(text, cases);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await journal.append("ended", { type: "run-ended", outcome: "stuck", reason });
    throw error;
  } finally {
    await world.close();
  }
}

const TITLE = "learn: ask for a correction";

async function startingOf(place: LearnPlace & { readonly wiring: Wiring }): Promise<Starting> {
  const { root, stateDir, store, config, inspection, wiring } = place;
  const now = systemClock().now();
  const stamp = new Date(now).toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  const inputs = RunInputs.parse({
    spec: { title: TITLE, text: TITLE, digest: digestOf(TITLE) },
    config,
    workflow: await loadWorkflow(root, config.workflow),
    base: { commit: inspection.head ?? "", branch: inspection.branch },
    startedAt: Math.floor(now / 1000),
    version: "learn",
  });
  const id = `r${stamp}-${randomBytes(2).toString("hex")}`;
  return { id, root, stateDir, store, inputs, notices: [], resumed: false, wiring, inspection };
}
