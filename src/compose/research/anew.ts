import { z } from "zod";
import { step } from "../../engine/step.ts";
import type { StageWork } from "./world.ts";

/** A run keeps the design that it began with. */
export const CHANGED_PLAN = "what the plan says is changed there, and a new run begun with `millwright research`";

const Marked = z.object({ waited: z.number() });

/** A visit that has asked for a person begins anew when it is entered again: what failed before is tried and asked again. */
export interface Anew {
  /** Before the keys of steps, and the same as often as the run goes on without a person. */
  readonly key: string;
  /** After a subject or the name of a task: empty the first time. */
  readonly suffix: string;
  /** Says that a person is waited for now. */
  wait(): Promise<void>;
}

/** How often this visit has waited for a person about a part of its work. */
export async function begunAnew({ key, context }: StageWork, part: string): Promise<Anew> {
  const { ports } = context;
  let waited = 0;
  while (await ports.journal.find(`done/${key}/${part}/waited/${waited + 1}`)) waited++;
  return {
    key: waited === 0 ? `${key}/${part}` : `${key}/${part}/anew-${waited}`,
    suffix: waited === 0 ? "" : `-again-${waited}`,
    async wait() {
      const next = waited + 1;
      await step(ports, { key: `${key}/${part}/waited/${next}`, shape: Marked }, async () => ({ waited: next }));
    },
  };
}
