import { modelsOf } from "../../adapters/models/role-models.ts";
import type { Role } from "../../domain/model-call.ts";
import { InputError } from "../../domain/step-failure.ts";
import { bent } from "../wiring.ts";
import type { WikiPlace } from "./place.ts";

/**
 * Refuses work that asks a role for which nobody answers, before anything is written of it. @throws InputError that names the role
 * and what to do
 */
export function needModel(role: Role, { config, wiring }: Pick<WikiPlace, "config" | "wiring">): void {
  if (modelsOf(bent(config, wiring), role).length > 0) return;
  throw new InputError([
    `No model is configured for the ${role}, and this asks it: write one under \`models:\` in millwright.yaml, as \`${role}:\` or \`default:\`. \`millwright init\` writes what it finds on this machine; \`millwright doctor\` says what answers.`,
  ]);
}
