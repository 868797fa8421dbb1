import { type Incident, LEVELS, type Verification, type Why } from "./incident-record.ts";

/** report.md: the incident for people, folded from its other files. */
export function incidentReportText(incident: Incident): string {
  const { evidence, analysis, actions, closing } = incident;
  const { git } = evidence;
  return `${[
    `# ${incident.id}`,
    "",
    "## Summary",
    "",
    evidence.problem,
    "",
    `- kind: ${evidence.kind}${evidence.stops ? ", stops the line" : ", filed"}`,
    `- opened: ${evidence.opened}`,
    `- seen by: ${evidence.at}${evidence.task === undefined ? "" : `, task ${evidence.task}`}`,
    `- run: ${evidence.run}`,
    `- checkout: ${git.branch ?? "detached"} at ${git.head ?? "no commit"}, ${git.status.length} uncommitted change(s)`,
    `- category: ${analysis.category} (confidence ${analysis.confidence.toFixed(2)}), type ${analysis.type}, signature ${analysis.signature}`,
    ...(closing === undefined
      ? []
      : [
          `- closed: ${closing.closed}${closing.approvedBy === undefined ? "" : `, approved by ${closing.approvedBy}`}`,
        ]),
    ...(closing?.hypothesis === undefined ? [] : [`- hypothesis: ${closing.hypothesis}`]),
    "",
    "## Evidence",
    "",
    ...evidence.failures.map(
      ({ rule, path, message }) => `- ${rule}${path === undefined ? "" : ` ${path}`}: ${message}`,
    ),
    ...(evidence.output === "" ? [] : ["", fenced(evidence.output)]),
    "",
    "## Five Whys",
    "",
    ...(analysis.whys.length === 0 ? ["No answer yet."] : analysis.whys.flatMap(whyLines)),
    "",
    "## Prevention",
    "",
    ...(actions.length === 0
      ? ["No action yet."]
      : actions.map(
          ({ level, what, artefact, commit }) =>
            `- ${level} (${LEVELS[level]}): ${what} [${artefact}${commit === undefined ? "" : `@${commit}`}]`,
        )),
  ].join("\n")}\n`;
}

function whyLines(why: Why, index: number): readonly string[] {
  const marks = [
    ...(why.proven === undefined ? [] : [`proven: it ${why.proven} the failure`]),
    ...(why.category === undefined ? [] : [`root cause: ${why.category}`]),
  ];
  const mark = marks.length === 0 ? "" : ` (${marks.join("; ")})`;
  return [`${index + 1}. ${why.answer}${mark}`, `   - ${verificationText(why.verification)}`];
}

/** What the mill saw, in one line. */
export function verificationText(verification: Verification): string {
  if (verification.kind === "quote") return `${verification.path}:${verification.line} says "${verification.quote}"`;
  const now = verification.exitCodeNow === undefined ? "" : `, ${verification.exitCodeNow} on HEAD`;
  return `\`${verification.command}\` ended with exit code ${verification.exitCode}${now}`;
}

/** A fence that no line of the text can close. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
