import { structuredPatch } from "diff";
import { z } from "zod";
import { CorrectionFile } from "./correction-file.ts";
import { canonicalJson, digestOf } from "./digest.ts";
import type { LearnedCase } from "./learn-cases.ts";
import type { Draft } from "./learn-drafts.ts";
import { problemLines, readYaml } from "./yaml-text.ts";

const Suggestion = CorrectionFile.pick({ title: true, languages: true, files: true, does: true }).extend({
  title: z.string().min(3).max(120),
});

/** What a model suggests: a draft like any other, or why its answer is none. */
export type SuggestionReading =
  | { readonly kind: "draft"; readonly draft: Draft }
  | { readonly kind: "none"; readonly why: string };

/** What landed in place of what was refused: the lines of a unified difference. */
export function differenceOf({ path, refused, landed }: LearnedCase): readonly string[] {
  const { hunks } = structuredPatch(path, path, refused.text, landed.text, "", "", { context: 2 });
  return hunks.flatMap((hunk) => hunk.lines);
}

/** Reads the YAML block of an answer. Nothing of it is trusted but its form; examples and cases are the recorded ones. */
export function readSuggestion(reply: string, cases: readonly LearnedCase[]): SuggestionReading {
  const none = /^\s*NONE:\s*(.+)$/m.exec(reply)?.[1];
  const block = /```ya?ml[^\n]*\n([\s\S]*?)\n```/.exec(reply)?.[1];
  if (block === undefined) return { kind: "none", why: none?.slice(0, 300) ?? "the answer holds no YAML block" };
  const read = readYaml(block, Suggestion);
  if (read.kind === "problems") return { kind: "none", why: problemLines(read.problems).join(" ").slice(0, 600) };
  const { title, languages, files, does } = read.value;
  if (does.kind === "reject-path") return { kind: "none", why: "a path that is refused mends nothing" };
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? ["correction"];
  const digest = digestOf(canonicalJson({ languages, does })).slice(0, 6);
  const id = `${words.join("-").slice(0, 48).replace(/-+$/, "")}-${digest}`;
  return { kind: "draft", draft: { id, title, languages: [...languages].sort(), files, does, cases } };
}
