import { z } from "zod";
import {
  type EnvironmentRoom,
  install,
  lookAtInterpreter,
} from "../../adapters/research/environments/open-environments.ts";
import { installBrief } from "../../briefs/research-mend-brief.ts";
import type { EnvironmentWish } from "../../domain/research/environment.ts";
import {
  answeredRequest,
  answerText,
  installAnswerSchema,
  parseInstallAnswer,
} from "../../domain/research/install-answer.ts";
import { fitsWish, type InstallRequest, sealedLock } from "../../domain/research/install-commands.ts";
import { driftFrom, InterpreterLook, interpreterProblems, systemLock } from "../../domain/research/interpreter-look.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import { ask } from "../../engine/ask.ts";
import { step } from "../../engine/step.ts";
import { type Anew, begunAnew, CHANGED_PLAN } from "./anew.ts";
import type { StageWork } from "./world.ts";

/** Where the lock of an environment stands in a project. */
export const LOCK_PATH = "environment.lock";
/** Installations that are tried before the orchestrator is asked, and again after its word. */
const TRIES = 3;

/** A Python that stands and is locked. */
export interface Ready {
  /** Absolute path of what was installed; undefined: the system's own. */
  readonly folder: string | undefined;
  readonly look: InterpreterLook;
  readonly lock: string;
  /** What had to be changed of the plan. */
  readonly changes: readonly string[];
}

/**
 * The environment of the plan, installed from its lock where there is one. A failed installation is the coder's to answer,
 * three times, then the orchestrator's, then a person's.
 * @throws StepFailure `environment`, `install-failed`, `disk-full`
 */
export async function readyEnvironment(work: StageWork, room: EnvironmentRoom): Promise<Ready> {
  const { environment: wish } = work.design;
  const kept = await work.context.ports.repository(undefined).git.read(work.tree, LOCK_PATH);
  const lock = kept !== undefined && fitsWish(wish, kept) ? kept : undefined;
  if (wish.kind === "system") return systemEnvironment(lock, work, room);
  const look = wish.kind === "conda" || wish.kind === "micromamba" ? undefined : await interpreterFor(wish, work, room);
  const { kind, packages, channels, python } = wish;
  const interpreter = look?.executable ?? "";
  return tried({ kind, interpreter, python, packages, channels, fromSource: [], lock }, work, room);
}

async function systemEnvironment(lock: string | undefined, work: StageWork, room: EnvironmentRoom): Promise<Ready> {
  const wish = work.design.environment;
  const look = await looked(wish, work, room);
  const missing = interpreterProblems(wish, look);
  if (missing.length > 0) {
    const hint = `Install what is missing with the system's own packages (e.g. apt install python3-${Object.keys(wish.packages)[0] ?? "numpy"}) and resume; ${CHANGED_PLAN}.`;
    throw asksPerson(`The system's Python is not what the plan wants: ${missing.join("; ")}.`, hint);
  }
  const drift = lock === undefined ? [] : driftFrom(lock, wish, look);
  if (drift.length > 0)
    throw asksPerson(
      `The environment is no longer the locked one: ${drift.join("; ")}.`,
      `Go back to the locked versions, or delete ${LOCK_PATH} so that what is there now is locked; numbers of before then no longer compare.`,
    );
  return { folder: undefined, look, lock: sealedLock(wish, systemLock(look)), changes: [] };
}

async function interpreterFor(wish: EnvironmentWish, work: StageWork, room: EnvironmentRoom): Promise<InterpreterLook> {
  const look = await looked({ ...wish, packages: {} }, work, room);
  const problems = interpreterProblems({ python: wish.python, packages: {} }, look);
  if (problems.length === 0) return look;
  throw asksPerson(`${problems.join("; ")}.`, `Install that Python and resume; ${CHANGED_PLAN}.`);
}

function looked(
  wish: Parameters<typeof lookAtInterpreter>[0],
  { key, context }: StageWork,
  room: EnvironmentRoom,
): Promise<InterpreterLook> {
  return step(context.ports, { key: `${key}/interpreter`, shape: InterpreterLook }, async () => {
    const look = await lookAtInterpreter(wish, room);
    if (look !== undefined) return look;
    const named = wish.interpreter ?? "python3";
    throw asksPerson(
      `No Python can be started in the sandbox (${named}).`,
      `Install python3 and resume; ${CHANGED_PLAN}.`,
    );
  });
}

function asksPerson(message: string, hint: string): StepFailure {
  return new StepFailure(message, { code: "environment", remedy: "ask", hint });
}

const Attempt = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready"), folder: z.string(), lock: z.string(), look: InterpreterLook }),
  z.object({ kind: z.literal("failed"), command: z.string(), output: z.string() }),
]);
type Attempt = z.infer<typeof Attempt>;

type Stands = Extract<Attempt, { kind: "ready" }>;

