import type { Backend } from "../adapters/models/backend.ts";
import { recorded } from "../adapters/models/recorded/recorded.ts";
import { recordingOf } from "../adapters/models/recorded/recording-of.ts";
import { checkModelNames, modelsOf, noModel, rolesByModel } from "../adapters/models/role-models.ts";
import { keyIn } from "../adapters/models/server-access.ts";
import { warmUp } from "../adapters/models/warm-up.ts";
import type { Config } from "../domain/config.ts";
import { backendOf, modelIdentity, namedModels } from "../domain/known-backends.ts";
import type { ModelIdentity } from "../domain/model-call.ts";
import type { Server } from "../domain/model-config.ts";
import { InputError } from "../domain/step-failure.ts";
import type { Models } from "../engine/ports.ts";
import { offering, withCalls } from "./connect/tool-desk.ts";
import type { ModelWorld } from "./model-world.ts";
import { withinReach } from "./network-guard.ts";
import { openBackends, othersOf } from "./open-backend.ts";

/**
 * The models behind the roles, one backend for each model that the config names.
 * @throws InputError when a name under `models` leads nowhere, or the key of its server is missing.
 */
export function openModels(options: ModelWorld): Models {
  const { config, replay, tools } = options;
  const others = othersOf(options);
  if (replay === undefined) {
    checkModelNames(config, others);
    refuseMissingKeys(options, others);
    beginLoading(config);
  }
  const backends = openBackends(options);
  const place = { dir: options.recordingDir, clock: options.clock, header: headerOf(options) };
  const opened = new Map<string, Backend>();
  const open = (name: string): Backend => {
    const live = () => (tools === undefined ? backends.open(name) : withCalls(backends.open(name), tools));
    const there = opened.get(name) ?? recordingOf(replay === undefined ? live() : replayOf(replay), place);
    opened.set(name, there);
    return there;
  };
  const contexts = new Map<string, Promise<number | undefined>>();
  const ladder: Models["ladder"] = (role) => {
    const names = modelsOf(config, role);
    if (names.length === 0 && replay === undefined) throw noModel(role);
    return (names.length === 0 ? ["recorded"] : names).map((name) => modelIdentity(config, name));
  };
  return {
    identify: (role) => first(ladder(role)),
    ladder,
    contextOf(model) {
      const known = contexts.get(model) ?? (replay === undefined ? backends.contextOf(model) : set(config, model));
      contexts.set(model, known);
      return known;
    },
    busy: (tasks) => backends.crowd.busy(tasks),
    async ask(request, signal) {
      if (replay === undefined) await withinReach(config, request, others);
      const isAgent = backendOf(config, request.model, others).kind === "agent";
      return open(request.model).ask(isAgent ? request : offering(request, tools), signal);
    },
  };
}

async function set(config: Config, model: string): Promise<number | undefined> {
  return config.contexts[model];
}

function headerOf({ config, replay, title, run }: ModelWorld) {
  return {
    title: title ?? run,
    answeredBy: [...rolesByModel(config)].map(([name, roles]) => `${name} (${roles.join(", ")})`).join(", "),
    independence: config.independence,
    note: replay === undefined ? "" : `replayed from ${replay.dir}`,
  };
}

/** A run must not begin, and pay for a plan, that one of its roles cannot go on with. @throws InputError */
export function refuseMissingKeys(
  { config, env }: Pick<ModelWorld, "config" | "env">,
  others: readonly string[],
): void {
  const problems = namedModels(config).flatMap(({ path, name }) => {
    const to = backendOf(config, name, others);
    if (to.kind !== "server" || to.server.key === undefined || keyIn(env, to.server.key) !== undefined) return [];
    return [`${path.join(".")}: ${name} needs a key: set the environment variable ${to.server.key}.`];
  });
  if (problems.length > 0) throw new InputError(problems);
}

function first(ladder: readonly ModelIdentity[]): ModelIdentity {
  const [model] = ladder;
  if (model === undefined) throw new Error("A ladder has at least one model.");
  return model;
}

/** Begins to load what the first question will need, beside whatever else is done. */
export function beginLoading(config: Config): void {
  warmUp(serverKinds(config));
}

function serverKinds(config: Config): readonly Server["kind"][] {
  return [...rolesByModel(config).keys()].flatMap((name) => {
    const to = backendOf(config, name);
    return to.kind === "server" ? [to.server.kind] : [];
  });
}

function replayOf(replay: { readonly dir: string; readonly strict: boolean }): Backend {
  return recorded({ dir: replay.dir, drift: replay.strict ? "refuse" : "report" });
}
