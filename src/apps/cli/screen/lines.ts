import { durationText } from "../../../views/amounts.ts";
import { plainJson } from "../../../views/plain.ts";
import { linesOf } from "../../../views/story.ts";
import { paintWith } from "../paint.ts";
import type { Terminal } from "../terminal.ts";
import { openViews, type Screen } from "./screen.ts";

/** One JSON object a line, for programs. */
export function jsonScreen(terminal: Terminal): Screen {
  return {
    entry: (entry) => void terminal.stdout.write(`${plainJson({ kind: "entry", ...entry })}\n`),
    glimpse: () => {},
    close: () => {},
  };
}

/** Lines that are only ever appended, for files and logs. */
export function lineScreen(terminal: Terminal): Screen {
  const paint = paintWith(terminal.colors);
  const views = openViews();
  return {
    entry(entry) {
      const { before, view } = views.add(entry);
      for (const { tone, text } of linesOf(entry.event, before)) {
        const time = durationText(view.activeMilliseconds).padStart(7);
        terminal.stdout.write(`${paint.quiet(time)}  ${paint.tone(tone, text)}\n`);
      }
    },
    glimpse: () => {},
    close: () => {},
  };
}
