/** What plans say of their tasks, by task id. */
import { parse } from "yaml";

export function tasksOf(plans) {
  const tasks = plans.flatMap(([, text]) => parse(/^---\n([\s\S]*?)\n---$/m.exec(text)[1]).tasks);
  return new Map(tasks.map((task) => [task.id, task]));
}
