import { InputError } from "../../domain/step-failure.ts";
import type { Mill, RunRow } from "../../mill.ts";

/** The run with this id or the beginning of it; undefined: the newest. @throws InputError that lists what there is */
export async function findRun(mill: Mill, wanted: string | undefined): Promise<RunRow> {
  const rows = await mill.runs();
  const last = rows.at(-1);
  if (!last) throw new InputError(["There is no run yet. Start one with: millwright run specs/my-spec.md"]);
  if (wanted === undefined) return last;
  const same = rows.find(({ id }) => id === wanted);
  const starting = same ? [same] : rows.filter(({ id }) => id.startsWith(wanted));
  const [only] = starting;
  if (only && starting.length === 1) return only;
  const listed = (starting.length > 1 ? starting : rows)
    .slice(-5)
    .map(({ id }) => id)
    .join(", ");
  throw new InputError([
    starting.length > 1
      ? `"${wanted}" may be any of: ${listed}.`
      : `There is no run "${wanted}". The newest are: ${listed}.`,
  ]);
}
