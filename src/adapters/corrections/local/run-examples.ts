import type { ProposedText } from "../../../domain/correction.ts";
import type { CorrectionExample } from "../../../domain/correction-file.ts";
import { correctionLanguage, examplePath } from "../../../domain/correction-path.ts";
import type { ParsedCorrection } from "../../../domain/correction-text.ts";
import type { TreeId } from "../../../domain/work.ts";
import { corrected } from "./correct-with.ts";
import type { CorrectionTools } from "./ground.ts";
import { whyPlaceless } from "./rule.ts";
import { isSound, parseSource } from "./source.ts";

/** Where examples of `quick-fix` are tried: a tree and what looks at it. */
export interface ExampleGround {
  readonly tree: TreeId;
  readonly tools: CorrectionTools;
}

/**
 * Runs a correction's examples, switched off or not: valid ones stay, invalid ones become what is expected, once and for
 * all, and everything parses. Problems start with the file's path.
 */
export async function exampleProblems(
  correction: ParsedCorrection,
  ground?: ExampleGround,
): Promise<readonly string[]> {
  const problems: string[] = [];
  const { valid, invalid } = correction.examples;
  for (const [list, examples] of Object.entries({ valid, invalid }))
    for (const [at, example] of examples.entries()) {
      const why = await problemOf(correction, { list, example }, ground);
      if (why !== undefined) problems.push(`${correction.path}: examples.${list}[${at}]: ${why}`);
    }
  return [...new Set(problems)];
}

interface Listed {
  readonly list: string;
  readonly example: CorrectionExample;
}

async function problemOf(
  correction: ParsedCorrection,
  { list, example }: Listed,
  ground: ExampleGround | undefined,
): Promise<string | undefined> {
  if (correction.does.kind === "reject-path") return pathProblem(correction, list, example);
  if (correction.does.kind === "quick-fix" && ground === undefined) return undefined;
  const trial: Trial = {
    path: example.path ?? examplePath(correction.languages),
    text: example.text ?? "",
    beside: example.beside ?? {},
    anywhere: example.path === undefined,
  };
  const unfit = await whyUnfit(correction, trial);
  if (unfit !== undefined) return unfit;
  const placeless = list === "valid" ? undefined : await firstPlaceless(correction, trial);
  return placeless ?? whyWrong(correction, { list, example }, trial, ground);
}

async function whyWrong(
  correction: ParsedCorrection,
  { list, example }: Listed,
  trial: Trial,
  ground: ExampleGround | undefined,
): Promise<string | undefined> {
  const once = await appliedTo(correction, trial, ground);
  if (once.note !== undefined) return once.note;
  const wanted = list === "valid" ? trial.text : (example.expected ?? trial.text);
  if (once.text !== wanted) return differs(list, once.text, wanted, trial.text);
  const twice = await appliedTo(correction, { ...trial, text: once.text }, ground);
  return twice.text === once.text ? undefined : `applied twice, it becomes something else again: ${shown(twice.text)}`;
}

interface Trial {
  readonly path: string;
  readonly text: string;
  readonly beside: Readonly<Record<string, string>>;
  readonly anywhere: boolean;
}

async function whyUnfit({ languages }: ParsedCorrection, { path, text }: Trial): Promise<string | undefined> {
  const language = correctionLanguage(path);
  if (language === undefined || !languages.includes(language))
    return `${path} is not in a language of this correction (${languages.join(", ")}).`;
  return (await isSound(path, text, language)) ? undefined : `the text is not valid ${language}.`;
}

async function firstPlaceless({ does }: ParsedCorrection, { path, text }: Trial): Promise<string | undefined> {
  const language = correctionLanguage(path);
  if (does.kind !== "rule" || language === undefined) return undefined;
  const source = await parseSource(path, text, language);
  try {
    return whyPlaceless(does, source)[0];
  } catch {
    return undefined; // A rule that is none is told by its first use.
  }
}

async function pathProblem(
  correction: ParsedCorrection,
  list: string,
  { path = "", text = "" }: CorrectionExample,
): Promise<string | undefined> {
  const deleted = correction.does.kind === "reject-path" && correction.does.only === "deleted";
  const file: ProposedText = { path, base: deleted ? text : undefined, after: deleted ? null : text };
  const { findings } = await corrected([correction], [file], { tree: "", tools: undefined });
  if (list === "valid") return findings.length > 0 ? `${path} is refused, but should not be.` : undefined;
  return findings.length > 0 ? undefined : `${path} is not refused; no glob of \`files\` names it.`;
}

interface Applied {
  readonly text: string;
  readonly note: string | undefined;
}

async function appliedTo(
  correction: ParsedCorrection,
  { path, text, beside, anywhere }: Trial,
  ground: ExampleGround | undefined,
): Promise<Applied> {
  const others = Object.entries(beside).map(([other, after]): ProposedText => ({ path: other, base: after, after }));
  const files = [{ path, base: undefined, after: text }, ...others];
  const result = await corrected([correction], files, { tree: ground?.tree ?? "", tools: ground?.tools, anywhere });
  return { text: result.files[0]?.after ?? "", note: result.notes[0] };
}

function differs(list: string, found: string, wanted: string, text: string): string {
  if (list === "valid") return `it should stay as it is, but becomes ${shown(found)}`;
  if (found === text) return "nothing is corrected: the pattern matches nothing here, or what it does changes nothing.";
  return `it becomes ${shown(found)} instead of ${shown(wanted)}`;
}

const MOST_SHOWN = 400;

function shown(text: string): string {
  return JSON.stringify(text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);
}
