import type { Does } from "./correction-file.ts";
import { canonicalJson, digestOf } from "./digest.ts";
import { leading } from "./leading-finding.ts";
import type { Atom } from "./learn-atoms.ts";
import {
  distinct,
  FEWEST_CASES,
  familyOf,
  globsOf,
  type LearnedCase,
  languagesOf,
  type SeenAtom,
} from "./learn-cases.ts";
import { generalised } from "./learn-general.ts";

/** A correction that cases suggest; nothing has been proven of it yet. */
export interface Draft {
  readonly id: string;
  readonly title: string;
  readonly languages: ReturnType<typeof languagesOf>;
  readonly files: readonly string[];
  readonly does: Does;
  readonly cases: readonly LearnedCase[];
}

/** More than this are not tried: the ones with the most cases are. */
const MOST_DRAFTS = 12;

/**
 * The most specific corrections that at least three different cases show. What is equal in three of them is one by itself;
 * the rest is generalised, first among failures of one family, then among all.
 */
export function draftsOf(seen: readonly SeenAtom[]): readonly Draft[] {
  const found: Draft[] = [];
  let rest = seen;
  for (const key of [exactKey, familyKey, looseKey]) {
    const covered = new Set<SeenAtom>();
    for (const group of groupsBy(rest, key)) {
      const draft = draftOf(group);
      if (draft === undefined) continue;
      found.push(draft);
      for (const one of group) covered.add(one);
    }
    rest = rest.filter((one) => !covered.has(one));
  }
  const uncovered = [...new Set(seen.map(({ of }) => of))].filter(
    (one) => !found.some(({ cases }) => cases.includes(one)),
  );
  found.push(...spellingOf(uncovered));
  const unique = [...new Map(found.map((draft) => [draft.id, draft] as const)).values()];
  return unique.sort((a, b) => distinct(b.cases) - distinct(a.cases)).slice(0, MOST_DRAFTS);
}

/** Names that differ from case to case, each with the right one in the finding: the tools' own suggestion mends them all. */
function spellingOf(cases: readonly LearnedCase[]): readonly Draft[] {
  const meant = cases.filter(({ refusal }) => /did you mean/i.test(leading(refusal)?.message ?? ""));
  const languages = languagesOf(meant);
  if (distinct(meant) < FEWEST_CASES) return [];
  return (languages.includes("python") ? [["python" as const]] : [languages]).flatMap((own) => {
    const cases = meant.filter((one) => languagesOf([one]).every((language) => own.includes(language)));
    if (distinct(cases) < FEWEST_CASES) return [];
    const does = { kind: "quick-fix", fixes: ["spelling"] } as const;
    const title = "write the name that was meant";
    const files = globsOf(cases.map(({ path }) => path));
    return [
      {
        id: `spelling-${own.join("-")}`,
        title,
        languages: own,
        files,
        does: { ...does, fixes: [...does.fixes] },
        cases,
      },
    ];
  });
}

function groupsBy(seen: readonly SeenAtom[], key: (one: SeenAtom) => string): readonly (readonly SeenAtom[])[] {
  const groups = new Map<string, SeenAtom[]>();
  for (const one of seen) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return [...groups.values()];
}

function draftOf(group: readonly SeenAtom[]): Draft | undefined {
  const cases = [...new Set(group.map(({ of }) => of))];
  if (distinct(cases) < FEWEST_CASES) return undefined;
  const made = generalised(group.map(({ atom }) => atom));
  const languages = languagesOf(cases);
  if (made === undefined || languages.length === 0) return undefined;
  const files = globsOf(cases.map(({ path }) => path));
  const digest = digestOf(canonicalJson({ languages, does: made.does })).slice(0, 6);
  return { id: `${slug(made.title)}-${digest}`, title: made.title, languages, files, does: made.does, cases };
}

function slug(title: string): string {
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.join("-").slice(0, 48).replace(/-+$/, "") || "correction";
}

function exactKey({ of, atom }: SeenAtom): string {
  const language = languagesOf([of])[0] === "python" ? "python" : "script";
  return `${language}|${atomText(atom)}`;
}

function atomText(atom: Atom): string {
  if (atom.form !== "pattern") return canonicalJson({ ...atom });
  const { form, before, after, parent } = atom;
  return canonicalJson({ form, parent, before: before.tokens, kind: before.kind, after: after?.tokens ?? null });
}

function looseKey({ of, atom }: SeenAtom): string {
  const language = languagesOf([of])[0] === "python" ? "python" : "script";
  return `${language}|${canonicalJson(shared(atom))}`;
}

function familyKey(seen: SeenAtom): string {
  return `${familyOf(seen.of.refusal)}|${looseKey(seen)}`;
}

/** What must be equal for a generalisation to know what to write. */
function shared(atom: Atom): object {
  switch (atom.form) {
    case "import":
      return { form: atom.form, from: atom.from, to: atom.to };
    case "missing-import":
      return { form: atom.form, name: atom.bound.name, module: atom.bound.module };
    case "surplus-import":
      return { form: atom.form, module: atom.module };
    case "argument":
      return { form: atom.form, name: atom.name, value: atom.value, last: lastPart(atom.call) };
    case "surplus-argument":
      return { form: atom.form, name: atom.name, last: lastPart(atom.call) };
    case "literal":
      return { form: atom.form, to: atom.to, argument: atom.argument ?? null, last: lastPart(atom.call ?? "") };
    case "fixture":
      return { form: atom.form, name: atom.name };
    case "pattern":
      return { form: atom.form, before: atom.before.kind, after: atom.after?.kind ?? null };
  }
}

function lastPart(call: string): string {
  return call.slice(call.lastIndexOf(".") + 1);
}
