import type { ModelReply, ModelRequest, Usage } from "../../domain/model-call.ts";

/** One way to reach one model. */
export interface Backend {
  /**
   * Asks once; transient errors are retried inside, an abort closes the connection.
   * @throws StepFailure model-*, recording-*, cancelled or environment.
   */
  ask(request: ModelRequest, signal?: AbortSignal): Promise<ModelReply>;
}

/** Tokens of a text when nobody counted them: a quarter of its characters, rounded up. */
function estimatedTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

/** Usage of a call whose backend gave no counts. */
export function estimatedUsage(request: ModelRequest, reply: string): Usage {
  const input = estimatedTokens(request.system) + estimatedTokens(request.user);
  return { input, output: estimatedTokens(reply), cached: 0, counted: false };
}
