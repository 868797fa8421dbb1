import type { MeasureName } from "./measures.ts";
import type { Component } from "./tasks.ts";

/** What the mill measures and looks at when a component of this kind has been delivered. */
export interface ComponentCheck {
  readonly measures: readonly MeasureName[];
  /** Names of the checks that speak of it. */
  readonly checks: readonly string[];
}

const NOTHING: ComponentCheck = { measures: [], checks: [] };

/** Each kind of component has a check of its own; what the evaluation builds is looked at in its own stage. */
export const COMPONENT_PROBES: Readonly<Record<Component, ComponentCheck>> = {
  model: {
    measures: ["forward", "loss", "gradients"],
    checks: ["output_shape", "causal", "batch_independent", "loss_recomputed", "gradients_reach"],
  },
  "training-loop": {
    measures: ["training", "schedule"],
    checks: ["accumulation", "steps_taken", "loss_finite", "schedule", "same_seed"],
  },
  "data-pipeline": {
    measures: ["forward", "order", "overlap"],
    checks: ["output_shape", "same_batches", "split_disjoint"],
  },
  checkpointing: { measures: ["training", "checkpoint"], checks: ["same_loss", "same_next_step", "goes_on_alike"] },
  logging: { measures: ["training"], checks: ["log_lines", "loss_finite"] },
  evaluation: NOTHING,
  other: NOTHING,
};

/** The measures and checks of all these components, each once. */
export function probesOf(components: readonly Component[]): ComponentCheck {
  const all = [...new Set(components)].map((component) => COMPONENT_PROBES[component]);
  return {
    measures: [...new Set(all.flatMap(({ measures }) => measures))],
    checks: [...new Set(all.flatMap(({ checks }) => checks))],
  };
}
