import type { TaskView } from "./run-view.ts";

/** Each criterion with the maker's word and the judge's answer beside it, one line each; empty where there is only one of them. */
export function besideOf({ assessed = [], review }: TaskView): readonly string[] {
  const answers = review?.criteria ?? [];
  if (assessed.length === 0 || answers.length === 0) return [];
  return assessed.map(({ id, said, because }) => {
    const answer = answers.find((one) => one.id === id);
    const maker = `the maker says ${said}${because === "" ? "" : ` (${because})`}`;
    const judge =
      answer === undefined ? "gives no answer" : `says ${answer.met ? "met" : "unmet"} (${answer.evidence})`;
    return `${id}: ${maker}; the judge ${judge}`;
  });
}
