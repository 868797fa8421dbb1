import { type Check, findingsOf } from "../../domain/research/check.ts";
import { probesOf } from "../../domain/research/component-checks.ts";
import type { MeasureLook } from "../../domain/research/measures.ts";
import type { Json, StageEnd } from "../../domain/research/stage.ts";
import { subjectChecks } from "../../domain/research/subject-checks.ts";
import { configOf, inProbeRoom, promiseOf } from "./probe-room.ts";
import type { Stage, StageWork } from "./world.ts";

/** Looks at each kind of component that core has built, by the mill's own means, before anything is built upon it. */
export const componentStage: Stage = async (work) => {
  const { design, context, tree } = work;
  const built = design.tasks.filter(({ stage }) => stage === "core").map(({ component }) => component);
  const { measures, checks: wanted } = probesOf(built);
  const isThere = (await context.ports.repository(undefined).git.read(tree, design.subject.path)) !== undefined;
  if (design.subject.framework !== "torch" || wanted.length === 0) return unseen("the tasks' own tests show them");
  if (!isThere) return unseen(`${design.subject.path} is not there yet: components are looked at once it is`);
  const probed = await inProbeRoom(work, (room) => room.probe(measures, configOf(design, "probing"), "0"));
  const checks = subjectChecks({ ...probed, measures: { ...probed.measures, subject: NO_MORE } }, promiseOf(design));
  return ended(
    checks.filter(({ name }) => wanted.includes(name) || name === "report_whole"),
    work,
  );
};

/** What the evaluation is to offer need not be there yet. */
const NO_MORE: MeasureLook<"subject"> = { kind: "seen", values: { missing: [] } };

function unseen(why: string): StageEnd {
  return { kind: "passed", summary: `components: ${why}`, files: [], report: { components: why } };
}

function ended(checks: readonly Check[], { design }: StageWork): StageEnd {
  const report = JSON.parse(JSON.stringify({ components: checks })) as Json;
  const findings = findingsOf(checks, design.subject.path);
  if (findings.length === 0)
    return { kind: "passed", summary: `${checks.length} checks of components pass`, files: [], report };
  const summary = `${findings.length} of ${checks.length} checks of components fail: ${findings.map(({ rule }) => rule).join(", ")}`;
  return { kind: "refused", summary, findings, files: [], report };
}
