/** One run of an operator in one task, and what became of it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "../kit/house.mjs";
import { approval, file, goalMet, planText, repository, scriptedRun } from "../kit/target.mjs";
import { codeOf, fileOf, filesOf, testsOf } from "./project.mjs";

const program = join(import.meta.dirname, "answers.mjs");

export function planOf(task) {
  const one = {
    id: "T1",
    title: `Add ${task.name}`,
    files: [fileOf(task)],
    tests: [`test/${task.name}.test.js`],
    creates: [`${fileOf(task)}#${task.name}`],
    accept: task.accept,
  };
  return planText({ plan: "kit", title: `Add ${task.name}`, tasks: [one] });
}

/** A tester that shows what the criteria say, and adds the careful cases once it is told that a mutant survives. */
function testerAnswer(task, asked) {
  const survived = /mutant|surviv/i.test(asked);
  return file(`test/${task.name}.test.js`, testsOf(task, survived ? task.careful : []));
}

function scriptOf(task, trick) {
  const plan = planOf(task);
  const asked = new Map();
  return (request) => {
    const { role } = request;
    const time = (asked.get(role) ?? 0) + 1;
    asked.set(role, time);
    const always = trick[`${role}Always`];
    if (always !== undefined) return always;
    if (time === 1 && trick[role] !== undefined) return trick[role];
    const text = JSON.stringify(request);
    switch (role) {
      case "architect":
        return plan;
      case "tester":
        return testerAnswer(task, text);
      case "developer":
        return file(fileOf(task), codeOf(task));
      case "reviewer":
        return approval(
          task.accept.map(([id]) => id),
          `${fileOf(task)}: ${task.name}`,
        );
      case "examiner":
        return JSON.stringify({ checks: [] });
      default:
        return goalMet;
    }
  };
}

/** What a text's function gives for the inputs; undefined when it does not come to an end, or cannot be loaded. */
function answersOf(task, text, inputs) {
  const dir = mkdtempSync(join(tmpdir(), "millwright-landed-"));
  const path = join(dir, "kit.mjs");
  writeFileSync(path, text);
  const child = spawnSync(process.execPath, ["--max-old-space-size=256", program], {
    input: JSON.stringify({ path, name: task.name, inputs }),
    encoding: "utf8",
    timeout: 20_000,
    env: {},
  });
  rmSync(dir, { recursive: true, force: true });
  return child.status === 0 ? child.stdout : undefined;
}

/** True when the text's function gives what the reference gives, over all inputs of the corpus or the given ones. */
function isRight(task, text, inputs = task.inputs) {
  const found = answersOf(task, text, inputs);
  return found !== undefined && found === answersOf(task, codeOf(task), inputs);
}

const MAKERS = ["architect", "tester", "developer"];

/** Every answer of a maker, with the findings that refused it up to the next one. */
function fates(entries) {
  const found = [];
  for (const { event } of entries) {
    if (event.type === "answered" && MAKERS.includes(event.role))
      found.push({ role: event.role, attempt: event.attempt, refusals: [] });
    const gate = GATE_OF[event.type]?.(event);
    if (gate !== undefined) found.at(-1)?.refusals.push(...event.findings.map((one) => ({ gate, ...one })));
  }
  return found;
}

const GATE_OF = {
  "plan-refused": () => "plan",
  "proposal-refused": () => "door",
  "gate-refused": ({ gate }) => gate,
};

export async function cell(task, trick) {
  const target = repository(filesOf(task));
  const start = performance.now();
  const told = await scriptedRun(target.dir, { input: "specs/kit.md", script: scriptOf(task, trick) });
  const landed = told.entries.find(({ event }) => event.type === "landed")?.event;
  const text = landed ? target.git("show", `${landed.commit}:${fileOf(task)}`) : undefined;
  const tests = landed ? target.git("show", `${landed.commit}:test/kit.test.js`) : undefined;
  const right = text === undefined || (/function keep/.test(text) && tests?.includes("keep(1)") && isRight(task, text));
  target.remove();
  const isTrick = (fate) =>
    trick[`${fate.role}Always`] !== undefined || (fate.attempt === 1 && trick[fate.role] !== undefined);
  const list = fates(told.entries);
  const ownOf = (fate) => fate.refusals.filter((one) => one.answers === fate.role);
  const honest = list.filter((fate) => (trick.isHarmless ? true : !isTrick(fate)));
  const isNews = (one) => !["mutant-survived", "no-code-yet"].includes(one.rule);
  return {
    landed: landed !== undefined,
    accepted: !right,
    caught: trick.isHarmless
      ? []
      : list
          .filter(isTrick)
          .flatMap((fate) => ownOf(fate).map((one) => `${one.gate}/${one.rule}`))
          .slice(0, 1),
    honestRefused: !trick.isUnfair && honest.some((fate) => ownOf(fate).some(isNews)),
    isUnfair: trick.isUnfair === true,
    outcome: told.outcome,
    // Every refusal, by whom it has to be answered: to find the cause of what should not be.
    refusals: list.map((fate) => [
      fate.role,
      fate.attempt,
      ...fate.refusals.map((one) => `${one.answers}: ${one.gate}/${one.rule}`),
    ]),
    landedText: right ? undefined : text,
    seconds: (performance.now() - start) / 1000,
  };
}

/** Wrong variants of the reference that differ from it somewhere in the inputs. */
export async function logicMutants(task) {
  const { mutantsOf } = await load("adapters/analysis/local/mutants.js");
  const text = codeOf(task);
  const from = text.slice(0, text.indexOf(`export function ${task.name}`)).split("\n").length;
  const all = await mutantsOf({ path: fileOf(task), text, lines: { from, to: text.split("\n").length }, limit: 60 });
  const wrong = [];
  for (const mutant of all) if (!isRight(task, mutant.text)) wrong.push(mutant.text);
  return wrong;
}

/** True when the text passes what the visible tests show. */
export function passesShown(task, text) {
  return isRight(
    task,
    text,
    Object.values(task.shown)
      .flat()
      .map(([input]) => input),
  );
}
