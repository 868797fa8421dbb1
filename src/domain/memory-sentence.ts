import { redact } from "./redact.ts";

/** Failures of one class, as far as a sentence is made of them. */
export interface SentenceSource {
  /** Rule of the finding that decided, like `symbols/export-missing`. */
  readonly rule: string;
  readonly category: string;
  /** Paths of the findings that the repository really has. */
  readonly paths: readonly string[];
  /** Messages and evidence: looked through for names, never quoted. */
  readonly texts: readonly string[];
}

/** What a failure class teaches. `whole`: every failure of the rule is one class; else each signature is its own. */
interface Lesson {
  readonly rules: RegExp;
  readonly whole: boolean;
  /** `$names` and `$paths` become what was seen, with the words around them, or nothing. */
  readonly says: string;
}

const LESSONS: readonly Lesson[] = [
  lesson(
    /^door\/(?:out-of-scope|not-a-file|path|folder|case-variant|symlink)$/,
    "Write only files that the task names$paths{; not: }.",
  ),
  lesson(
    /^door\/(?:protected|infrastructure|manifest)$/,
    "Leave protected files alone$paths{, such as }; say in words what would have to change in them.",
  ),
  lesson(
    /^door\/existing-(?:test|setup)$/,
    "Leave test cases that are there as they stand, and add new ones beside them$paths{: }.",
  ),
  lesson(
    /^door\/wrong-layer$/,
    "Tests belong into test files and code into code files; never touch the other layer$paths{: }.",
  ),
  lesson(
    /^door\/(?:deletes|dropped-code)$/,
    "Keep the code that the task does not name: change the lines that have to change instead of writing the file anew$paths{: }.",
  ),
  lesson(/^door\/edit-/, "Copy the text to be replaced letter by letter from the file as it stands$paths{: }."),
  lesson(
    /^door\/(?:unusable-reply|unreadable|too-large)$/,
    "Answer in the reply format that is asked for, and with nothing beside it.",
  ),
  lesson(/^door\/focused$/, "Leave no focused or skipped test behind$paths{: }."),
  lesson(
    /^symbols\/(?:package-missing|package-module-missing)$/,
    "Import only packages that are installed here$names{; these are not: }.",
  ),
  lesson(
    /^symbols\/(?:module-missing)$/,
    "Look up where a file is before importing it$names{; these did not lead to one: }.",
  ),
  lesson(
    /^symbols\/(?:package-)?export-missing$/,
    "Look up what a module exports before importing a name from it$names{; these were made up: }.",
  ),
  lesson(
    /^symbols\/(?:package-)?member-missing$/,
    "Look up that a member exists before using it$names{; these were made up: }.",
  ),
  lesson(
    /^symbols\/(?:package-)?argument-unknown$/,
    "Look up the parameters of a function before naming one$names{; these were made up: }.",
  ),
  lesson(/^symbols\/name-undefined$/, "Import or define every name that is used$names{; these were missing: }."),
  lesson(/^syntax\//, "Check that every file parses before answering$paths{: }."),
  lesson(
    /^red\/passes-on-base$/,
    "A new test must fail as long as the code is missing: assert the new behaviour, not what is there already$paths{: }.",
  ),
  lesson(
    /^red\/vacuous$/,
    "A test must compare a result: one that passes whatever the code answers proves nothing$paths{: }.",
  ),
  lesson(/^red\/(?:breaks-existing)$/, "New tests must leave the tests that are there passing$paths{: }."),
  lesson(
    /^red\/(?:skipped|hides-failures|cut-short)$/,
    "Tests must run to their end, without skips and without ending the process$paths{: }.",
  ),
  lesson(
    /^red\/(?:changes-its-mind)$/,
    "Tests must give the same result each time: no clock, no randomness, no order$paths{: }.",
  ),
  lesson(
    /^red\/(?:fixture|missing-module)$/,
    "Use the fixtures and modules that the tests here have$names{; these are missing: }.",
  ),
  lesson(
    /^(?:red|green)\/timeout$/,
    "No test may wait for long: no endless loop, no sleep, no request that nobody answers$paths{: }.",
  ),
  lesson(
    /^green\/regression$/,
    "Look who calls what you change: tests that passed before must go on passing$paths{: }.",
  ),
  lesson(/^green\/nothing-changed$/, "Answer with a change: an answer without one is refused."),
  lesson(
    /^kills\/survivors$/,
    "Tests must notice when the code is changed: check limits and both answers of each question$paths{: }.",
  ),
  lesson(/^review\//, "Go through the acceptance criteria one by one, with their literal values, before answering."),
  lesson(/^plan\/literal-missing$/, "A plan must keep every literal value of the spec."),
  lesson(
    /^plan\/(?:path|unknown-file|no-files)$/,
    "A plan names files by paths that are there, and those it creates as such.",
  ),
  {
    rules: /^(?:green|red|held-out|check)\//,
    whole: false,
    says: "The same test failure came back each time$paths{ around }$names{ with }: read its comparison before answering.",
  },
];

function lesson(rules: RegExp, says: string): Lesson {
  return { rules, whole: true, says };
}

const BY_CATEGORY: Readonly<Record<string, string>> = {
  "command-missing": "Use only programs that are installed here.",
  "python-module-missing": "Import only Python packages that are installed here$names{; these are not: }.",
  "node-module-missing": "Import only Node packages that are installed here$names{; these are not: }.",
  permission: "Stay away from what may not be written$paths{: }.",
  path: "Look up that a path is there before using it$paths{; seen around: }.",
  timeout: "Nothing may wait for long: no endless loop, no sleep, no request that nobody answers$paths{: }.",
};

/** True when all failures of a rule are one class; false when each signature is a class of its own. */
export function isWholeRule(rule: string): boolean {
  return lessonOf(rule)?.whole ?? false;
}

/**
 * The sentence that a failure class teaches: words of the program, with names and paths of code in backticks. Nothing else
 * of what a model or a tool wrote gets into it: it would be read as an instruction by every maker after.
 */
export function sentenceOf(source: SentenceSource): string {
  const fallback = `The gate \`${gateOf(source.rule)}\` keeps refusing for \`${ruleName(source.rule)}\`$paths{ in }: look for it before answering.`;
  const says = lessonOf(source.rule)?.says ?? BY_CATEGORY[source.category] ?? fallback;
  return filled(filled(says, "paths", pathsIn(source)), "names", namesIn(source));
}

function lessonOf(rule: string): Lesson | undefined {
  return LESSONS.find(({ rules }) => rules.test(rule));
}

function filled(says: string, slot: string, found: readonly string[]): string {
  const listed = found.map((one) => `\`${one}\``).join(", ");
  return says.replace(new RegExp(`\\$${slot}\\{([^}]*)\\}`), (_all, before: string) => (listed ? before + listed : ""));
}

const MOST = 3;

function pathsIn({ paths }: SentenceSource): readonly string[] {
  return mostFrequent(paths.filter((path) => /^[\w@+.-]+(?:\/[\w@+.-]+)*$/.test(path) && path.length <= 80));
}

/** Names of code: what stands in backticks and reads like one, the numbers of a comparison, kinds of errors. */
function namesIn({ rule, texts }: SentenceSource): readonly string[] {
  // What symbols refuse is named in so many words; the line beside it names things that are there, too.
  const namesOf = rule.startsWith("symbols/") ? quotedIn : toldIn;
  return mostFrequent(texts.flatMap((text) => [...new Set(namesOf(text))]).filter(isName));
}

/** The first name is what is missing; those after it are what is there. */
function quotedIn(text: string): readonly string[] {
  return [/`([^`\n]{1,60})`/.exec(text)?.[1] ?? ""];
}

function toldIn(text: string): readonly string[] {
  const compared = [...text.matchAll(/\bassert (\d{1,6}) == (\d{1,6})\b/g)].map(
    (found) => `${found[1]} == ${found[2]}`,
  );
  const errors = [...text.matchAll(/\b([A-Z][A-Za-z]{2,30}(?:Error|Exception))\b/g)].map((found) => found[1] ?? "");
  return [...quotedIn(text), ...compared, ...errors];
}

const NAME = /^(?:\d{1,6} == \d{1,6}|(?:\.{0,2}\/)*[@A-Za-z_$][\w$]*(?:[./-][\w$]+){0,4})$/;
const MOST_WORDS = 6;

/** A name of at most 48 letters and six words that is no secret: longer ones could be a sentence. */
function isName(name: string): boolean {
  const words = name.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/).filter((word) => word !== "");
  const secret = /(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{14,}/.test(name) || redact(name) !== name;
  return NAME.test(name) && name.length <= 48 && words.length <= MOST_WORDS && !secret;
}

function mostFrequent(all: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts]
    .sort(([a, most], [b, least]) => least - most || (a < b ? -1 : 1))
    .slice(0, MOST)
    .map(([one]) => one);
}

function gateOf(rule: string): string {
  return plainName(rule.split("/")[0] ?? "");
}

function ruleName(rule: string): string {
  return plainName(rule.split("/").slice(1).join("/")) || gateOf(rule);
}

function plainName(text: string): string {
  const name = text.replace(/[^\w@./-]/g, "").slice(0, 40);
  return isName(name) ? name : "a rule";
}
