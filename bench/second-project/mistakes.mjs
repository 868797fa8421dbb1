/**
 * What a small model gets wrong in this project, as changes of the text of a reference answer. Written without having seen any
 * correction. Where a rewriting changes nothing, the mistake does not apply there.
 */
import { developerMistakes } from "./mistakes-of-developers.mjs";
import { testerMistakes } from "./mistakes-of-testers.mjs";

/**
 * `{ name, family, kind, role, appliesTo(task, role), apply(text) }`; `family` is the published mistake that it is one of, or
 * `other`. `outlivesRed`: a wrong test that red cannot see in
 * some tasks at least; only the right code, refused by green, shows it.
 */
export function mistakesOver(reference) {
  const of = (role) => (one) => {
    const apply = one.family === "overwritten route file" ? one.apply : besideSearches(one.apply);
    const appliesTo = (task, asked) => asked === role && apply(reference(task, role)) !== reference(task, role);
    return { family: "other", ...one, role, apply, appliesTo };
  };
  return [...developerMistakes.map(of("developer")), ...testerMistakes.map(of("tester"))];
}

/** What is searched for stays: the model copies it, and is wrong in what it writes. */
function besideSearches(apply) {
  return (text) => {
    const searches = [];
    const kept = text.replaceAll(/^<{7} SEARCH\n[\s\S]*?\n={7}$/gm, (all) => `<<<<<<< ${searches.push(all)}`);
    return apply(kept).replaceAll(/^<{7} (\d+)$/gm, (_all, number) => searches[number - 1]);
  };
}
