import type { ResearchLook, StageLook } from "../../compose/research/research-door.ts";
import { plainLine } from "../../views/plain.ts";

/** Where a pipeline stands, for a terminal: a line a stage with its history, and what comes next. */
export function lookText({ run, name, branch, stages, next, ended, path }: ResearchLook): string {
  const rows = stages.flatMap((look) => [
    `${look.stage.padEnd(12)} ${look.state.padEnd(8)} ${gateText(look)}`,
    ...look.history.map((line) => `             ${plainLine(line, 160)}`),
  ]);
  return [
    `${plainLine(name)} (${run})${branch === undefined ? "" : ` on ${plainLine(branch)}`}`,
    ...rows,
    `next     ${plainLine(next, 300)}`,
    ...(ended === undefined ? [] : [`ended    ${plainLine(ended, 600)}`]),
    `live     ${plainLine(path, 300)}`,
  ].join("\n");
}

function gateText({ gate, visitedUnder = gate }: StageLook): string {
  return visitedUnder === gate ? gate : `${visitedUnder}; ${gate} when it is visited again`;
}
