import { type BriefPart, WORTH } from "./brief-parts.ts";
import { fileText, numbered } from "./brief-text.ts";

import { namedText, signaturesOf, touchedText } from "./outline-text.ts";
import type { RelatedPart, RelatedQuestion, Relation } from "./related.ts";

/** Characters up to which a file that is only looked at is shown whole. */
const WHOLE = 1600;
const WHOLE_EXAMPLE = 2000;
/** Whoever writes tests looks at what code offers, not at how it does it. */
const WHOLE_FOR_TESTS = 600;

/** A file that the task may write: whole, or the parts that the task names whole. */
export function filePart(title: string, path: string, text: string, words: ReadonlySet<string>): BriefPart {
  const shorter = [touchedText(path, text, words), namedText(path, text, words)].filter(
    (shown, at, all) => shown.length < (all[at - 1] ?? text).length,
  );
  const forms = [fileText(path, text), ...shorter.map((shown) => fileText(path, shown, SHORTENED))];
  return { name: path, title, forms, worth: WORTH.file };
}

/** What bears on the task. What tests stand on is always shown to whoever writes tests, with its names at least. */
export function relatedPart(
  part: RelatedPart,
  purpose: RelatedQuestion["purpose"],
  words: ReadonlySet<string>,
): BriefPart {
  const { path, relation, lines } = part;
  const place = lines ? `${path}:${lines.from}-${lines.to}` : path;
  const name = `${relation} ${place}`;
  const title = TITLES[relation];
  const worth = WORTHS[relation];
  if (lines) return { name, title, forms: [fileText(place, part.text), ""], worth };
  const most = purpose === "tests" && relation === "imported" ? WHOLE_FOR_TESTS : WHOLE;
  const forms = relation === "example" ? exampleForms(part) : [...fileForms(part, words, most), ""];
  const always = relation === "fixture" && purpose === "tests";
  return { name, title, forms: always ? forms.filter((form) => form !== "") : forms, worth };
}

/** A file as a planner sees it, with its line numbers, so that a plan can name lines. */
export function plannedFile(path: string, text: string): BriefPart {
  const heads = signaturesOf(path, text);
  const short = heads === "" ? [] : [fileText(path, heads, "names only")];
  const title = "Files that matter here, lines numbered";
  return { name: path, title, forms: [fileText(path, numbered(text)), ...short, ""], worth: WORTH.imported };
}

const SHORTENED = "shortened; every part that the task names is whole";
const AROUND = "Code around the task";

const TITLES: Readonly<Record<Relation, string>> = {
  fixture: "What the tests stand on",
  imported: AROUND,
  definition: AROUND,
  test: AROUND,
  caller: AROUND,
  words: AROUND,
  example: "How tests look here",
};

const WORTHS: Readonly<Record<Relation, number>> = {
  fixture: WORTH.fixture,
  imported: WORTH.imported,
  definition: WORTH.neighbour,
  test: WORTH.neighbour,
  caller: WORTH.neighbour,
  words: WORTH.words,
  example: WORTH.example,
};

function fileForms({ path, text }: RelatedPart, words: ReadonlySet<string>, most: number): readonly string[] {
  const heads = signaturesOf(path, text);
  const names =
    heads === "" ? fileText(path, text.slice(0, most), "its beginning") : fileText(path, heads, "names only");
  if (text.length <= most) return [fileText(path, text), ...(names.length < text.length ? [names] : [])];
  const touched = touchedText(path, text, words);
  return touched.length <= most * 2 && touched !== text ? [fileText(path, touched, SHORTENED), names] : [names];
}

function exampleForms({ path, text }: RelatedPart): readonly string[] {
  if (text.length <= WHOLE_EXAMPLE) return [fileText(path, text), ""];
  const cut = text.slice(0, WHOLE_EXAMPLE);
  return [fileText(path, cut.slice(0, cut.lastIndexOf("\n")), "its beginning"), ""];
}
