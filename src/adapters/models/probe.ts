import type { Config } from "../../domain/config.ts";
import { backendOf } from "../../domain/known-backends.ts";
import type { Server } from "../../domain/model-config.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import { isListed, type Listing, nearestFirst } from "./listed-models.ts";
import { type ServerAccess, serverAccess, startHint } from "./server-access.ts";

/** Whether a model can be asked, and what to do when not. */
export interface ModelProbe {
  /** As written in the config. */
  readonly name: string;
  readonly state:
    | "ok"
    | "not-configured"
    | "unknown-backend"
    | "key-missing"
    | "not-installed"
    | "unreachable"
    | "rejected"
    | "model-missing";
  readonly detail: string;
  /** Empty when there is nothing to do. */
  readonly fix: string;
}

type Finding = Pick<ModelProbe, "state" | "detail" | "fix">;

/** What was found out before about servers and agents, by their names. */
export interface FoundBefore {
  readonly servers: readonly { readonly name: string; readonly listing: Listing | undefined }[];
  readonly agents: readonly AgentBefore[];
}

interface AgentBefore {
  readonly name: string;
  readonly program: string;
  readonly state: "installed" | "old" | "missing";
  readonly version: string | undefined;
  readonly install: string;
}

export interface ProbeModels {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly names: readonly string[];
  readonly found: FoundBefore;
}

/** Says for each model whether it is there, by what its server or agent has said. */
export function probeModels(config: Config, { env, names, found }: ProbeModels): readonly ModelProbe[] {
  return names.map((name) => ({ name, ...probe(name) }));

  function probe(name: string): Finding {
    const to = backendOf(config, name, ["mailbox"]);
    switch (to.kind) {
      case "built-in":
        return mailboxFinding(config);
      case "embedded":
        return { state: "ok", detail: "answers in this process", fix: "" };
      case "agent":
        return agentFinding(found.agents.find((agent) => agent.name === to.name));
      case "nothing":
        return {
          state: "unknown-backend",
          detail: to.problem,
          fix: "Correct the name under `models` in millwright.yaml.",
        };
      case "server": {
        const access = accessOr(to.name, to.server, env);
        if ("state" in access) return access;
        const listing = found.servers.find((server) => server.name === to.name)?.listing;
        return listing === undefined ? NOT_CONFIGURED : judge(access, to.model, listing);
      }
    }
  }
}

function agentFinding(agent: AgentBefore | undefined): Finding {
  if (agent === undefined || agent.state === "missing") {
    const detail = `${agent?.program ?? "the agent"} is not on the PATH`;
    return { state: "not-installed", detail, fix: agent?.install ?? "" };
  }
  const version = agent.version === undefined ? agent.program : `${agent.program} ${agent.version}`;
  return agent.state === "old"
    ? { state: "not-installed", detail: `${version} is too old`, fix: agent.install }
    : { state: "ok", detail: `${version} is installed`, fix: "" };
}

const NOT_CONFIGURED: Finding = {
  state: "not-configured",
  detail: "no model is configured",
  fix: "Write `models: { default: mailbox }`, or a server's model such as `ollama/qwen2.5-coder:14b`, in millwright.yaml.",
};

function mailboxFinding(config: Config): Finding {
  return { state: "ok", detail: `whoever answers the files in ${config.mailbox.dir}`, fix: "" };
}

function accessOr(
  name: string,
  server: Server,
  env: Readonly<Record<string, string | undefined>>,
): ServerAccess | Finding {
  try {
    return serverAccess(name, server, env);
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return { state: "key-missing", detail: error.message, fix: error.hint };
  }
}

function judge(access: ServerAccess, model: string, listing: Listing): Finding {
  switch (listing.kind) {
    case "unreachable":
      return { state: "unreachable", detail: `${access.url}: ${listing.reason}`, fix: startHint(access) };
    case "forbidden":
      return {
        state: "rejected",
        detail: listing.reason,
        fix: "Point its roles at a model on this machine, or list its host under `localHosts`.",
      };
    case "refused":
      return refusedFinding(access, listing.status);
    case "unreadable":
      return {
        state: "rejected",
        detail: `${listing.url} gave no list of models`,
        fix: `Correct servers.${access.name}.url or .kind in millwright.yaml.`,
      };
    case "models":
      return isListed(listing.names, model) ? ok(access) : modelMissing(access, model, listing.names);
  }
}

function ok(access: ServerAccess): Finding {
  return { state: "ok", detail: `reachable at ${access.url}`, fix: "" };
}

/** Some servers have no list, and answer all the same. */
function refusedFinding(access: ServerAccess, status: number): Finding {
  if (status === 404 && access.kind === "openai-compatible") {
    return {
      state: "ok",
      detail: `${access.url} is reachable and lists no models, so the name could not be checked`,
      fix: "",
    };
  }
  const key = status === 401 || status === 403;
  const fix = key
    ? `Check the key that servers.${access.name}.key names.`
    : `See the server's log, and servers.${access.name} in millwright.yaml.`;
  return { state: "rejected", detail: `${access.url} answered ${status}`, fix };
}

function modelMissing(access: ServerAccess, model: string, names: readonly string[]): Finding {
  const near = nearestFirst(names, model).slice(0, 5).join(", ");
  const detail = `${access.url} has no model ${model}; it has ${near === "" ? "none" : near}`;
  const fix =
    access.kind === "ollama"
      ? `Run \`ollama pull ${model}\`, or name one that is there.`
      : "Load the model there, or name one that is there.";
  return { state: "model-missing", detail, fix };
}
