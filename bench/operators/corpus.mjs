/**
 * Twelve small functions, each with the criteria that a person would write, cases that the criteria state
 * (`shown`, by criterion), cases that a careful tester adds once a mutant has survived (`careful`), and further inputs over
 * which an answer is compared with the reference after it has landed. A case is `arguments -> result`, both JSON.
 */
import { NUMBERS } from "./numbers.mjs";
import { TEXTS } from "./texts.mjs";

/** A visible test shows the first literal of its criterion; the careful tester also shows the others. */
function firstOfEach(task) {
  const shown = Object.entries(task.shown).map(([id, cases]) => [id, cases.slice(0, 1)]);
  const others = Object.values(task.shown).flatMap((cases) => cases.slice(1));
  return { ...task, shown: Object.fromEntries(shown), careful: [...others, ...task.careful] };
}

export const CORPUS = NUMBERS.flatMap((one, at) => [one, TEXTS[at]]).map(firstOfEach);
