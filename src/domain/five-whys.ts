import { type Incident, ROOT_CAUSES, type RootCause, type Verification, type Why } from "./incident-record.ts";
import { normalise } from "./signature.ts";

/** An answer that somebody gives, before the mill has looked. */
export interface Answer {
  readonly answer: string;
  readonly verification:
    | { readonly kind: "command"; readonly command: string }
    | { readonly kind: "quote"; readonly path: string; readonly line: number; readonly quote: string };
  /** Says that the cause is proven: the mill sees whether the failure comes or goes with it. */
  readonly proven: boolean;
  /** Says that this is the root cause. */
  readonly category?: string | undefined;
}

const EMPTY =
  /^(?:tbd|tba|todo|fixme|xxx+|n\/?a|none|nothing|unknown|not known|no idea|dunno|\?+|-+|\.+|…|wip|later|same(?: as above)?|see above|placeholder|lorem ipsum.*|test|foo|bar)[.!]?$/i;
const PLACEHOLDER =
  /\[\s*(?:…|\.{2,}|tbd|todo|describe|insert|your|fill)[^\]]*\]|<\s*(?:…|\.{2,}|tbd|todo|describe|insert|your|fill)[^>]*>|\b(?:TBD|TODO|FIXME)\b/i;

/** True for a text that says nothing: empty, a placeholder, or a word that stands for one. */
export function isPlaceholder(text: string): boolean {
  const bare = text.replace(/[\s*_`"'#|]+/g, " ").trim();
  return EMPTY.test(bare) || PLACEHOLDER.test(text) || !/\p{L}.*\p{L}/su.test(bare);
}

/** Blame, which ends the asking where it should begin. */
const BLAME: readonly RegExp[] = [
  /\b(?:human|user|operator|people|person'?s|developer|tester|reviewer|pilot)(?:'s)?\s+(?:error|mistake|fault|failure|negligence|slip|oversight)\b/i,
  /\b(?:careless(?:ness|ly)?|inattentive(?:ness)?|inattention|negligen(?:ce|t|tly)|sloppy|sloppiness|lazy|laziness|incompeten(?:ce|t)|stupid(?:ity)?|forgetful(?:ness)?)\b/i,
  /\b(?:lack of (?:care|attention|discipline|diligence)|(?:was|were|is|are)(?:n'?t| not) (?:paying attention|careful|attentive|diligent)|not careful enough|should have (?:been (?:more )?careful|known|paid attention|tried harder))\b/i,
  /\b(?:some(?:one|body)|he|she|they|we|i|the (?:developer|tester|reviewer|person|team|operator|engineer|author))\s+(?:simply |just |again )?(?:forgot|messed up|screwed up|overlooked|made an? (?:error|mistake|slip))\b/i,
  /\b(?:model|llm|ai|agent|maker|gpt|claude|gemini|copilot|coder)(?:'s)?\s+(?:(?:was|is|were|got (?:it|this)|did (?:it|this))\s+(?:simply |just |plain )?(?:wrong|bad|stupid|confused|dumb|weak|too weak|hallucinating|not good enough|not smart enough)|hallucinat\w+|made an? (?:error|mistake)|messed up|failed|error|mistake|hallucination)\b/i,
];

/** True for a cause that blames a person or a model: why the system allowed it is the question that is left. */
export function blames(text: string): boolean {
  return BLAME.some((pattern) => pattern.test(text));
}

const NO_BLAME =
  "is never a root cause: people and models err. Ask once more why the system allowed it (which check was missing, which brief was silent), and answer that";

/** Commands that end the same way whatever the repository holds. */
const CONSTANT = /^\s*(?:true|false|:|exit(?:\s+\d+)?|(?:echo|printf|sleep)\b[^|;&<>$`]*|test\s+\d+|\[\s+\d+\s+\])\s*$/;

/** What is wrong with an answer before anything is run, all at once; empty when the mill may look. */
export function answerProblems(given: Answer, incident: Incident, depth: number): readonly string[] {
  const { whys } = incident.analysis;
  return [
    ...textProblems(given.answer, whys),
    ...verificationProblems(given, whys),
    ...causeProblems(given, whys.length + 1, depth),
  ];
}

function textProblems(answer: string, whys: readonly Why[]): readonly string[] {
  if (blames(answer) && answer.trim().split(/\s+/).length < 5) return [`"${answer}" ${NO_BLAME}.`];
  if (isPlaceholder(answer) || answer.trim().split(/\s+/).length < 3)
    return [`"${answer}" is no answer: say in a sentence what caused the problem before it.`];
  const same = whys.findIndex((why) => normalise(why.answer).toLowerCase() === normalise(answer).toLowerCase());
  return same < 0 ? [] : [`Why ${same + 1} says the same: ask why that was so.`];
}

function verificationProblems({ verification }: Answer, whys: readonly Why[]): readonly string[] {
  const again = whys.findIndex((why) => isSame(why.verification, verification));
  const problems = again < 0 ? [] : [`The same look verified why ${again + 1}: look at what this answer says.`];
  if (verification.kind === "command") {
    const { command } = verification;
    if (command.trim() === "" || PLACEHOLDER.test(command)) problems.push(`"${command}" is no command.`);
    else if (CONSTANT.test(command))
      problems.push(
        `\`${command}\` ends the same way whatever the cause is: run something that would end otherwise if the answer were wrong.`,
      );
    return problems;
  }
  const { quote } = verification;
  if (quote.replace(/\s/g, "").length < 3 || !/[\p{L}\p{N}]/u.test(quote) || PLACEHOLDER.test(quote))
    problems.push(`"${verification.quote}" is no quote: give the words of the line that show it.`);
  return problems;
}

function isSame(before: Verification, given: Answer["verification"]): boolean {
  if (before.kind === "command") return given.kind === "command" && before.command.trim() === given.command.trim();
  return given.kind === "quote" && before.path === given.path && before.line === given.line;
}

function causeProblems(
  { answer, proven, category, verification }: Answer,
  number: number,
  depth: number,
): readonly string[] {
  const problems: string[] = [];
  if (proven && verification.kind === "quote")
    problems.push(
      "A quote proves no cause: with --proven give a command that fails with the cause and passes without it.",
    );
  if (category === undefined)
    return proven
      ? [...problems, `A proven cause is the root cause: say with --category which kind (${ROOT_CAUSES.join(", ")}).`]
      : problems;
  if (rootCauseOf(category) === undefined)
    problems.push(`"${category}" is no category of a root cause: ${ROOT_CAUSES.join(", ")}.`);
  if (blames(answer)) problems.push(`"${answer}" ${NO_BLAME}.`);
  if (!proven && number < depth)
    problems.push(
      `This is why ${number} of ${depth}: a root cause takes ${depth}, or --proven with a command that shows the failure come or go with it.`,
    );
  return problems;
}

/** `process-defect` and `Process defect` are `process defect`. */
export function rootCauseOf(text: string): RootCause | undefined {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/[-_\s]+/g, " ");
  return ROOT_CAUSES.find((cause) => cause === plain);
}

