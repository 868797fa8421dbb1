import { z } from "zod";
import type { Mount } from "../sandbox-job.ts";
import type { Finding } from "../verdict.ts";
import type { Accelerator } from "./accelerator.ts";
import { STAGES } from "./stages.ts";

/** One of the stages. */
export const StageName = z.enum(STAGES);
export type StageName = z.infer<typeof StageName>;

/** A file that a stage wants on the research branch. */
export interface StageFile {
  /** Path inside the repository, forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Any value that JSON can hold. */
export type Json = z.infer<ReturnType<typeof z.json>>;

/** Where Python runs in the later stages: plain JSON, so that a run that goes on has it again. */
export interface PythonWorld {
  /** Interpreter and its own arguments, as seen inside the sandbox. */
  readonly argv: readonly string[];
  readonly mounts: readonly Mount[];
  readonly env: Readonly<Record<string, string>>;
  /** Digest of interpreter, packages and datasets: stands beside every number. */
  readonly digest: string;
  readonly accelerator: Accelerator;
  /** The datasets' files, read-only. */
  readonly datasets: readonly Mount[];
}

/** How a visit of a stage ended. */
export type StageEnd =
  | {
      readonly kind: "passed";
      readonly summary: string;
      readonly files: readonly StageFile[];
      readonly report: Json;
      /** The environment stage's gift to the later ones. */
      readonly python?: PythonWorld | undefined;
    }
  /** Somebody must answer: the fix loop, then the orchestrator. */
  | {
      readonly kind: "refused";
      readonly summary: string;
      readonly findings: readonly Finding[];
      readonly files: readonly StageFile[];
      readonly report: Json;
    }
  /** A person must. */
  | { readonly kind: "waiting"; readonly reason: string; readonly hint: string };

/** True for a stage whose refusals the coder can mend; the others have ways of their own, or send the work back to core. */
export function isMendable(stage: StageName): boolean {
  return stage === "core" || stage === "evaluation" || stage === "integration";
}
