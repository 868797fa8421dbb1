import { REFACTOR, refactorOffer } from "../domain/refactor-offer.ts";
import { answer } from "./answer.ts";
import type { TaskContext } from "./context.ts";
import type { Delivery } from "./delivery.ts";

/** Once every gate has passed: the maker's tidied code, to be judged, with what stood before beside it; undefined: no offer. */
export async function offerRefactor(delivery: Delivery, context: TaskContext): Promise<Delivery | undefined> {
  const offer = refactorOffer(delivery.state, delivery.history);
  if (!offer) return undefined;
  const next = await answer(offer, offer.refusal, delivery, context);
  const state = { ...delivery.state, asked: [...delivery.state.asked, REFACTOR] };
  const green = { ...delivery, history: next.history, shown: next.shown, state };
  const isTidied = next.atDoor === undefined && next.state.work.trees.work !== state.work.trees.work;
  return isTidied ? { ...next, before: green } : green;
}

/** What stood before tidied code that a gate refuses; undefined when nothing was tidied. */
export function untidied({ before, judged, history, state }: Delivery): Delivery | undefined {
  return before && { ...before, judged, history, state: { ...before.state, reading: state.reading } };
}
