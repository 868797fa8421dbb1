import { basename } from "node:path";
import type { Backend } from "../adapters/models/backend.ts";
import { mailbox, type Waiting } from "../adapters/models/mailbox/mailbox.ts";
import { identityOf, splitModelName } from "../adapters/models/model-identity.ts";
import { ollama } from "../adapters/models/ollama/ollama.ts";
import { openAiCompatible } from "../adapters/models/openai-compatible/openai-compatible.ts";
import { recorded } from "../adapters/models/recorded/recorded.ts";
import { recordingOf } from "../adapters/models/recorded/recording-of.ts";
import { checkModelNames, modelsOf, noModel, rolesByModel, serversOf } from "../adapters/models/role-models.ts";
import { serverAccess } from "../adapters/models/server-access.ts";
import { warmUp } from "../adapters/models/warm-up.ts";
import type { Config } from "../domain/config.ts";
import type { ModelIdentity } from "../domain/model-call.ts";
import type { Server } from "../domain/model-config.ts";
import { StepFailure } from "../domain/step-failure.ts";
import type { Clock, Models } from "../engine/ports.ts";

export interface OpenModels {
  readonly config: Config;
  readonly run: string;
  /** What the run is about, for the recording's header. Default: the run's id. */
  readonly title?: string;
  /** Absolute folder where requests to people lie. */
  readonly mailboxDir: string;
  /** Absolute folder of this run's recording; every run records. */
  readonly recordingDir: string;
  /** Replies come from here and from nowhere else. */
  readonly replay?: { readonly dir: string; readonly strict: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Tokens written so far by the answer in progress; an estimate. */
  readonly onTokens?: (task: string, outputTokens: number) => void;
  /** Tells a person which file to answer, and where. */
  readonly onWaiting?: (message: string, waiting: Waiting) => void;
  /** Further backends by name, such as a scripted one; `name` or `name/model` in the config reaches them. */
  readonly backends?: Readonly<Record<string, Backend>>;
}

/**
 * The models behind the roles, one backend for each model that the config names.
 * @throws InputError when a name under `models` leads nowhere.
 */
export function openModels(options: OpenModels): Models {
  const { config, replay } = options;
  if (replay === undefined) checkModelNames(config, ["mailbox", ...Object.keys(options.backends ?? {})]);
  if (replay === undefined) warmUp(serverKinds(config));
  const header = {
    title: options.title ?? options.run,
    answeredBy: [...rolesByModel(config)].map(([name, roles]) => `${name} (${roles.join(", ")})`).join(", "),
    independence: config.independence,
    note: replay === undefined ? "" : `replayed from ${replay.dir}`,
  };
  const place = { dir: options.recordingDir, clock: options.clock, header };
  const opened = new Map<string, Backend>();
  const open = (name: string): Backend => {
    const there =
      opened.get(name) ?? recordingOf(replay === undefined ? backendOf(name, options) : replayOf(replay), place);
    opened.set(name, there);
    return there;
  };
  const ladder: Models["ladder"] = (role) => {
    const names = modelsOf(config, role);
    if (names.length === 0 && replay === undefined) throw noModel(role);
    return (names.length === 0 ? ["recorded"] : names).map(identityOf);
  };
  return {
    identify: (role) => first(ladder(role)),
    ladder,
    contextOf: async (model) => config.contexts[model],
    busy: () => {},
    ask: async (request, signal) => open(request.model).ask(request, signal),
  };
}

function first(ladder: readonly ModelIdentity[]): ModelIdentity {
  const [model] = ladder;
  if (model === undefined) throw new Error("A ladder has at least one model.");
  return model;
}

function serverKinds(config: Config): readonly Server["kind"][] {
  const servers = serversOf(config);
  return [...rolesByModel(config).keys()].flatMap((name) => servers[splitModelName(name).server]?.kind ?? []);
}

function replayOf(replay: { readonly dir: string; readonly strict: boolean }): Backend {
  return recorded({ dir: replay.dir, drift: replay.strict ? "refuse" : "report" });
}

function backendOf(name: string, options: OpenModels): Backend {
  const { config, clock, onTokens, onWaiting } = options;
  const { server, model } = splitModelName(name);
  const given = options.backends?.[server];
  if (given !== undefined) return given;
  const { replyKilobytes } = config.limits;
  if (server === "mailbox") {
    const dir = options.mailboxDir;
    const tell = onWaiting && { onWaiting: (waiting: Waiting) => onWaiting(waitingMessage(waiting), waiting) };
    return mailbox({ dir, model: model ?? "mailbox", clock, replyKilobytes, ...tell });
  }
  const known = serversOf(config)[server];
  if (known === undefined || model === undefined) throw unknownServer(name);
  const access = serverAccess(server, known, options.env);
  const to = { access, model, clock, replyKilobytes, ...(onTokens && { onTokens }) };
  return known.kind === "ollama" ? ollama(to) : openAiCompatible(to);
}

function waitingMessage({ task, role, attempt, request, reply }: Waiting): string {
  return `waits for the ${role}'s reply (${task}, ${attempt}): answer ${request} in a file beside it, ${basename(reply)}`;
}

function unknownServer(name: string): StepFailure {
  const hint = "Correct `models` or `servers` in millwright.yaml.";
  return new StepFailure(`\`${name}\` leads to no server`, { code: "environment", remedy: "ask", hint });
}
