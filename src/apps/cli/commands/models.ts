import type { AgentLook, ModelLook, ModelsEnd, ServerLook } from "../../../mill.ts";
import { plainJson, plainLine } from "../../../views/plain.ts";
import { EXIT } from "../exit-code.ts";
import { type Paint, paintWith } from "../paint.ts";
import { type Session, say } from "../session.ts";

export async function models(session: Session): Promise<number> {
  const { inspectModels } = await session.doors();
  const look = await inspectModels(session.dir, { config: session.config });
  const exit = look.models.some(({ state }) => state !== "ok") ? EXIT.environment : EXIT.done;
  if (session.json) say(session, plainJson({ ...look, exit }));
  else say(session, lookLines(look, paintWith(session.terminal.colors)).join("\n"));
  return exit;
}

function lookLines(look: ModelsEnd, paint: Paint): readonly string[] {
  const named = look.models.flatMap((model) => modelLines(model, look, paint));
  return [
    ...(named.length === 0 ? ["millwright.yaml names no model."] : named),
    "",
    "Servers",
    ...look.servers.map((server) => `  ${serverLine(server)}`),
    "",
    "Agents",
    ...look.agents.map((agent) => `  ${agentLine(agent)}`),
    "",
    `Prices of ${look.pricesAsOf}, contexts of ${look.contextsAsOf}, where neither config nor server says; \`prices\` and \`contexts\` in millwright.yaml override them.`,
  ];
}

function modelLines(model: ModelLook, look: ModelsEnd, paint: Paint): readonly string[] {
  const mark = model.state === "ok" ? paint.lane("passed", "✓") : paint.lane("refused", "✗");
  const cheaper = model.cheaper.map((role) => `cheaper ${role}`);
  const facts = [
    `${model.identity} of ${model.vendor}`,
    loadedText(model),
    model.context === undefined ? "context unknown" : `${model.context} tokens`,
    priceText(model, look.pricesAsOf),
  ].filter((fact) => fact !== undefined);
  return [
    `${mark} ${plainLine(model.name)}: ${plainLine([...model.roles, ...cheaper].join(", "), 200)}`,
    `    ${plainLine(model.detail, 400)}`,
    `    ${plainLine(facts.join("; "), 400)}`,
    ...(model.fix === undefined ? [] : [`    fix: ${plainLine(model.fix, 400)}`]),
  ];
}

function loadedText({ loaded, split }: ModelLook): string | undefined {
  if (loaded === undefined) return undefined;
  const places = { gpu: "loaded on the GPU", cpu: "loaded on the CPU", no: "not loaded", split: "" };
  return loaded === "split" ? `split between CPU and GPU: ${split}` : places[loaded];
}

function priceText({ price }: ModelLook, asOf: string): string {
  if (price === undefined) return "price unknown";
  if (price.from === "local") return "local, costs nothing";
  const cached = price.cached === undefined ? "" : `, ${price.cached} cached`;
  const from = price.from === "config" ? "config" : `table of ${asOf}`;
  return `$${price.input} in, $${price.output} out${cached} a million tokens (${from})`;
}

function serverLine({ name, url, state, detail, models, key }: ServerLook): string {
  const why = {
    reachable: `reachable, ${models.length} model(s)${models.length === 0 ? "" : `: ${models.slice(0, 8).join(", ")}`}`,
    refused: detail ?? "refused",
    unreachable: detail ?? "not reachable",
    "key-missing": `${key?.variable} is not set`,
    "not-asked": detail ?? notAsked(key),
  }[state];
  return plainLine(`${name} (${url}): ${why}`, 400);
}

function notAsked(key: ServerLook["key"]): string {
  return key === undefined ? "not asked: no role names it" : `${key.variable} is set; not asked: no role names it`;
}

function agentLine({ name, program, state, version, fix }: AgentLook): string {
  const about = `${name} (${program}${version === undefined ? "" : ` ${version}`})`;
  const what = { installed: "installed", old: "too old", missing: "not on the PATH" }[state];
  return plainLine(`${about}: ${what}${state === "old" && fix !== undefined ? `; ${fix}` : ""}`, 300);
}
