import type { Config } from "../../domain/config.ts";
import { serversOf } from "../../domain/known-backends.ts";
import { ROLES, type Role } from "../../domain/model-call.ts";
import type { Server } from "../../domain/model-config.ts";
import { splitModelName } from "../../domain/model-identity.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import { isListed, type Listing, listModels, nearestFirst } from "./listed-models.ts";
import { modelOf } from "./role-models.ts";
import { type ServerAccess, serverAccess, startHint } from "./server-access.ts";

/** Whether the model of a role can be asked, and what to do when not. */
export interface ModelProbe {
  readonly role: Role;
  /** As written in the config; empty when nothing is. */
  readonly name: string;
  readonly state:
    | "ok"
    | "not-configured"
    | "unknown-backend"
    | "key-missing"
    | "unreachable"
    | "rejected"
    | "model-missing";
  readonly detail: string;
  /** Empty when there is nothing to do. */
  readonly fix: string;
}

type Finding = Pick<ModelProbe, "state" | "detail" | "fix">;

/** Looks whether each role's model is there, without asking it anything; each server is asked once, for at most 5 s. */
export async function probeModels(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly ModelProbe[]> {
  const names = [...new Set(ROLES.map((role) => modelOf(config, role)))];
  const servers = serversOf(config);
  const listings = new Map<string, Promise<Listing>>();
  const found = await Promise.all(names.map(async (name) => [name, await probe(name)] as const));
  const byName = new Map(found);
  return ROLES.map((role) => {
    const name = modelOf(config, role);
    return { role, name: name ?? "", ...(byName.get(name) ?? NOT_CONFIGURED) };
  });

  async function probe(name: string | undefined): Promise<Finding> {
    if (name === undefined) return NOT_CONFIGURED;
    const { server, model } = splitModelName(name);
    if (server === "mailbox") return mailboxFinding(config);
    const known = servers[server];
    if (known === undefined || model === undefined) return unknownBackend(name, Object.keys(servers));
    const access = accessOr(server, known, env);
    if ("state" in access) return access;
    const listing = listings.get(server) ?? listModels(access, DOCTOR);
    listings.set(server, listing);
    return judge(access, model, await listing);
  }
}

/** The models of the Ollama that runs where it usually does; none when there is none. Waits at most 2 s. */
export async function probeOllama(url = "http://127.0.0.1:11434"): Promise<readonly string[]> {
  const access = serverAccess("ollama", { kind: "ollama", url, headers: {} }, {});
  const listing = await listModels(access, DOCTOR, { seconds: 2 });
  return listing.kind === "models" ? listing.names : [];
}

const DOCTOR = { "x-millwright-run": "doctor" };

const NOT_CONFIGURED: Finding = {
  state: "not-configured",
  detail: "no model is configured",
  fix: "Write `models: { default: mailbox }`, or a server's model such as `ollama/qwen2.5-coder:14b`, in millwright.yaml.",
};

function mailboxFinding(config: Config): Finding {
  return { state: "ok", detail: `whoever answers the files in ${config.mailbox.dir}`, fix: "" };
}

function unknownBackend(name: string, servers: readonly string[]): Finding {
  return {
    state: "unknown-backend",
    detail: `\`${name}\` is no backend and model`,
    fix: `Write mailbox, or <server>/<model> with one of: ${servers.join(", ")}; further servers are declared under servers.`,
  };
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
