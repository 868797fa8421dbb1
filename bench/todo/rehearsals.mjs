/** Forty series of each condition on paper, and how near paper comes to the real ones. */
import { median, quantile } from "../kit/house.mjs";
import { MODELS } from "./models.mjs";
import { rehearse } from "./rehearse.mjs";
import { attemptsOf, bandsOf } from "./summary.mjs";

const SHIPPED = ["developer session-import", "developer post-without-201", "developer put-201"];
const BY_HAND = ["tester conftest-import", "tester own-client", "tester put-201"];
const WAYS = {
  a: {},
  b: { learns: true },
  c: { corrected: SHIPPED },
  d: { corrected: SHIPPED, learns: true },
  f: { corrected: [...SHIPPED, ...BY_HAND] },
};
const SEEDS = Array.from({ length: 40 }, (_, index) => `${index + 1}`);

export async function rehearsals(project, row, real) {
  row(
    ...["on paper", "condition", "repeats", "orchestrations", "answers: median", "lowest tenth", "highest tenth"],
    ...["answers that passed", "attempts as the seed counts", "landed of them", "last band: passed", "landed"],
    ...["deadlocks", "a person's words", "approvals"],
  );
  for (const repeats of [0.73, 0.5, 0])
    for (const orchestrations of [1, 10])
      for (const [condition, way] of Object.entries(WAYS))
        line({ project, row, condition, repeats, orchestrations, way });
  for (const one of real.filter(({ name, condition }) => name === "todo" && WAYS[condition]))
    agreement(project, row, one);
}

function line({ project, row, condition, repeats, orchestrations, way }) {
  const all = SEEDS.map((seed) => {
    const series = rehearse(project, { model: { ...MODELS[repeats], seed }, limits: { orchestrations }, ...way });
    return { ...attemptsOf(series.rows, series.landed), ...series, last: bandsOf(series).at(-1) };
  });
  const of = (key) => all.map((one) => one[key]);
  const percent = (values) => `${(100 * median(values)).toFixed(1)} %`;
  row(
    ...["paper", condition, String(repeats), orchestrations, median(of("answers")), quantile(of("answers"), 0.1)],
    ...[quantile(of("answers"), 0.9), percent(of("rate")), median(of("cycles")), percent(of("cycleRate"))],
    ...[percent(all.map(({ last }) => last.rate)), percent(all.map(({ last }) => last.cycleRate))],
    ...[median(of("deadlocks")), median(of("words")), median(all.map(({ approvals }) => approvals.length))],
  );
}

/** A real series beside the same one on paper: of as many answers, how many passed, and what had landed. */
function agreement(project, row, real) {
  const { seed, repeats, condition } = real;
  const paper = rehearse(project, { model: { ...MODELS[repeats], seed: `${seed}` }, ...WAYS[condition] });
  const rows = paper.rows.slice(0, real.rows.length);
  const passed = (some) => some.filter(({ verdict }) => verdict === "pass").length;
  row(
    ...["paper beside real", condition, String(repeats), `seed ${seed}`, `real: ${real.rows.length} answers`],
    ...[
      `${passed(real.rows)} passed`,
      `${real.landed} landed`,
      `paper: ${rows.length} answers`,
      `${passed(rows)} passed`,
    ],
  );
}
