import { createLogUpdate } from "log-update";
import { durationText } from "../../../views/amounts.ts";
import { EMPTY_RUN, type RunView } from "../../../views/run-view.ts";
import { linesOf } from "../../../views/story.ts";
import { type Paint, paintWith } from "../paint.ts";
import type { Terminal } from "../terminal.ts";
import { type LiveTask, withGlimpse, withoutTokens } from "./live-task.ts";
import { openViews, type Screen } from "./screen.ts";
import { drawTree } from "./tree.ts";

const REDRAW_MILLISECONDS = 250;

/** The tree of the newest run, redrawn in place; what has happened is printed once, above it. */
export function liveScreen(terminal: Terminal): Screen {
  const { stdout } = terminal;
  const paint: Paint = paintWith(terminal.colors);
  const update = createLogUpdate(stdout, { showCursor: true });
  const views = openViews();
  let view: RunView = EMPTY_RUN;
  let live: ReadonlyMap<string, LiveTask> = new Map();
  let seenAt = terminal.now();

  const draw = () => {
    if (view.run === "" || view.state !== "open") return update.clear();
    const { columns = 80, rows = 24 } = stdout;
    update(drawTree(view, { columns, rows, since: Math.max(0, terminal.now() - seenAt), live, paint }));
  };
  const timer = setInterval(draw, REDRAW_MILLISECONDS);
  timer.unref();
  stdout.on("resize", draw);

  return {
    entry(entry) {
      const step = views.add(entry);
      view = step.view;
      seenAt = terminal.now();
      if (entry.event.type === "answered") live = withoutTokens(live, entry.event.task);
      const time = paint.quiet(durationText(view.activeMilliseconds).padStart(7));
      // What is only interesting while it lasts is in the tree.
      const lasting = linesOf(entry.event, step.before).filter(({ tone }) => tone !== "quiet");
      const lines = lasting.map(({ tone, text }) => `${time}  ${paint.tone(tone, text)}`);
      if (lines.length > 0) {
        update.clear();
        stdout.write(`${lines.join("\n")}\n`);
      }
      draw();
    },
    glimpse(seen) {
      live = withGlimpse(live, seen);
    },
    close() {
      clearInterval(timer);
      stdout.off("resize", draw);
      update.clear();
      update.done();
    },
  };
}
