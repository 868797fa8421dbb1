import { createHash } from "node:crypto";
import type { Backend } from "../../adapters/models/backend.ts";
import {
  CALLS_A_QUESTION,
  CALLS_A_TASK,
  offerText,
  returnText,
  type ToolRequest,
  toolRequestOf,
} from "../../domain/connectors/tool-request.ts";
import type { ModelReply, ModelRequest, Role, Usage } from "../../domain/model-call.ts";
import { redact } from "../../domain/redact.ts";
import { InputError, StepFailure } from "../../domain/step-failure.ts";
import type { Journal } from "../../engine/ports.ts";
import { type ConnectPlace, callConnector } from "./connectors.ts";

/** Where roles have tools of connectors called, each call a fact of the run. */
export interface ToolDesk {
  /** `connector.tool`, as the config allows them to a role. */
  offered(role: Role): readonly string[];
  /** How many calls are left to the questions of a task. */
  left(task: string): Promise<number>;
  /** What came back, or why nothing did; it never throws because of a tool. */
  call(request: ModelRequest, wanted: ToolRequest): Promise<string>;
}

/** Nobody is offered anything where no connector is configured. */
export function toolsOf(place: ConnectPlace, journal: Journal): { readonly tools?: ToolDesk } {
  return Object.keys(place.config.connectors).length === 0 ? {} : { tools: toolDesk(place, journal) };
}

function toolDesk(place: ConnectPlace, journal: Journal): ToolDesk {
  return {
    offered: (role) =>
      Object.entries(place.config.connectors).flatMap(([name, { roles }]) =>
        (roles[role] ?? []).map((tool) => `${name}.${tool}`),
      ),
    async left(task) {
      const calls = (await journal.entries()).filter(
        ({ event }) => event.type === "tool-called" && event.task === task,
      );
      return Math.max(0, CALLS_A_TASK - calls.length);
    },
    async call(request, wanted) {
      const { task, role, attempt } = request;
      const tool = wanted.kind === "call" ? `${wanted.connector}.${wanted.tool}` : wanted.name;
      const came = wanted.kind === "call" ? await tried(wanted, role, place) : refusedBy(wanted.problem);
      const { text, ...ended } = came;
      let count = 1;
      while (await journal.find(`tool/${task}/${role}/${attempt}/${count}`)) count++;
      const about = { type: "tool-called", task, role, attempt, tool: tool.slice(0, 200) } as const;
      await journal.append(`tool/${task}/${role}/${attempt}/${count}`, { ...about, ...ended });
      return text;
    },
  };
}

function refusedBy(reason: string) {
  return { ended: "refused" as const, reason, text: `Nothing was called: ${reason}` };
}

async function tried(
  wanted: { connector: string; tool: string; arguments: Readonly<Record<string, unknown>> },
  caller: Role,
  place: ConnectPlace,
) {
  try {
    const { connector, tool, arguments: given } = wanted;
    const came = await callConnector({ caller, connector, tool, arguments: given }, place);
    return { ended: "answered" as const, sha256: createHash("sha256").update(came).digest("hex"), text: redact(came) };
  } catch (error) {
    if (error instanceof InputError) return refusedBy(error.problems.join(" "));
    if (!(error instanceof StepFailure)) throw error;
    const reason = redact(error.message).slice(0, 400);
    return { ended: "failed" as const, reason, text: `Nothing came back: ${reason}` };
  }
}

/** The question as somebody is asked it who may have tools called; judges, who answer in a fixed form, may not. */
export function offering(request: ModelRequest, desk: ToolDesk | undefined): ModelRequest {
  const tools = request.schema === undefined ? (desk?.offered(request.role) ?? []) : [];
  return tools.length === 0 ? request : { ...request, user: `${request.user}\n\n${offerText(tools)}` };
}

/** A backend whose model may answer with a call: it is made, and the model is asked again with what came back. */
export function withCalls(backend: Backend, desk: ToolDesk): Backend {
  return {
    async ask(request, signal) {
      let reply = await backend.ask(request, signal);
      if (request.schema !== undefined || desk.offered(request.role).length === 0) return reply;
      let { user } = request;
      let { usage } = reply;
      for (let left = CALLS_A_QUESTION; left > 0; left--) {
        const wanted = toolRequestOf(reply.text);
        if (wanted === undefined || (await desk.left(request.task)) === 0) break;
        const came = await desk.call(request, wanted);
        const name = wanted.kind === "call" ? `${wanted.connector}.${wanted.tool}` : wanted.name;
        const rest = Math.min(left - 1, await desk.left(request.task));
        user = `${user}\n\n${returnText(name, came, rest)}`;
        reply = await backend.ask({ ...request, user }, signal);
        usage = sumOf(usage, reply.usage);
      }
      return { ...reply, usage } satisfies ModelReply;
    },
  };
}

function sumOf(one: Usage, other: Usage): Usage {
  return {
    input: one.input + other.input,
    output: one.output + other.output,
    cached: one.cached + other.cached,
    counted: one.counted && other.counted,
  };
}
