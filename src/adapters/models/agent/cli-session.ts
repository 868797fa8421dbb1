import type { ModelRequest } from "../../../domain/model-call.ts";
import type { Agent } from "../../../domain/model-config.ts";
import { type AgentCli, KEY_VARIABLE, type SessionPlan } from "./agent-cli.ts";
import { type AgentEvent, type Heard, hear, NOTHING_HEARD } from "./agent-event.ts";
import { agentFailure, asksForLogin, endpointFailure, needsLogin, short } from "./agent-failure.ts";
import type { ProcessEnd } from "./agent-process.ts";
import { GO_ON, promptFor } from "./agent-prompt.ts";
import type { AgentWorld } from "./agent-world.ts";
import { objectOfLine } from "./json-value.ts";
import { atLeast } from "./program.ts";
import { furnish, type Surroundings } from "./session.ts";
import { takeTurn } from "./turn.ts";

/** One question to an agent, in its surroundings. */
export interface Asking {
  readonly who: string;
  readonly agent: Agent;
  readonly model: string | undefined;
  readonly request: ModelRequest;
  readonly mark: string;
  readonly signal: AbortSignal | undefined;
  /** Seconds that are left for all of it. */
  secondsLeft(): number;
  doing(what: string): void;
  /** A piece of its words, for whoever watches. */
  said(text: string): void;
}

/** Runs the program, once more from where it stopped if its session broke. @throws StepFailure */
export async function askCli(asking: Asking, cli: AgentCli, around: Surroundings, world: AgentWorld): Promise<Heard> {
  checkVersion(asking.who, cli, around);
  const first = await turnOf(asking, cli, { around, world, resume: undefined, before: NOTHING_HEARD });
  if (first.heard.done) return first.heard;
  const broken = first.heard.failed === undefined && first.heard.session !== undefined;
  const refused = around.endpoint.refusal() !== undefined;
  if (!broken || refused) throw failureOf(asking, first, around);
  asking.doing(`goes on after it ${first.end.how}`);
  const again = await turnOf(asking, cli, { around, world, resume: first.heard.session, before: first.heard });
  if (again.heard.done) return again.heard;
  throw failureOf(asking, again, around);
}

/** Tells whoever watches. */
export function showEvent(asking: Pick<Asking, "doing" | "said">, event: AgentEvent): void {
  if (event.kind === "doing") asking.doing(event.what);
  if (event.kind === "said") asking.said(event.text);
}

interface TurnEnd {
  readonly heard: Heard;
  readonly end: ProcessEnd;
  /** The first lines that were no events. */
  readonly banner: string;
}

interface Place {
  readonly around: Surroundings;
  readonly world: AgentWorld;
  readonly resume: string | undefined;
  readonly before: Heard;
}

async function turnOf(asking: Asking, cli: AgentCli, place: Place): Promise<TurnEnd> {
  const { around, world } = place;
  const { who, agent, mark, signal } = asking;
  const key = keyOf(asking, world);
  const start = cli.start(planOf(asking, key, place));
  await furnish(around.home, start.files);
  let heard: Heard = { ...place.before, done: false, failed: undefined };
  let banner = "";
  const line = (text: string) => {
    const value = objectOfLine(text);
    if (value === undefined && banner.length < 2000) banner += `${text}\n`;
    for (const event of value === undefined ? [] : cli.read(value)) {
      heard = hear(heard, event);
      showEvent(asking, event);
    }
  };
  const named = Object.fromEntries(agent.env.flatMap((name) => [[name, world.env[name] ?? ""]]));
  const env = { ...named, ...start.env, ...(key === undefined ? {} : { [KEY_VARIABLE]: key }) };
  const turn = { who, agent, args: start.args, env, mark, seconds: asking.secondsLeft(), signal };
  const end = await takeTurn(turn, around, world, {
    line,
    begun(process) {
      process.write(place.resume === undefined ? promptFor(asking.request) : GO_ON);
      process.endInput();
    },
  });
  return { heard, end, banner };
}

function planOf({ model, request }: Asking, key: string | undefined, place: Place): SessionPlan {
  return {
    model,
    url: place.around.url,
    key,
    work: request.workspace === undefined ? "answer" : "write",
    guarded: place.world.sandbox.isolated,
    home: place.around.homeSeen,
    resume: place.resume,
  };
}

/** The key's value. @throws StepFailure when its variable is not set. */
export function keyOf({ who, agent }: Asking, world: AgentWorld): string | undefined {
  if (agent.key === undefined) return undefined;
  const key = world.env[agent.key];
  if (key !== undefined && key !== "") return key;
  const hint = `Set ${agent.key} in the environment of millwright; the config names variables and never keys.`;
  throw agentFailure(`${who}: the variable ${agent.key} is not set`, "environment", "ask", hint);
}

function checkVersion(who: string, cli: AgentCli, { program }: Surroundings): void {
  const { version } = program;
  if (version === undefined || atLeast(version, cli.minimum)) return;
  const message = `${who}: ${cli.program} ${version} is too old; ${cli.minimum} or newer is needed`;
  throw agentFailure(message, "environment", "ask", `Update it: ${cli.install}@latest`);
}

function failureOf({ who, agent }: Asking, { heard, end, banner }: TurnEnd, around: Surroundings) {
  const refusal = around.endpoint.refusal();
  if (refusal !== undefined) return endpointFailure(who, agent.url ?? "", refusal);
  const words = heard.failed ?? `${end.stderr}\n${banner}`;
  if (asksForLogin(words) && heard.tokens === undefined) return needsLogin(who, words);
  if (end.exitCode === 127) return cannotStart(who, end);
  if (heard.failed !== undefined) return failed(`${who} gave up: ${short(heard.failed)}`);
  if (heard.events > 0)
    return failed(`${who} broke off in the middle of its work: it ${end.how}. ${short(end.stderr)}`);
  const said = short(banner || end.stderr);
  return failed(
    said === ""
      ? `${who} ended without a word: it ${end.how}`
      : `${who} told nothing of what it does, only "${said}": it ${end.how}`,
  );
}

function cannotStart(who: string, end: ProcessEnd) {
  const hint = "Does it run by hand? A script needs its interpreter on the PATH; `command` can name both.";
  return agentFailure(`${who} cannot be started: ${short(end.how)}`, "environment", "ask", hint);
}

function failed(message: string) {
  const hint = "Run the program by hand to see more; `tmux: true` under the agent lets you watch it.";
  return agentFailure(message.trim(), "model-unusable", "retry", hint);
}
