import type { Config } from "../../../domain/config.ts";
import { EMBEDDED_TABLE_DATE, type EmbeddedChoice, type EmbeddedModel } from "../../../domain/embedded-models.ts";
import { InputError, StepFailure } from "../../../domain/step-failure.ts";
import type { EmbeddedOffer, RunRequest } from "../../../mill.ts";
import { plainLine } from "../../../views/plain.ts";
import { EXIT } from "../exit-code.ts";
import { fetchingOn } from "../fetching.ts";
import { type Session, say } from "../session.ts";

interface Asked {
  readonly config: Config;
  readonly request: RunRequest;
  readonly yes: boolean;
}

/**
 * The request as it is where models are configured. Where none is and none is in sight, a person is offered one that runs on
 * this machine; with a yes it is fetched and the request names it.
 * @throws InputError that says what to do when nobody can be asked, or the answer is no
 */
export async function withModels(session: Session, { config, request, yes }: Asked): Promise<RunRequest> {
  const named = { ...config.models, ...request.models };
  if (Object.keys(named).length > 0 || request.recording !== undefined) return request;
  const doors = await session.doors();
  const sight = await doors.modelsInSight(config);
  if (sight.length > 0)
    throw new InputError([
      `No model is configured, and here is ${sight.join(", ")}: \`millwright init\` writes what is found into millwright.yaml; or give one, like --model ollama/qwen2.5-coder:7b.`,
    ]);
  const offer = await doors.offerEmbedded();
  const models = await chosen(session, offer, yes);
  await fetchAll(session, models);
  tellHowToKeep(session, models);
  return { ...request, models: rolesOf(models), independence: models.length === 1 ? "none" : "model" };
}

/** `millwright models fetch [name]` */
export async function fetchModels(session: Session, name: string | undefined): Promise<number> {
  const { offerEmbedded } = await session.doors();
  const model = name ?? fitting(await offerEmbedded()).one.name;
  await fetchAll(session, [model.replace(/^llama\.cpp\//, "")]);
  say(session, session.json ? JSON.stringify({ fetched: model }) : `Fetched. Use it as llama.cpp/${plainLine(model)}`);
  return EXIT.done;
}

async function fetchAll(session: Session, models: readonly string[]): Promise<void> {
  const { fetchEmbedded } = await session.doors();
  const { fetching, close } = fetchingOn(session.terminal);
  try {
    await fetchEmbedded(models, fetching);
  } finally {
    close();
  }
}

/** Names of one model, or of maker, reviewer and goal-checker. */
async function chosen(session: Session, offer: EmbeddedOffer, yes: boolean): Promise<readonly string[]> {
  const choice = fitting(offer);
  if (yes) return [choice.one.name];
  const { ask } = session.terminal;
  if (ask === undefined || session.json) throw nobodyToAsk(choice.one);
  const answer = await ask(`${questionText(offer, choice)} `);
  if (/^(1|y|yes)$/i.test(answer.trim())) return [choice.one.name];
  if (answer.trim() === "3" && choice.three !== undefined) return choice.three.map(({ name }) => name);
  throw new InputError([
    "No model, no run. `millwright doctor` says what can be used, and docs/guides/embedded.md how.",
  ]);
}

function fitting({ machine, choice }: EmbeddedOffer): EmbeddedChoice {
  if (choice !== undefined) return choice;
  throw new StepFailure(
    `no model is configured, and none fits on this machine: ${size(machine.memory)} of memory and ${size(machine.disk)} of disk can be had`,
    {
      code: "environment",
      remedy: "ask",
      hint: "The smallest needs 1.2 GB of memory and 1.5 GB of disk. Or name a model server or an agent under `models` in millwright.yaml.",
    },
  );
}

function nobodyToAsk(model: EmbeddedModel): InputError {
  return new InputError([
    "No model is configured: no server, no agent program and no key was found.",
    `This machine can run one by itself: \`millwright models fetch ${model.name}\`, then \`millwright run … --model llama.cpp/${model.name} --independence none\`. Or \`millwright run … --yes\`, which fetches ${size(model.gigabytes)} and lets that one model make and judge.`,
    "Or name another under `models` in millwright.yaml.",
  ]);
}

/** Says what is installed, how large it is, and that one model is its own judge. */
function questionText({ machine, fetched, engine }: EmbeddedOffer, { one, three }: EmbeddedChoice): string {
  const toFetch = (models: readonly EmbeddedModel[]) => {
    const missing = models.filter(({ name }) => !fetched.includes(name));
    const sum = missing.reduce((total, { gigabytes }) => total + gigabytes, 0);
    return missing.length === 0 ? "fetched already" : `${size(sum)} to fetch`;
  };
  const install = engine.installed
    ? []
    : [
        `llama.cpp comes from npm into ${engine.dir}: its build for the processor (84 MB); the usual install`,
        "would bring every build for graphics cards (724 MB). Nothing goes into your repository.",
      ];
  const trio = three && [
    `  3  ${three.map(({ title }) => title).join(", ")}: ${toFetch(three)}.`,
    "     Three models of three vendors: none judges its own work. They take turns in memory, which is slower.",
  ];
  return [
    "No model is configured, and no model server, agent program or key was found.",
    "This machine can run a model by itself:",
    "",
    `  1  ${one.title} (${one.licence}): ${toFetch([one])}; needs ${size(one.memory)} of memory, ${size(machine.memory)} can be had.`,
    "     One model makes the work AND judges it: `independence: none`, and every report says so.",
    ...(trio ?? []),
    "  n  no",
    "",
    ...install,
    `Small models make many mistakes; the gates refuse them, and a run may end stuck. (Table of ${EMBEDDED_TABLE_DATE})`,
    `Fetch and use it for this run? [${three ? "1, 3 or n" : "1 or n"}]`,
  ].join("\n");
}

function rolesOf([maker = "", reviewer, goal]: readonly string[]): NonNullable<RunRequest["models"]> {
  const name = (model: string) => `llama.cpp/${model}`;
  if (reviewer === undefined || goal === undefined) return { default: name(maker) };
  return { default: name(maker), reviewer: name(reviewer), checker: name(reviewer), "goal-checker": name(goal) };
}

function tellHowToKeep({ terminal }: Session, models: readonly string[]): void {
  const roles = Object.entries(rolesOf(models)).map(([role, name]) => `${role}: "${name}"`);
  const lines = [`models: { ${roles.join(", ")} }`, ...(models.length === 1 ? ["independence: none"] : [])];
  terminal.stderr.write(`To keep it, write in millwright.yaml:\n${lines.map((line) => `  ${line}\n`).join("")}\n`);
}

function size(gigabytes: number): string {
  return gigabytes < 1 ? `${Math.round(gigabytes * 1000)} MB` : `${Math.round(gigabytes * 10) / 10} GB`;
}
