import { InputError } from "./step-failure.ts";
import { type GateEntry, Workflow } from "./workflow.ts";
import { problemLines, readYaml, type YamlPath } from "./yaml-text.ts";

interface WorkflowProblem {
  readonly path: YamlPath;
  readonly message: string;
}

type WorkflowRule = (workflow: Workflow) => readonly WorkflowProblem[];

/** Every rule of a workflow that goes over more than one value. */
export const WORKFLOW_RULES: readonly WorkflowRule[] = [doorIsFirst, currentIsLast, gatesStandOnce, commandsAreWhole];

/**
 * The workflow of a YAML file: known gates in an order that can prove something.
 * @throws InputError with every problem at once, each `line N: …`
 */
export function readWorkflow(yamlText: string): Workflow {
  const read = readYaml(yamlText.replace(/^\uFEFF/, ""), Workflow);
  if (read.kind === "problems") throw new InputError(problemLines(read.problems));
  const problems = WORKFLOW_RULES.flatMap((rule) => rule(read.value)).map(({ path, message }) => ({
    line: read.lineOf(path),
    message,
  }));
  if (problems.length > 0) throw new InputError(problemLines(problems));
  return read.value;
}

function doorIsFirst({ gates }: Workflow): readonly WorkflowProblem[] {
  if (gates[0]?.gate === "door" && gates[0].kinds === undefined) return [];
  const message = "gates: the first gate is `door`, for every kind of task: nothing is written before it says yes.";
  return [{ path: ["gates", 0], message }];
}

function currentIsLast({ gates }: Workflow): readonly WorkflowProblem[] {
  const last = gates.at(-1);
  if (last?.gate === "current" && last.kinds === undefined) return [];
  const message = "gates: the last gate is `current`, for every kind of task: what lands is what was judged.";
  return [{ path: ["gates", gates.length - 1], message }];
}

function gatesStandOnce({ gates }: Workflow): readonly WorkflowProblem[] {
  const names = gates.map(nameOf);
  return gates.flatMap((entry, at) =>
    names.indexOf(nameOf(entry)) < at
      ? [{ path: ["gates", at], message: `gates[${at}]: ${nameOf(entry)} already stands in the list.` }]
      : [],
  );
}

function commandsAreWhole({ gates }: Workflow): readonly WorkflowProblem[] {
  return gates.flatMap((entry, at) => {
    const { gate, name, run, answers } = entry;
    const path = ["gates", at];
    if (gate === "command") {
      const missing = [name === undefined ? "name" : "", run === undefined ? "run" : ""].filter((key) => key !== "");
      return missing.map((key) => ({ path, message: `gates[${at}]: a command gate needs \`${key}\`.` }));
    }
    const extra = name !== undefined || run !== undefined || answers !== undefined;
    return extra
      ? [{ path, message: `gates[${at}]: name, run and answers belong to the gate \`command\`, not to ${gate}.` }]
      : [];
  });
}

function nameOf(entry: GateEntry): string {
  return entry.gate === "command" ? `command ${entry.name ?? ""}` : entry.gate;
}
