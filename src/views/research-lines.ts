import type { Event } from "../domain/event.ts";
import { historyLine } from "../domain/research/pipeline-text.ts";

interface ResearchLine {
  readonly tone: "good" | "bad" | "note";
  readonly text: string;
}

/** What is told of a research run's own facts, undefined for any other. */
export function researchLines(event: Event): readonly ResearchLine[] | undefined {
  switch (event.type) {
    case "research-opened":
      return [{ tone: "note", text: `the experiment is on ${event.branch}` }];
    case "research-stage":
      return [
        { tone: event.outcome === "refused" ? "bad" : "good", text: `stage ${event.stage}, ${historyLine(event)}` },
      ];
    case "research-fix":
      return [
        { tone: event.outcome === "landed" ? "good" : "bad", text: `stage ${event.stage}, ${historyLine(event)}` },
      ];
    case "research-decided":
      return [{ tone: "note", text: `stage ${event.stage}, ${historyLine(event)}` }];
    case "research-error":
      return [{ tone: "bad", text: `${event.stage}, ${event.subject}: ${event.resolution}` }];
    case "research-gates":
      return [{ tone: "note", text: `${event.by} changes gates: ${JSON.stringify(event.gates)}` }];
    default:
      return undefined;
  }
}
