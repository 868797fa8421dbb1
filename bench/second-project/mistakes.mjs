/**
 * What a small model gets wrong in this project, as changes of the text of a reference answer. Written without having seen any
 * correction. Where a rewriting changes nothing, the mistake does not apply there.
 */
import { developerMistakes } from "./mistakes-of-developers.mjs";
import { testerMistakes } from "./mistakes-of-testers.mjs";
import { tasks, written } from "./project.mjs";
import { whole } from "./trees.mjs";

/** What is searched for stays: the model is wrong in what it writes, not in what stands there. */
function besideSearches(apply) {
  return (text) => {
    const searches = [];
    const kept = text.replaceAll(/^<{7} SEARCH\n[\s\S]*?\n={7}$/gm, (all) => `<<<<<<< ${searches.push(all)}`);
    return apply(kept).replaceAll(/^<{7} (\d+)$/gm, (_all, number) => searches[number - 1]);
  };
}

/** The answers as they are written down, by what `reference` makes of them. */
const known = new Map();
for (const { id } of tasks)
  for (const role of ["tester", "developer"]) {
    const text = written(id, role);
    known.set(whole(id, text), { id, text });
  }

/** A mistake is made in what the answer changes; what it leaves alone stays right. */
const of = (role) => (one) => {
  const wrong = one.family === "overwritten route file" ? one.apply : besideSearches(one.apply);
  const apply = (text) => {
    const answer = known.get(text);
    return answer ? whole(answer.id, wrong(answer.text)) : wrong(text);
  };
  const appliesTo = (task, asked) => asked === role && wrong(written(task, role)) !== written(task, role);
  return { family: "other", ...one, role, apply, appliesTo };
};

/**
 * `{ name, family, kind, role, appliesTo(task, role), apply(text) }`; `family` is the published mistake that it is one of, or
 * `other`. `outlivesRed`: a wrong test that red cannot see in some tasks at least; only the right code, refused by green,
 * shows it.
 */
export const allMistakes = [...developerMistakes.map(of("developer")), ...testerMistakes.map(of("tester"))];
