import { randomBytes } from "node:crypto";
import { systemClock } from "../../adapters/clock/system.ts";
import { digestOf } from "../../domain/digest.ts";
import type { JudgeReply } from "../../domain/judge-replies.ts";
import { noVerdict } from "../../domain/run-failures.ts";
import { RunInputs } from "../../domain/run-inputs.ts";
import { ask } from "../../engine/ask.ts";
import type { Watch } from "../../mill.ts";
import { loadWorkflow } from "../read-config.ts";
import { freeze, openWorld, type Starting } from "../run-once.ts";
import { bent } from "../wiring.ts";
import { needModel } from "./need-model.ts";
import type { WikiGround, WikiPlace } from "./place.ts";

/** A question to the librarian, and how its answer is read. */
export interface LibraryQuestion<Reply> {
  readonly title: string;
  readonly shape: unknown;
  text(problems: readonly string[]): string;
  read(reply: string): JudgeReply<Reply>;
}

/**
 * Asks the librarian, in a run of its own: question, answer and cost are facts, and a budget holds it like any other. An answer
 * that cannot be used is asked for again with the reason. @throws StepFailure, InputError
 */
export async function askLibrarian<Reply>(
  question: LibraryQuestion<Reply>,
  place: WikiPlace,
  { inspection }: Pick<WikiGround, "inspection">,
  watch: Watch,
): Promise<Reply> {
  needModel("librarian", place);
  const starting = await startingOf(question.title, place, inspection);
  await place.store.create({ id: starting.id, title: question.title, createdAt: starting.inputs.startedAt * 1000 });
  await freeze(starting);
  const world = await openWorld(starting, watch);
  const { journal, library } = world.context.ports;
  try {
    const system = (await library.role("librarian")).text;
    const problems: string[] = [];
    for (let attempt = 1; attempt <= place.config.limits.judgeReplies; attempt++) {
      const asked = { system, user: question.text(problems), schema: question.shape };
      const { text } = await ask({ task: "wiki", role: "librarian", attempt, ...asked }, world.context);
      const read = question.read(text);
      if (read.kind === "usable") {
        await journal.append("ended", { type: "run-ended", outcome: "done", reason: "" });
        return read.reply;
      }
      problems.push(...read.problems);
    }
    throw noVerdict("librarian", problems.at(-1));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await journal.append("ended", { type: "run-ended", outcome: "stuck", reason });
    throw error;
  } finally {
    await world.close();
  }
}

async function startingOf(title: string, place: WikiPlace, inspection: WikiGround["inspection"]): Promise<Starting> {
  const { root, stateDir, store, config, wiring } = place;
  const now = systemClock().now();
  const stamp = new Date(now).toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  const inputs = RunInputs.parse({
    spec: { title, text: title, digest: digestOf(title) },
    config: bent(config, wiring),
    workflow: await loadWorkflow(root, "document"),
    base: { commit: inspection.head ?? "", branch: inspection.branch },
    startedAt: Math.floor(now / 1000),
    version: "wiki",
  });
  const id = `r${stamp}-${randomBytes(2).toString("hex")}`;
  const begun = { id, root, stateDir, store, inputs, notices: [], resumed: false, wiring, inspection };
  return { ...begun, roles: ["librarian"] };
}
