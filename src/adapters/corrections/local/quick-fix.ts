import type { ProposedText } from "../../../domain/correction.ts";
import type { Does } from "../../../domain/correction-file.ts";
import { correctionLanguage } from "../../../domain/correction-path.ts";
import type { Diagnostic, DiagnosticTool } from "../../../domain/diagnostic.ts";
import { StepFailure } from "../../../domain/step-failure.ts";
import { suggestedName, undefinedName } from "../../../domain/suggested-name.ts";
import type { FileChange, TreeId } from "../../../domain/work.ts";
import { importAdded } from "./add-import.ts";
import { correctFile } from "./correct-file.ts";
import type { CorrectionTools, Ground, Touched } from "./ground.ts";
import { moduleOffering } from "./module-offering.ts";
import { nameUses } from "./name-uses.ts";
import { renamed } from "./rename.ts";
import { linesOf, parseSource, type Rewriter } from "./source.ts";

type QuickFix = Extract<Does, { kind: "quick-fix" }>;
type Around = Ground & { readonly files: readonly ProposedText[] };

/**
 * Writes what the project's own tools suggest about lines that were written; a fix after which a file has no fewer complaints
 * is left. Nothing without tools.
 */
export async function quickFixed(
  does: QuickFix,
  own: readonly ProposedText[],
  ground: Around,
): Promise<readonly Touched[]> {
  const { tools } = ground;
  if (tools === undefined) return [];
  try {
    return await fixed(does, own, { ...ground, tools });
  } catch (thrown) {
    if (!(thrown instanceof StepFailure) || thrown.code === "cancelled") throw thrown;
    return own.map(({ path }) => ({ kind: "left", path, why: `nothing could be looked up: ${thrown.message}` }));
  }
}

type Equipped = Around & { readonly tools: CorrectionTools };

async function fixed(does: QuickFix, own: readonly ProposedText[], ground: Equipped): Promise<readonly Touched[]> {
  const paths = own.map(({ path }) => path);
  const before = await lookAt(does, paths, ground);
  const touched: Touched[] = [];
  for (const file of own) {
    const complaints = before.diagnostics.filter(({ path }) => path === file.path);
    const result =
      complaints.length === 0 ? undefined : await fixOne(does, file, { complaints, tree: before.tree, ground });
    if (result !== undefined) touched.push(result);
  }
  const changed = touched.filter((one) => one.kind === "changed");
  if (changed.length === 0) return touched;
  const files = ground.files.map((file) => ({
    ...file,
    after: changed.find(({ path }) => path === file.path)?.text ?? file.after,
  }));
  const after = await lookAt(does, paths, { ...ground, files });
  const count = (all: readonly Diagnostic[], path: string) => all.filter((one) => one.path === path).length;
  return touched.filter(
    ({ kind, path }) => kind === "left" || count(after.diagnostics, path) < count(before.diagnostics, path),
  );
}

interface Seen {
  readonly tree: TreeId;
  readonly diagnostics: readonly Diagnostic[];
}

async function lookAt(does: QuickFix, paths: readonly string[], { tree, tools, files }: Equipped): Promise<Seen> {
  const layer: FileChange[] = [];
  for (const { path, after } of files)
    layer.push({ path, blob: after === null ? null : await tools.git.writeBlob(after), mode: "100644" });
  const whole = await tools.git.layOver(tree, layer);
  const diagnostics: Diagnostic[] = [];
  for (const tool of toolsOf(does, paths))
    diagnostics.push(...(await tools.analysis.diagnose(tool, whole, paths)).diagnostics);
  const wanted = diagnostics.filter(({ code }) => does.codes === undefined || does.codes.includes(code));
  return { tree: whole, diagnostics: wanted };
}

/** The type checker only for its own codes: it is the dearest. Undefined names of Python are the linter's. */
function toolsOf({ fixes, codes = [] }: QuickFix, paths: readonly string[]): readonly DiagnosticTool[] {
  const python = paths.some((path) => correctionLanguage(path) === "python");
  return [
    "symbols",
    ...(python && fixes.includes("import") ? (["lint"] as const) : []),
    ...(codes.some((code) => /^TS\d+$/.test(code)) ? (["types"] as const) : []),
  ];
}

interface Complained {
  readonly complaints: readonly Diagnostic[];
  readonly tree: TreeId;
  readonly ground: Equipped;
}

async function fixOne(does: QuickFix, file: ProposedText, about: Complained): Promise<Touched | undefined> {
  const { path, base, after } = file;
  const language = correctionLanguage(path);
  if (after === null || language === undefined) return undefined;
  const rewriters = await rewritersFor(does, file, about);
  let text = after;
  let times = 0;
  for (const rewriter of rewriters) {
    const result = await correctFile(rewriter, { path, text, language, base });
    if (result.kind !== "changed") continue;
    text = result.text;
    times += result.times;
  }
  return times === 0 ? undefined : { kind: "changed", path, text, times };
}

async function rewritersFor(does: QuickFix, file: ProposedText, about: Complained): Promise<readonly Rewriter[]> {
  const rewriters: Rewriter[] = [];
  for (const complaint of about.complaints) {
    const suggested = does.fixes.includes("spelling") ? suggestedName(complaint) : undefined;
    if (suggested) rewriters.push(once((source) => renamed(source, { ...suggested, line: complaint.line - 1 })));
    else if (does.fixes.includes("import")) rewriters.push(...(await importFor(complaint, file, about)));
  }
  return rewriters;
}

/** What else has that name on the line is not what was complained about. */
function once(rewriter: Rewriter): Rewriter {
  let isDone = false;
  return (source) => {
    if (isDone) return [];
    isDone = true;
    return rewriter(source);
  };
}

/** The one module of the project that offers the name. */
async function importFor(
  complaint: Diagnostic,
  { path, after }: ProposedText,
  about: Complained,
): Promise<readonly Rewriter[]> {
  const name = undefinedName(complaint);
  const { retrieval } = about.ground.tools;
  const language = correctionLanguage(path);
  if (name === undefined || retrieval === undefined || language === undefined) return [];
  const source = await parseSource(path, after ?? "", language);
  const from = moduleOffering(name, source, await retrieval.outline(about.tree));
  if (from === undefined) return [];
  return [
    (now) => {
      const [use] = nameUses(now, name);
      return use ? importAdded(now, { name, from }, linesOf(use)) : [];
    },
  ];
}
