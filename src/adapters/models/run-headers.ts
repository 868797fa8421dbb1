import type { ModelRequest } from "../../domain/model-call.ts";

/** What every request to a server carries, so that its log can be read beside the journal; ASCII, at most 200 characters each. */
export function runHeaders(request: Pick<ModelRequest, "run" | "task" | "role" | "attempt">): Record<string, string> {
  return {
    "x-millwright-run": headerValue(request.run),
    "x-millwright-task": headerValue(request.task),
    "x-millwright-role": headerValue(request.role),
    "x-millwright-attempt": headerValue(String(request.attempt)),
  };
}

/** Anything but printable ASCII becomes `?`: no line break from a task's name starts a header of its own. */
function headerValue(text: string): string {
  return text
    .replace(/[^\x20-\x7e]/gu, "?")
    .trim()
    .slice(0, 200);
}
