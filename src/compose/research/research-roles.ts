import type { Role } from "../../domain/model-call.ts";

/** Roles that a research run may ask. */
export const RESEARCH_ROLES: readonly Role[] = [
  "architect",
  "orchestrator",
  "tester",
  "developer",
  "reviewer",
  "research-reviewer",
  "research-judge",
  "research-orchestrator",
];
