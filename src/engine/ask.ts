import { longestAnswer } from "../domain/budget.ts";
import { canonicalJson } from "../domain/digest.ts";
import { modelOn } from "../domain/ladder.ts";
import { pauseBefore } from "../domain/patience.ts";
import { type Question, requestOf } from "../domain/question.ts";
import type { StepFailure } from "../domain/step-failure.ts";
import { AskResult } from "../domain/step-shapes.ts";
import type { RunContext } from "./context.ts";
import { reserve } from "./purse.ts";
import { step } from "./step.ts";

export interface Answer {
  readonly text: string;
  readonly model: string;
  readonly cutOff: boolean;
}

/**
 * Asks the model of a role, once, ever: a finished call is never repeated. One that was in flight when the process was
 * killed is asked again and counted as such.
 * @throws StepFailure `budget-spent` before the request when a ceiling is reached.
 */
export async function ask(question: Question, context: RunContext): Promise<Answer> {
  const { ports } = context;
  const { task, role, attempt } = question;
  const key = `ask/${task}/${role}/${attempt}`;
  const opened = { release: () => {} };
  try {
    const result = await step(ports, { key, shape: AskResult, patience: patienceIn(context) }, () =>
      call(question, opened, context),
    );
    const { usage, drifted, reply, request } = result;
    const model = result.asked ?? ports.models.identify(role).name;
    const about = { task, role, attempt, model };
    await ports.journal.append(`answered/${key}`, { type: "answered", ...about, usage, drifted, reply, request });
    return { text: await ports.journal.getBlob(reply), model: result.model, cutOff: result.finish === "length" };
  } finally {
    opened.release();
  }
}

/** An outage of a provider is waited out when models have answered in this run; one that never did is a person's matter. */
function patienceIn({ ports, config }: RunContext) {
  return async (failure: StepFailure, tries: number, waited: number) => {
    const answered = (await ports.journal.entries()).some(({ event }) => event.type === "answered");
    return pauseBefore(failure, { tries, waited, answered, limits: config.limits });
  };
}

async function call(question: Question, opened: { release: () => void }, context: RunContext): Promise<AskResult> {
  const { ports, config } = context;
  const { task, role, system, user } = question;
  opened.release();
  const first = modelOn(ports.models.ladder(role), question.rung ?? 0).name;
  const cheaper = config.cheaper[role] ?? config.cheaper.default;
  const characters = system.length + user.length;
  const reserved = await reserve({ task, characters, model: first, cheaper }, context);
  opened.release = reserved.release;
  const { model } = reserved;
  await noteAsking(question, model, context);
  if (reserved.steppedDown !== undefined) await noteStepDown(question, model, reserved.steppedDown, context);
  const { budget, limits } = config;
  const size = await ports.models.contextOf(model);
  const most = longestAnswer(budget, { characters, answerTokens: limits.answerTokens }, size);
  const to = { run: ports.journal.run, model, seconds: limits.modelSeconds, answerTokens: most };
  const request = requestOf(question, to);
  ports.glimpse({ kind: "doing", task, what: `${role} answers (${model})` });
  const reply = await ports.models.ask(request, ports.signal);
  return {
    reply: await ports.journal.putBlob(reply.text),
    request: await ports.journal.putBlob(canonicalJson({ ...request, run: undefined, workspace: undefined })),
    asked: model,
    model: reply.model,
    usage: reply.usage,
    finish: reply.finish,
    drifted: reply.drifted ?? false,
  };
}

async function noteStepDown(question: Question, model: string, reason: string, context: RunContext) {
  const { task, role, attempt, rung = 0 } = question;
  const fact = { type: "escalated", task, role, rung, model, reason } as const;
  await context.ports.journal.append(`stepped-down/${task}/${role}/${attempt}`, fact);
}

async function noteAsking(question: Question, model: string, context: RunContext): Promise<void> {
  const { journal } = context.ports;
  const about = { task: question.task, role: question.role, attempt: question.attempt, model };
  const key = `asked/${question.task}/${question.role}/${question.attempt}`;
  const dropped = question.dropped?.length ? { dropped: [...question.dropped] } : {};
  const memory = question.memory?.length ? { memory: [...question.memory] } : {};
  if (!(await journal.find(key))) return journal.append(key, { type: "asked", ...about, ...dropped, ...memory });
  let count = 1;
  while (await journal.find(`${key}/again/${count}`)) count++;
  return journal.append(`${key}/again/${count}`, { type: "asked-again", ...about });
}
