/**
 * A scripted maker: no language model. It knows the right answer and makes mistakes in it by a seeded draw; it reads nothing
 * that it is told, and knows nothing of corrections.
 */
import { createHash } from "node:crypto";

/** A number from 0 to 1 that depends on the words alone. */
export function chance(...words) {
  const digest = createHash("sha256").update(words.join("\u0000")).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

export const ROLES = ["tester", "developer"];

/** The ways in which a mistake can be made in an honest answer. */
export function waysOf(mistake, role, honest, context) {
  return [mistake[role] ?? []].flat().filter((way) => way(honest, context) !== undefined);
}

/**
 * How often each mistake is made where it can be made: mean number a cycle (one answer of each role). The share of a kind is
 * divided among its mistakes, a mistake of both roles between them; what cannot be made in a task is not made up for.
 */
export function ratesIn(mistakes, possible, { total, shares }) {
  return mistakes.flatMap((mistake) => {
    const alike = mistakes.filter(({ kind }) => kind === mistake.kind).length;
    const roles = ROLES.filter((role) => mistake[role] !== undefined);
    const mean = (total * shares[mistake.kind]) / alike / roles.length;
    return roles.filter((role) => possible(mistake, role)).map((role) => ({ mistake, role, mean }));
  });
}

/**
 * `model`: `{ seed, total, shares, repeats }`. Answer number n of a role in a task: with the chance `repeats` it makes the
 * mistakes of the answer before, whatever it was told; else it draws anew. Counting goes on across runs. A developer
 * that draws anew and comes to the honest answer that it gave before says IMPOSSIBLE, as its prompt asks, once until a person
 * speaks.
 */
export function scriptedMaker(project, model) {
  const before = new Map();
  const log = [];
  function answer(task, role, state) {
    const context = { ...state, task };
    const key = `${task}/${role}`;
    const last = before.get(key);
    const number = (last?.number ?? 0) + 1;
    const draw = (...words) => chance(model.seed, key, number, ...words);
    const repeated = last !== undefined && draw("repeats") < model.repeats;
    const honest = project.honest(task, role, context);
    const drawn = repeated ? last.made : fresh(task, role, context, draw);
    const { made, ways, text } = withMistakes(honest, drawn, { role, context });
    const reply = project.reply(text, task, role);
    const isSame = !repeated && made.length === 0 && last?.reply === reply && last?.session === state.session;
    const isGivenUp = role === "developer" && isSame && last.gaveUp !== state.session;
    const gaveUp = isGivenUp ? state.session : last?.gaveUp;
    before.set(key, { number, made: drawn, reply, session: state.session, gaveUp });
    log.push({ task, role, number, repeated, ids: isGivenUp ? ["impossible"] : made, ways });
    return isGivenUp ? "IMPOSSIBLE: a test is wrong; this code is right." : reply;
  }
  function fresh(task, role, context, draw) {
    const possible = (mistake, who) => waysOf(mistake, who, project.honest(task, who, context), context).length > 0;
    return ratesIn(project.mistakes, possible, model)
      .filter((rate) => rate.role === role && draw("makes", rate.mistake.id) < 1 - Math.exp(-rate.mean))
      .map(({ mistake }) => {
        const ways = waysOf(mistake, role, project.honest(task, role, context), context);
        const all = [mistake[role]].flat();
        const habit = all[Math.floor(chance(model.seed, "habit", mistake.id, role) * all.length)];
        const isHabit = mistake.isHabit && ways.includes(habit);
        return { mistake, way: isHabit ? habit : ways[Math.floor(draw("way", mistake.id) * ways.length)] };
      });
  }
  return { answer, log };
}

function withMistakes(honest, drawn, { role, context }) {
  let text = honest;
  const made = [];
  const ways = [];
  for (const { mistake, way } of drawn) {
    const wrong = way(text, context);
    if (wrong === undefined) continue;
    text = wrong;
    made.push(mistake.id);
    ways.push([mistake[role]].flat().indexOf(way));
  }
  return { made, ways, text };
}
