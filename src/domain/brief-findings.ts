import { findingsText } from "./moves.ts";
import type { Finding } from "./verdict.ts";

/** Characters of a finding's evidence that are told: its head and its end. */
const HEAD = 700;
const TAIL = 300;

/** Failing tests whose evidence is told while no code is written yet: they fail as they shall. */
const EXPECTED_SHOWN = 2;

/**
 * Findings as a maker is told them: evidence without what the message says already, without addresses that differ from
 * run to run, cut to its head and end, and the same evidence only once.
 */
export function toldFindings(findings: readonly Finding[]): readonly Finding[] {
  const isExpected = findings.some((finding) => finding.rule === "green/nothing-yet");
  const seen = new Set<string>();
  let shown = 0;
  return findings.map((finding) => {
    const { evidence: _evidence, ...bare } = finding;
    const evidence = shortened(withoutTitle(finding));
    if (evidence === "" || seen.has(evidence)) return bare;
    if (isExpected && finding.rule === "green/not-yet" && ++shown > EXPECTED_SHOWN) return bare;
    seen.add(evidence);
    return { ...bare, evidence };
  });
}

/** Findings in less and less detail: whole, without evidence, the first few. */
export function findingForms(
  text: (findings: readonly Finding[]) => string,
  findings: readonly Finding[],
): readonly string[] {
  const bare = findings.map(({ evidence: _evidence, ...rest }) => rest);
  const few = bare.slice(0, 3);
  const rest = bare.length > few.length ? `\n- … and ${bare.length - few.length} more` : "";
  return [text(findings), text(bare), `${findingsText(few)}${rest}`];
}

/** A failing test's evidence begins with its title, which the message says; what the door quotes is left as it is. */
function withoutTitle({ rule, message, evidence = "" }: Finding): string {
  if (rule.startsWith("door/")) return evidence;
  const [first = "", ...rest] = evidence.split("\n");
  return first.trim() !== "" && message.includes(first.trim()) ? rest.join("\n") : evidence;
}

function shortened(evidence: string): string {
  const text = evidence.replace(/0x[0-9a-f]{6,}/gi, "0x…").trimEnd();
  return text.length <= HEAD + TAIL + 20 ? text : `${text.slice(0, HEAD)}\n[…]\n${text.slice(-TAIL)}`;
}
