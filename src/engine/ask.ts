import { budgetReached, spendingOf } from "../domain/budget.ts";
import { canonicalJson } from "../domain/digest.ts";
import type { ModelRequest, Role, Workspace } from "../domain/model-call.ts";
import { StepFailure } from "../domain/step-failure.ts";
import { AskResult } from "../domain/step-shapes.ts";
import type { RunContext } from "./context.ts";
import { step } from "./step.ts";

/** A question, before it is given its run, model and time limit. */
export interface Question {
  readonly task: string;
  readonly role: Role;
  readonly attempt: number;
  readonly system: string;
  readonly user: string;
  readonly schema?: unknown;
  readonly workspace?: Workspace;
}

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
  const key = `ask/${question.task}/${question.role}/${question.attempt}`;
  const model = ports.models.identify(question.role).name;
  const about = { task: question.task, role: question.role, attempt: question.attempt, model };
  const result = await step(ports, { key, shape: AskResult, tries: context.config.limits.stepTries }, () =>
    call(question, model, context),
  );
  const { usage, drifted, reply, request } = result;
  await ports.journal.append(`answered/${key}`, { type: "answered", ...about, usage, drifted, reply, request });
  return { text: await ports.journal.getBlob(reply), model: result.model, cutOff: result.finish === "length" };
}

async function call(question: Question, model: string, context: RunContext): Promise<AskResult> {
  const { ports } = context;
  await holdBudget(context);
  await noteAsking(question, model, context);
  const request: ModelRequest = {
    run: ports.journal.run,
    task: question.task,
    role: question.role,
    attempt: question.attempt,
    model,
    system: question.system,
    user: question.user,
    seconds: context.config.limits.modelSeconds,
    ...(question.schema === undefined ? {} : { schema: question.schema }),
    ...(question.workspace === undefined ? {} : { workspace: question.workspace }),
  };
  ports.glimpse({ kind: "doing", task: question.task, what: `${question.role} answers (${model})` });
  const reply = await ports.models.ask(request, ports.signal);
  return {
    reply: await ports.journal.putBlob(reply.text),
    request: await ports.journal.putBlob(canonicalJson({ ...request, run: undefined, workspace: undefined })),
    model: reply.model,
    usage: reply.usage,
    finish: reply.finish,
    drifted: reply.drifted ?? false,
  };
}

async function noteAsking(question: Question, model: string, context: RunContext): Promise<void> {
  const { journal } = context.ports;
  const about = { task: question.task, role: question.role, attempt: question.attempt, model };
  const key = `asked/${question.task}/${question.role}/${question.attempt}`;
  if (!(await journal.find(key))) return journal.append(key, { type: "asked", ...about });
  let count = 1;
  while (await journal.find(`${key}/again/${count}`)) count++;
  return journal.append(`${key}/again/${count}`, { type: "asked-again", ...about });
}

async function holdBudget(context: RunContext): Promise<void> {
  const { ports, config } = context;
  const spent = spendingOf(await ports.journal.entries(), config.prices, ports.clock.now());
  const reached = budgetReached(config.budget, spent);
  if (reached === undefined) return;
  throw new StepFailure(`The budget of ${reached} is spent.`, {
    code: "budget-spent",
    remedy: "ask",
    hint: "Nothing is lost: `millwright resume --budget …` goes on with a larger one.",
  });
}