interface Story {
  readonly anew: Anew;
  request: InstallRequest;
  /** Every failure, oldest first. */
  readonly failures: string[];
  readonly changes: string[];
  asked: number;
  tries: number;
}

async function tried(first: InstallRequest, work: StageWork, room: EnvironmentRoom): Promise<Ready> {
  const anew = await begunAnew(work, "install");
  const story: Story = { anew, request: first, failures: [], changes: [], asked: 0, tries: 0 };
  const made =
    (await roundOf(story, "", work, room)) ?? (await roundOf(story, await escalated(story, work), work, room));
  if (made !== undefined) return readyOf(made, story, work);
  await anew.wait();
  const hint = `The environment cannot be installed after ${story.tries} tries. Mend what stands in the way and resume; ${CHANGED_PLAN}.`;
  throw asksPerson(lastOf(story), hint);
}

/** Three tries, each after the first one as the coder answers; undefined when none of them stands. */
async function roundOf(
  story: Story,
  words: string,
  work: StageWork,
  room: EnvironmentRoom,
): Promise<Stands | undefined> {
  for (let left = TRIES; left > 0; left--) {
    const answer = story.failures.length === 0 ? "go-on" : await coderAnswer(words, story, work);
    if (answer === "gave-up") return undefined;
    if (answer === "unusable") continue;
    story.tries++;
    const made = await attempted(story, work, room);
    if (made.kind === "ready") return made;
    story.failures.push(`${made.command}\n${made.output}`);
  }
  return undefined;
}

function readyOf(made: Stands, { changes }: Story, work: StageWork): Ready {
  return { folder: made.folder, look: made.look, lock: sealedLock(work.design.environment, made.lock), changes };
}

function lastOf({ failures }: Story): string {
  return failures.at(-1) ?? "";
}

/** The orchestrator's instructions for another round. @throws StepFailure when it asks for a person */
async function escalated(story: Story, work: StageWork): Promise<string> {
  const tries = story.failures.map((failure, at) => `## Failure ${at + 1}\n\n${failure.slice(0, 3000)}`);
  const { move, words } = await work.orchestrate({
    stage: "environment",
    subject: `installation${story.anew.suffix}`,
    text: [`The environment (${work.design.environment.kind}) cannot be installed.`, ...tries, ...story.changes].join(
      "\n\n",
    ),
    moves: ["instructions: what the coder shall try next, in your words", "person: a person has to help"],
  });
  if (move === "instructions") return words;
  await story.anew.wait();
  throw asksPerson(
    `The environment cannot be installed: ${words}\n${lastOf(story)}`,
    `Mend what stands in the way and resume; ${CHANGED_PLAN}.`,
  );
}

type CoderAnswer = "go-on" | "gave-up" | "unusable";

/** What the coder makes of the last failure; it goes into the log of errors. */
async function coderAnswer(words: string, story: Story, work: StageWork): Promise<CoderAnswer> {
  const { request } = story;
  const { context } = work;
  const error = lastOf(story);
  const [command = "", ...output] = error.split("\n");
  const wanted = `kind: ${request.kind}\n${JSON.stringify({ packages: request.packages, fromSource: request.fromSource })}`;
  const told = { wanted, tries: story.changes, command, output: output.join("\n"), words };
  const brief = await installBrief(told, context);
  story.asked++;
  const about = { task: `${work.name}-install${story.anew.suffix}`, role: "developer", attempt: story.asked } as const;
  const reply = await ask({ ...about, ...brief, schema: installAnswerSchema() }, context);
  const parsed = parseInstallAnswer(reply.text);
  const isConda = request.kind === "conda" || request.kind === "micromamba";
  const refusal =
    parsed.kind === "usable" && parsed.reply.move === "source" && isConda ? "conda builds nothing from source" : "";
  const problems = parsed.kind === "unusable" ? parsed.problems.join(" ") : refusal;
  const resolution =
    problems === "" && parsed.kind === "usable"
      ? answerText(parsed.reply)
      : `an answer that cannot be used: ${problems}`;
  await work.error({ stage: "environment", subject: "installation", error, resolution });
  story.changes.push(resolution);
  if (parsed.kind === "unusable" || refusal !== "") return "unusable";
  if (parsed.reply.move === "give-up") return "gave-up";
  story.request = answeredRequest(request, parsed.reply);
  return "go-on";
}

async function attempted(
  { anew, request, tries }: Story,
  { context }: StageWork,
  room: EnvironmentRoom,
): Promise<Attempt> {
  return step(context.ports, { key: `${anew.key}/${tries}`, shape: Attempt }, async () => {
    context.ports.glimpse({ kind: "doing", task: "environment", what: `installs (${request.kind}, try ${tries})` });
    const made = await install(request, room);
    if (made.kind !== "missing") return made;
    throw asksPerson(made.message, `Install that program and resume; ${CHANGED_PLAN}.`);
  });
}
