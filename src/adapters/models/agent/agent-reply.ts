import { type AgentChange, proposalOfChanges } from "../../../domain/agent-proposal.ts";
import { parseReply } from "../../../domain/reply-parse.ts";

/**
 * A maker's reply in the mill's own format: what the agent changed, with its last message as notes; when it changed
 * nothing, its message, if that is a reply by itself. Everything else is a reply that says what is wrong with it.
 */
export function replyOf(changes: readonly AgentChange[], message: string): string {
  const own = parseReply(message);
  if (own.kind === "proposal" && own.proposal.kind === "impossible") return message;
  const said = proposalOfChanges(changes);
  if (said.kind === "refused") return refusal(said.problems);
  if (said.kind === "nothing") return own.kind === "proposal" ? message : nothingDone(message);
  const withNotes = `${said.text}${notes(message)}`;
  return sameEdits(withNotes, said.text) ? withNotes : said.text;
}

/** No block, so that nothing is applied, and the reasons as the parser hands them on. */
function refusal(problems: readonly string[]): string {
  return problems.map((problem) => `UNUSABLE: ${problem}\n`).join("");
}

function nothingDone(message: string): string {
  const said = message.trim() === "" ? "without a word." : `with these words:\n\n${quoted(message)}`;
  return `UNUSABLE: The agent ended without a change of any file: there is nothing to apply. Change the files, or answer IMPOSSIBLE: and the reason.\n\nIt ended ${said}\n`;
}

const ASSESSED = /^\s*[-*]?\s*\**[A-Z]{1,5}\d{1,4}\**\s*[:–—-]\s*\**(?:met|not met|unmet|partly met)\b/i;

function notes(message: string): string {
  const lines = message.trim().split("\n");
  const assessed = lines.filter((line) => ASSESSED.test(line));
  const others = lines.filter((line) => !ASSESSED.test(line) && !/^\s*#+\s*(NOTES|ASSESS)\s*$/.test(line));
  return [
    ...(others.join("").trim() === "" ? [] : ["\n### NOTES", quoted(others.join("\n"))]),
    ...(assessed.length === 0 ? [] : ["\n### ASSESS", ...assessed]),
    "",
  ].join("\n");
}

/** Quoted, so that no line of it is read as a block. */
function quoted(text: string): string {
  return text
    .trim()
    .split("\n")
    .map((line) => `> ${line}`.trimEnd())
    .join("\n");
}

function sameEdits(one: string, other: string): boolean {
  const edits = [one, other].map((text) => {
    const parsed = parseReply(text);
    return parsed.kind === "proposal" && parsed.proposal.kind === "edits" ? JSON.stringify(parsed.proposal.edits) : "";
  });
  return edits[0] !== "" && edits[0] === edits[1];
}
