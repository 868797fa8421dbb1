/** The stages of the implementation of a research plan, in their order. */
export const STAGES = ["environment", "core", "baselines", "evaluation", "integration", "review", "gate"] as const;
