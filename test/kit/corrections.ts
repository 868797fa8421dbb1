import { correctWith } from "../../src/adapters/corrections/local/correct-with.ts";
import type { CorrectionFile } from "../../src/domain/correction-file.ts";
import type { ParsedCorrection } from "../../src/domain/correction-text.ts";

/** A correction as a test needs it; examples and reasons say nothing. */
export function correction(draft: Partial<CorrectionFile> & Pick<CorrectionFile, "does">): ParsedCorrection {
  const id = draft.id ?? "one";
  const file: CorrectionFile = {
    id,
    title: "One",
    why: { reason: "a test", runs: [], signatures: [], cases: [] },
    languages: ["python"],
    files: ["**"],
    state: "on",
    examples: { valid: [{ text: "" }], invalid: [{ text: "", expected: "" }] },
    ...draft,
  };
  return { ...file, path: `corrections/${id}.yaml`, digest: id };
}

/** What a text becomes under corrections, as a new file; and that a second time changes nothing. */
export async function becomes(
  does: CorrectionFile["does"],
  text: string,
  where: { readonly path?: string; readonly base?: string } = {},
): Promise<string> {
  const path = where.path ?? "app/main.py";
  const languages = /\.py$/.test(path) ? (["python"] as const) : (["typescript", "javascript"] as const);
  const { correct } = correctWith([correction({ does, languages: [...languages] })]);
  const once = await correct([{ path, base: where.base, after: text }], "");
  const after = once.files[0]?.after ?? "";
  const twice = await correct([{ path, base: where.base, after }], "");
  if (twice.files[0]?.after !== after) throw new Error(`not idempotent: ${after} becomes ${twice.files[0]?.after}`);
  if (once.notes.length > 0) throw new Error(once.notes.join("\n"));
  return after;
}
