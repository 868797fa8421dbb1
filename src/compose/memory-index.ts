import type { Inspection } from "../adapters/git/system/inspection.ts";
import { treeTexts } from "../adapters/retrieval/local/tree-texts.ts";
import type { Git } from "../engine/ports.ts";
import { counted } from "../views/amounts.ts";
import { readVectorNote } from "./index-notes.ts";
import { openFileStore } from "./index-vectors.ts";
import { type IndexVerdict, readVerdict } from "./index-verdict.ts";
import type { RulesPlace } from "./memory-rules.ts";

/** How the project's index stands: what is in it, what is new, and whether vectors are used, with the reason. */
export async function indexState(place: RulesPlace, git: Git, { head }: Inspection) {
  const store = await openFileStore(place.stateDir);
  const known = store.size;
  const tree = head === undefined ? undefined : (await git.resolve(head))?.tree;
  const code = tree === undefined ? [] : (await treeTexts(git, store)(tree)).code;
  const names = code.reduce((sum, { outline }) => sum + outline.chunks.length, 0);
  const summaries = code.filter(({ summary }) => summary !== "").length;
  const taken = store.size - known;
  return {
    state: `${counted(code.length, "code file")}, ${counted(names, "name")}, ${counted(summaries, "summary", "summaries")}; ${counted(taken, "file")} taken apart anew`,
    notes: [...(store.rebuilt === undefined ? [] : [`made anew: ${store.rebuilt}`]), await vectorText(place)],
  };
}

async function vectorText({ stateDir, config }: RulesPlace): Promise<string> {
  if (config.embeddings === undefined) return "vectors: off, no `embeddings` model is configured";
  const [verdict, note] = [await readVerdict(stateDir), await readVectorNote(stateDir)];
  if (verdict?.model !== config.embeddings)
    return `vectors: off until \`millwright index bench\` has measured ${config.embeddings} here`;
  if (verdict.verdict.kind !== "better") return `vectors: off, ${verdictText(verdict)}`;
  const last = note !== undefined && !note.used ? `; the last run could not use them: ${note.why}` : "";
  return `vectors: on, ${verdictText(verdict)}${last}`;
}

/** What the measurement says, in one line. */
export function verdictText({ verdict, model }: IndexVerdict): string {
  if (verdict.kind === "no-model") return "no embedding model is configured: words alone were measured";
  if (verdict.kind === "too-few")
    return `${counted(verdict.queries, "commit")} could be asked about, and fewer than ${verdict.needed} conclude nothing`;
  const { value, low, high } = verdict.gain;
  const gain = [value, low, high].map((one) => (one >= 0 ? `+${one.toFixed(3)}` : one.toFixed(3)));
  const what = verdict.kind === "better" ? "find more" : "do not find more";
  return `words and ${model} together ${what} than words alone: MRR ${gain[0]} (${gain[1]} to ${gain[2]})`;
}
