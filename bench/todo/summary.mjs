/** What a series comes to, in both readings of "attempt". */

const share = (part, whole) => (whole === 0 ? undefined : part / whole);
const isRefused = ({ verdict }) => verdict === "refuse" || verdict === "deadlock";

/**
 * Ours: an attempt is an answer of a maker that was judged, and passes when nothing was held against it. The seed's: an
 * attempt is a cycle that ends in a commit or is discarded, so each refusal and each landing is one.
 */
export function attemptsOf(rows, landed) {
  const passed = rows.filter(({ verdict }) => verdict === "pass").length;
  const refused = rows.filter(isRefused).length;
  const deadlocks = rows.filter(({ verdict }) => verdict === "deadlock").length;
  return {
    answers: rows.length,
    passed,
    refused,
    deadlocks,
    rate: share(passed, passed + refused),
    cycles: refused + landed,
    landed,
    cycleRate: share(landed, refused + landed),
  };
}

/** By the number of corrections that were on: attempts of both readings. A landing counts where its last answer was given. */
export function bandsOf(series) {
  const last = lastPasses(series.rows);
  const counts = [...new Set(series.rows.map(({ corrections }) => corrections))].sort((a, b) => a - b);
  return counts.map((corrections) => {
    const rows = series.rows.filter((row) => row.corrections === corrections);
    const landed = [...last.values()].filter((row) => row.corrections === corrections).length;
    return { corrections, ...attemptsOf(rows, landed) };
  });
}

/** The last passed answer of each task that landed, as far as the rows say. */
function lastPasses(rows) {
  const last = new Map();
  for (const row of rows) if (row.role === "developer" && row.verdict === "pass") last.set(row.task, row);
  return last;
}

/** Shares of what was refused, by type. */
export function typesOf(rows) {
  const counts = {};
  for (const row of rows.filter(isRefused)) counts[row.type] = (counts[row.type] ?? 0) + 1;
  return counts;
}
