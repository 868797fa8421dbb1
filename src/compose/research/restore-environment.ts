import { stat } from "node:fs/promises";
import { z } from "zod";
import { StepFailure } from "../../domain/step-failure.ts";
import { step } from "../../engine/step.ts";
import { currentDesign, headOf, type Project } from "./project.ts";
import { pythonOf, RESTORED, workOf } from "./stage-work.ts";
import { stageOf } from "./stages.ts";

/**
 * Makes again what the environment stage made, from its lock, when somebody has cleared `.millwright/cache` since.
 * @throws StepFailure `environment` when it would be another one, and whatever the stage itself throws
 */
export async function restoreEnvironment(project: Project): Promise<void> {
  const python = await pythonOf(project);
  if (python === undefined) return;
  const gone = await missing([...python.mounts, ...python.datasets].map(({ source }) => source));
  if (gone.length === 0) return;
  const { ports } = project.context;
  let number = 1;
  while (await ports.journal.find(`done/${RESTORED}/${number}`)) number++;
  ports.glimpse({ kind: "doing", task: "research", what: "makes the environment again: it is gone from the cache" });
  const work = await workOf(
    { stage: "environment", visit: number },
    await headOf(project),
    await currentDesign(project),
    project,
  );
  const key = `${RESTORED}/${number}`;
  const enter = project.starting.wiring.stages?.environment ?? (await stageOf("environment"));
  await step(ports, { key, shape: z.strictObject({ end: z.string() }), tries: 1 }, async () => {
    const end = await enter({ ...work, key, name: `environment-again-${number}` });
    const made = end.kind === "passed" ? end.python?.digest : undefined;
    if (made !== python.digest) throw another(gone, python.digest, made);
    return { end: await ports.journal.putBlob(JSON.stringify(end)) };
  });
}

async function missing(paths: readonly string[]): Promise<readonly string[]> {
  const looked = paths.map(async (path) => ((await stat(path).catch(() => undefined)) === undefined ? [path] : []));
  return (await Promise.all(looked)).flat();
}

function another(gone: readonly string[], before: string, made: string | undefined): StepFailure {
  const now = made === undefined ? "none can be made" : `what can be made is ${made.slice(0, 12)}`;
  return new StepFailure(
    `The environment ${before.slice(0, 12)} is gone (${gone.join(", ")}), and ${now}: numbers would no longer compare.`,
    {
      code: "environment",
      remedy: "ask",
      hint: "Put the folder back and resume; or begin a new run with `millwright research .`, which measures everything anew.",
    },
  );
}
