import { isWaiting } from "../../../domain/learn-candidate.ts";
import type { Budget } from "../../../domain/limits.ts";
import { ROLES, type Role } from "../../../domain/model-call.ts";
import { InputError } from "../../../domain/step-failure.ts";
import type { Changes, Mill, RunRequest, Watch } from "../../../mill.ts";
import { counted } from "../../../views/amounts.ts";
import { askApproval } from "../ask-approval.ts";
import { tellEnd } from "../ending.ts";
import { findRun } from "../find-run.ts";
import { follow } from "../follow.ts";
import { type Session, say, withMill } from "../session.ts";
import { withModels } from "./offer.ts";

/** The options that `plan` and `run` share, as the command line gives them. */
export interface RequestOptions {
  readonly workflow?: string;
  readonly budget?: Budget;
  readonly land?: string;
  readonly sandbox?: RunRequest["sandbox"];
  readonly model?: Readonly<Record<string, string>>;
  readonly independence?: RunRequest["independence"];
  readonly recording?: string;
  readonly strict?: boolean;
  /** A resting task, and what its makers are to do differently. */
  readonly retry?: readonly string[];
  readonly approveSpec?: string;
  /** Takes the embedded model without a question where nothing else is configured. */
  readonly yes?: boolean;
}

export async function run(session: Session, input: string, options: RequestOptions): Promise<number> {
  const request = requestOf(input, options);
  return withMill(session, async (mill) => {
    const complete = await withModels(session, { config: mill.config, request, yes: options.yes ?? false });
    return pursueIn(mill, session, (_, watch) => mill.run(complete, watch));
  });
}

export async function resume(session: Session, wanted: string | undefined, options: RequestOptions): Promise<number> {
  return pursue(session, async (mill, watch) => {
    const id = wanted === undefined ? undefined : (await findRun(mill, wanted)).id;
    return mill.resume(id, changesOf(options), watch);
  });
}

/** @throws InputError when --retry does not name a task and say a word */
function changesOf({ budget, retry, approveSpec }: RequestOptions): Changes {
  if (retry === undefined) return { budget, approveSpec };
  const [task, ...words] = retry;
  const word = words.join(" ").trim();
  if (task === undefined || word === "")
    throw new InputError(['--retry takes a task and what to do differently: --retry T3 "compare in cents"']);
  return { budget, approveSpec, retry: { task, word } };
}

export async function replay(session: Session, wanted: string | undefined, options: RequestOptions): Promise<number> {
  if (wanted !== undefined && options.recording !== undefined) {
    throw new InputError(["A replay takes a run or --recording <dir>, not both."]);
  }
  return pursue(session, async (mill, watch) => {
    const dir = options.recording;
    const source = dir === undefined ? { run: (await findRun(mill, wanted)).id } : { dir };
    return mill.replay(source, { strict: options.strict ?? false }, watch);
  });
}

/** @throws InputError with every role that there is not */
export function requestOf(input: string, options: RequestOptions): RunRequest {
  const { workflow, budget, land, sandbox, model, independence, recording, strict } = options;
  if (input.trim() === "")
    throw new InputError(["There is nothing to do: give a spec file, a plan file or a sentence."]);
  const known: readonly string[] = [...ROLES, "default"];
  const unknown = Object.keys(model ?? {}).filter((role) => !known.includes(role));
  if (unknown.length > 0)
    throw new InputError(unknown.map((role) => `--model: no role "${role}". Roles: ${known.join(", ")}.`));
  const models = model as Partial<Record<Role | "default", string>> | undefined;
  return { input, workflow, budget, land, sandbox, models, independence, recording, strict };
}

type Pursuit = (mill: Mill, watch: Watch) => ReturnType<Mill["run"]>;

async function pursue(session: Session, work: Pursuit): Promise<number> {
  return withMill(session, (mill) => pursueIn(mill, session, work));
}

/** Follows a run, asks a person at the terminal what it waits for, and tells how it ended. */
export async function pursueIn(mill: Mill, session: Session, work: Pursuit): Promise<number> {
  let end = await follow(session, (watch) => work(mill, watch));
  while (await askApproval(session, mill, end)) {
    const { run } = end;
    end = await follow(session, (watch) => mill.resume(run, {}, watch));
  }
  const exit = tellEnd(session, end, await mill.entries(end.run));
  const waiting = (await mill.candidates()).filter(isWaiting);
  if (waiting.length > 0 && !session.json)
    say(session, `${"learned".padEnd(8)} ${counted(waiting.length, "correction")} for your word: millwright learn`);
  return exit;
}
