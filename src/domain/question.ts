import type { ModelRequest, Role, Workspace } from "./model-call.ts";

/** A question, before it is given its run, model and time limit. */
export interface Question {
  readonly task: string;
  readonly role: Role;
  readonly attempt: number;
  /** The rung of the role's ladder that answers; 0 when absent. */
  readonly rung?: number;
  readonly system: string;
  readonly user: string;
  readonly stable?: number;
  /** What was left out so that it fits. */
  readonly dropped?: readonly string[];
  readonly memory?: readonly string[];
  readonly schema?: unknown;
  readonly workspace?: Workspace;
}

/** The question as a model is asked it. */
export function requestOf(
  { task, role, attempt, system, user, stable, schema, workspace }: Question,
  to: {
    readonly run: string;
    readonly model: string;
    readonly seconds: number;
    readonly answerTokens: number | undefined;
  },
): ModelRequest {
  const { run, model, seconds, answerTokens } = to;
  const request = { run, task, role, attempt, model, system, user, seconds };
  return {
    ...request,
    ...(answerTokens === undefined ? {} : { answerTokens }),
    ...(stable === undefined ? {} : { stable }),
    ...(schema === undefined ? {} : { schema }),
    ...(workspace === undefined ? {} : { workspace }),
  };
}
