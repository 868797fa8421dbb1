import { fileText } from "../domain/brief-text.ts";
import { type TestsAnew, withoutLayers } from "../domain/tests-anew.ts";
import { answer } from "./answer.ts";
import type { TaskContext } from "./context.ts";
import type { Delivery } from "./delivery.ts";

/** Both layers are laid aside, the reason is a fact, and whoever wrote the tests is asked for new ones. */
export async function beginTestsAnew(anew: TestsAnew, delivery: Delivery, context: TaskContext): Promise<Delivery> {
  context.turn.release();
  await context.ports.journal.append(anew.key, anew.event);
  const { git } = context.repository;
  const { work } = delivery.state;
  const read = async (path: string) => fileText(path, (await git.read(work.trees.red, path)) ?? "");
  const written = await Promise.all(work.tests.map(({ path }) => read(path)));
  const text = ["The tests that are laid aside, as you wrote them:", ...written].join("\n\n");
  return answer(anew, anew.refusal, withoutLayers(delivery, anew, text), context);
}
