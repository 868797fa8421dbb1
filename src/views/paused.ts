import type { RunView } from "./run-view.ts";

/**
 * A run at which nobody works, as it is to be shown: what was on its way is paused. A run that has no ending and whose
 * process is gone was cut off.
 */
export function pausedView(view: RunView, atWork: boolean): RunView {
  if (view.state === "open" && atWork) return view;
  const tasks = view.tasks.map((task) =>
    task.state === "open" ? { ...task, state: "paused", asking: undefined } : task,
  );
  return { ...view, state: view.state === "open" ? "cut off" : view.state, asking: undefined, tasks };
}