/** What is missing of verified Five Whys, or wrong with them; empty when they reach the root cause. */
export function whysProblems(whys: readonly Why[], depth: number): readonly string[] {
  const last = whys.at(-1);
  if (last === undefined) return ["Five Whys: no answer yet. `millwright andon why` adds one, with what verifies it."];
  const problems: string[] = [];
  if (whys.length < depth && last.proven === undefined)
    problems.push(`Five Whys: ${whys.length} of ${depth} answers, and the last is not proven.`);
  if (last.category === undefined)
    problems.push(`Five Whys: the last answer names no root cause: give it a --category (${ROOT_CAUSES.join(", ")}).`);
  if (blames(last.answer)) problems.push(`Five Whys: "${last.answer}" ${NO_BLAME}.`);
  return problems;
}

/** How a command that was run with the failure and without it proves a cause; undefined when it does not. */
export function provenBy(run: {
  /** On the tree where the failure was seen. */
  readonly failing: { readonly exitCode: number; readonly output: string };
  /** On HEAD. */
  readonly now: { readonly exitCode: number };
  /** What was seen when the incident was opened. */
  readonly seen: readonly string[];
}): Why["proven"] {
  if (run.failing.exitCode === 0) return undefined;
  if (run.now.exitCode === 0) return "removes";
  const output = normalise(run.failing.output);
  const isSeen = run.seen.some((text) => {
    const [line = ""] = text
      .split("\n")
      .map(normalise)
      .filter((one) => one.length >= SHOWN)
      .sort((a, b) => b.length - a.length);
    return line !== "" && output.includes(line);
  });
  return isSeen ? "reproduces" : undefined;
}

/** A shorter line may stand in any output. */
const SHOWN = 12;
