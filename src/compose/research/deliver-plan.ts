import { digestOf } from "../../domain/digest.ts";
import type { Plan } from "../../domain/plan.ts";
import { CODER_WORDS, designWords, subjectWords } from "../../domain/research/coder-words.ts";
import type { Workflow } from "../../domain/workflow.ts";
import type { RunContext } from "../../engine/context.ts";
import type { Library } from "../../engine/ports.ts";
import { pursue } from "../../engine/run.ts";
import { currentDesign, type Head, type Project, waitsFor } from "./project.ts";
import { openPythonRepository } from "./python-repository.ts";

/** What the engine made of a plan: how far it came, and why no further. */
export interface Delivered {
  readonly head: Head;
  /** Ids of the tasks that have landed. */
  readonly landed: readonly string[];
  /** Undefined: all of it has landed. */
  readonly stuck: string | undefined;
}

/**
 * Pursues a plan with the engine upon a head of the research branch, on a branch of the plan's own.
 * @throws StepFailure when a person has to speak, or something could not be found out
 */
export async function deliverPlan(
  plan: Plan,
  how: { readonly head: Head; readonly workflow: Workflow },
  project: Project,
): Promise<Delivered> {
  const { context } = project;
  const { ports } = context;
  const design = await currentDesign(project);
  const { plans: _plans, ...rest } = context;
  const { git } = ports.repository(undefined);
  const told = ["plan.md", "metrics.yaml"].map(async (name) => {
    const path = `${design.folder}/${name}`;
    return designWords(path, (await git.read(how.head.tree, path)) ?? "");
  });
  const words = (await Promise.all(told)).join("\n\n");
  const tools = await openPythonRepository(project);
  const within: RunContext = {
    ...rest,
    spec: { title: plan.title, text: plan.body, digest: plan.spec.digest },
    plans: [plan],
    workflow: how.workflow,
    base: { commit: how.head.commit },
    ports: {
      ...ports,
      library: withDesign(ports.library, { words, coder: [CODER_WORDS, subjectWords(design)] }),
      repository: (name) => (name === undefined ? tools.repository : ports.repository(name)),
    },
  };
  const outcome = await pursue(within, async (done) => done).finally(() => tools.close());
  if (outcome.kind === "waiting")
    throw waitsFor(outcome.reason, `\`millwright resume ${ports.journal.run}\` goes on once that is settled.`);
  const accepted = await ports.journal.find(`plan/${plan.plan}`);
  const branch = accepted?.type === "plan-accepted" ? accepted.branch : undefined;
  const head = (branch === undefined ? undefined : await git.resolve(branch)) ?? how.head;
  const ids = new Set(plan.tasks.map(({ id }) => id));
  const landed = (await ports.journal.entries()).flatMap(({ event }) => {
    if (event.type === "landed" && ids.has(event.task)) return [event.task];
    return event.type === "task-ended" && event.outcome === "superseded" && ids.has(event.task) ? [event.task] : [];
  });
  const reason = "reason" in outcome ? outcome.reason : "";
  return { head, landed: [...new Set(landed)], stuck: outcome.kind === "done" ? undefined : reason };
}

/** The role prompts, with the design, and for whoever writes the experiment's code with what is theirs to decide and what is not. */
function withDesign(library: Library, told: { readonly words: string; readonly coder: readonly string[] }): Library {
  return {
    ...library,
    async role(role) {
      const prompt = await library.role(role);
      const coder = role === "developer" || role === "tester" ? told.coder : [];
      const text = [prompt.text.trim(), ...coder, told.words].filter((part) => part !== "").join("\n\n");
      return { text, digest: digestOf(text) };
    },
  };
}
