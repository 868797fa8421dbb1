import { type LearnedCase, signaturesOf } from "../domain/learn-cases.ts";
import { differenceOf } from "../domain/learn-suggestion.ts";
import { redact } from "../domain/redact.ts";

const MOST_CASES = 12;
const MOST_LINES = 40;

/** The question for a candidate: the mistakes that were refused, each with its mending, and the form of the answer. */
export function learnBrief(cases: readonly LearnedCase[]): { readonly system: string; readonly user: string } {
  const places = [...new Map(cases.map((one) => [`${one.task}\n${one.path}`, one] as const)).values()];
  return { system: SYSTEM, user: places.slice(0, MOST_CASES).map(caseText).join("\n\n") };
}

function caseText(one: LearnedCase, index: number): string {
  const { path, refusal } = one;
  const lines = differenceOf(one).slice(0, MOST_LINES);
  const findings = refusal.findings.slice(0, 3).map(({ rule, message }) => `${rule}: ${message.slice(0, 300)}`);
  const title = `## Case ${index + 1}: ${path} (${signaturesOf([one])[0]})`;
  return redact([title, ...findings, "", "```diff", ...lines, "```"].join("\n"));
}

const SYSTEM = `You look at mistakes that were refused and at what landed in their place (lines with - were refused, lines with +
landed), and you propose ONE deterministic correction that would have led from the one to the other in at least three of the
cases. A program will try it on everything that was ever proposed; if it breaks anything it is thrown away. So make it as
narrow as the cases are.

Answer with one YAML block and nothing else, or with the line NONE: and the reason.

\`\`\`yaml
title: status_code=201 on router.post
languages: [python]            # python, typescript, javascript
files: ["app/**/*.py"]
does: { kind: add-argument, call: router.post, inside: decorator, name: status_code, value: 201 }
\`\`\`

\`does\` is one of:
- { kind: rewrite-import, from: app.session, to: app.database, names: { get_db: get_db } }   # names may be left out: all of them
- { kind: add-argument, call: router.post, inside: decorator, name: status_code, value: 201 }
- { kind: replace-literal, from: [201], to: 200, call: router.put, argument: status_code, inside: decorator }
- { kind: add-import, name: join, from: "node:path", style: named }   # named, default or module
- { kind: quick-fix, fixes: [spelling] }   # writes the name behind "did you mean"
- { kind: rule, rule: { pattern: "old($A)" }, operations: [{ kind: replace, with: "new($A)" }] }   # an ast-grep rule
In \`call\`, \`$A\` stands for any expression.`;
