import type { ProposedText } from "../../../domain/correction.ts";
import { correctionLanguage } from "../../../domain/correction-path.ts";
import type { ParsedCorrection } from "../../../domain/correction-text.ts";
import { matches } from "../../../domain/paths.ts";
import { correctFile } from "./correct-file.ts";
import type { Ground, Touched } from "./ground.ts";
import { quickFixed } from "./quick-fix.ts";
import { mayApply, type OneFileDoes, rewriterOf } from "./rewriters.ts";

/** What one correction does to the files of a proposal. */
export async function stepOf(
  correction: ParsedCorrection,
  files: readonly ProposedText[],
  ground: Ground,
): Promise<readonly Touched[]> {
  const { does } = correction;
  if (does.kind === "reject-path") return [];
  const own = files.filter((file) => isFor(correction, file, ground));
  if (own.length === 0) return [];
  if (does.kind === "quick-fix") return quickFixed(does, own, { files, ...ground });
  const touched: Touched[] = [];
  for (const file of own) touched.push(...(await oneFile(does, file)));
  return touched;
}

function isFor({ files, languages }: ParsedCorrection, file: ProposedText, { anywhere }: Ground): boolean {
  if (file.after === null || file.after === file.base) return false;
  const language = correctionLanguage(file.path);
  return language !== undefined && languages.includes(language) && (anywhere || matches(files, file.path));
}

async function oneFile(does: OneFileDoes, { path, base, after }: ProposedText): Promise<readonly Touched[]> {
  const language = correctionLanguage(path);
  if (after === null || language === undefined || !mayApply(does, after)) return [];
  const result = await correctFile(rewriterOf(does, language), { path, text: after, language, base });
  return result.kind === "same" ? [] : [{ path, ...result }];
}
