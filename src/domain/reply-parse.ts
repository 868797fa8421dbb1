import { normalisePath } from "./paths.ts";
import type { Edit, ParsedReply, SelfAssessment } from "./proposal.ts";
import { isElision, isProse } from "./reply-elision.ts";
import { type RawBlock, type RawPair, type Scanned, scanReply } from "./reply-scan.ts";

const FORMAT =
  "Write ### EDIT path with SEARCH/REPLACE blocks, ### FILE path with one fenced block, ### DELETE path, or a single line IMPOSSIBLE: and the reason.";

/**
 * Reads a maker's reply (docs/reference/reply-format.md) in time linear in its length. Anything that is not exactly one
 * proposal is unusable, with problems that tell the model what to write instead.
 */
export function parseReply(text: string): ParsedReply {
  const reply = withoutThinking(text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n"));
  if (reply === undefined) return unusable("The reply ends inside its <think> part: there is no answer in it.");
  if (reply.trim() === "") return unusable(`The reply is empty. ${FORMAT}`);
  const scanned = scanReply(reply);
  const problems = [
    ...unusableByWord(scanned),
    ...scanned.problems,
    ...contradictions(scanned),
    ...scanned.blocks.flatMap(blockProblems),
  ];
  if (problems.length > 0) return { kind: "unusable", problems };
  const [reason] = scanned.impossible;
  if (reason !== undefined) return { kind: "proposal", proposal: { kind: "impossible", reason } };
  const same = scanned.blocks.length === 0 ? equivalentIn(scanned.prose) : undefined;
  if (same !== undefined) return { kind: "proposal", proposal: { kind: "equivalent", reason: same } };
  const edits = scanned.blocks.flatMap(editsOf);
  const foreign = foreignFormat(reply, scanned);
  if (foreign !== undefined) return unusable(`${foreign} ${FORMAT}`);
  if (edits.length === 0) return unusable(`The reply is prose without a block, so nothing can be applied. ${FORMAT}`);
  const { selfAssessment, others } = assessments(scanned.assessed);
  const notes = [...scanned.prose, ...others]
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
  return { kind: "proposal", proposal: { kind: "edits", edits, notes, selfAssessment } };
}

/** The reason after `EQUIVALENT:` on a line of its own. */
function equivalentIn(prose: readonly string[]): string | undefined {
  const found = prose.map((line) =>
    /^\s{0,3}(?:[-*#]{1,3}\s+)?[*_`]{0,3}EQUIVALENT[*_`]{0,3}\s?:(.*)$/.exec(line.slice(0, 2000)),
  );
  const reason = found
    .find((one) => one !== null)?.[1]
    ?.replace(/^[*_`]{1,3}/, "")
    .trim();
  return reason === "" ? undefined : reason;
}

function unusable(problem: string): ParsedReply {
  return { kind: "unusable", problems: [problem] };
}

/** Reasoning models may put their thoughts first. Undefined when the thoughts never end. */
function withoutThinking(text: string): string | undefined {
  const start = text.trimStart();
  if (!start.startsWith("<think>")) return text;
  const end = start.indexOf("</think>");
  return end < 0 ? undefined : start.slice(end + "</think>".length);
}

/** What an agent's changes were refused for, before they could become blocks. */
function unusableByWord({ blocks, prose }: Scanned): readonly string[] {
  if (blocks.length > 0) return [];
  return prose.flatMap((line) => (line.startsWith("UNUSABLE: ") ? [line.slice("UNUSABLE: ".length)] : []));
}

function contradictions(scanned: Scanned): readonly string[] {
  const problems: string[] = [];
  if (scanned.impossible.length > 0 && scanned.blocks.length > 0)
    problems.push(
      "The reply holds both edits and IMPOSSIBLE. Decide for one: the edits, or the reason why there are none.",
    );
  if (scanned.impossible.length > 1) problems.push("The reply says IMPOSSIBLE more than once: give one reason.");
  if (scanned.impossible.some((reason) => reason === ""))
    problems.push(
      "IMPOSSIBLE needs its reason on the same line: what stands in the way, and what would have to change.",
    );
  return [...problems, ...twice(scanned.blocks)];
}

function twice(blocks: readonly RawBlock[]): readonly string[] {
  const first = new Map<string, RawBlock>();
  const problems: string[] = [];
  for (const block of blocks) {
    const path = plainPath(block.path);
    const before = first.get(path);
    if (before && (before.kind !== "edit" || block.kind !== "edit"))
      problems.push(
        `Line ${block.line}: ${path} already has a block on line ${before.line}. Send either edits, or the whole file once, or its deletion.`,
      );
    first.set(path, before ?? block);
  }
  return problems;
}

function blockProblems(block: RawBlock): readonly string[] {
  if (block.kind === "delete") return [];
  if (block.kind === "edit") return block.pairs.flatMap((pair) => pairProblems(block.path, pair));
  return contentProblems(block.path, block.content, block.from, () => false);
}

function pairProblems(path: string, pair: RawPair): readonly string[] {
  if (pair.search.join("\n") === pair.replace.join("\n"))
    return [`Line ${pair.line}: the block of ${path} replaces lines by themselves; leave it out.`];
  const searched = new Set(pair.search.map((line) => line.trim()));
  const from = pair.line + pair.search.length + 2;
  return contentProblems(path, pair.replace, from, (line) => searched.has(line.trim()));
}

function contentProblems(
  path: string,
  lines: readonly string[],
  from: number,
  stoodThere: (line: string) => boolean,
): readonly string[] {
  const file = isProse(path) ? "prose" : "code";
  const elided = lines.findIndex((line) => isElision(line, file) && !stoodThere(line));
  const nul = lines.findIndex((line) => line.includes("\0"));
  const problems: string[] = [];
  if (elided >= 0)
    problems.push(
      `Line ${from + elided}: "${(lines[elided] ?? "").trim()}" stands for code that you left out of ${path}. Everything you write is taken literally: write it all, or use ### EDIT for the part that changes.`,
    );
  if (nul >= 0) problems.push(`Line ${from + nul}: ${path} holds a NUL character; only text can be written.`);
  return problems;
}

function editsOf(block: RawBlock): readonly Edit[] {
  const path = plainPath(block.path);
  if (block.kind === "delete") return [{ kind: "delete", path }];
  if (block.kind === "file")
    return [{ kind: "write", path, content: block.content.map((line) => `${line}\n`).join("") }];
  return block.pairs.map((pair) => ({
    kind: "replace",
    path,
    search: pair.search.join("\n"),
    replace: pair.replace.join("\n"),
  }));
}

/** The path as the door will see it; one that it will refuse stays as it was written. */
function plainPath(raw: string): string {
  const normal = normalisePath(raw);
  return normal.kind === "ok" ? normal.path : raw;
}

const FOREIGN: readonly { readonly sign: RegExp; readonly name: string }[] = [
  { sign: /^\*\*\* (Begin Patch|Update File|Add File)/, name: "The reply is a *** Begin Patch patch." },
  { sign: /^(diff --git |@@ -\d+(,\d+)? \+\d+)/, name: "The reply holds a unified diff." },
  {
    sign: /^<(tool_call|function_calls|invoke|function=|edit_file|write_to_file|str_replace)/,
    name: "The reply is a tool call.",
  },
];

/** Another edit format, outside of our blocks: none of it would be applied, so nothing is. */
function foreignFormat(reply: string, scanned: Scanned): string | undefined {
  const found = FOREIGN.find(({ sign }) => scanned.prose.some((line) => sign.test(line)));
  if (found) return found.name;
  const json = /^\s*(?:```\w*\s*)?[[{]\s*["{\]}]/.test(reply.slice(0, 500));
  return json && scanned.blocks.length === 0 ? "The reply is JSON." : undefined;
}

function assessments(lines: readonly string[]): {
  selfAssessment: readonly SelfAssessment[];
  others: readonly string[];
} {
  const selfAssessment: SelfAssessment[] = [];
  const others: string[] = [];
  for (const line of lines) {
    const found =
      /^\s{0,6}(?:[-*+]\s+)?\**([A-Z]{1,5}[0-9]{1,4})\**\s{0,3}[:–—-]\s{0,3}\**(met|not met|unmet|partly met|partially met)\b\**[\s:,.–—-]*(?:because\b|:)?(.*)$/i.exec(
        line,
      );
    if (!found) others.push(line);
    else
      selfAssessment.push({
        criterion: (found[1] ?? "").toUpperCase(),
        met: (found[2] ?? "").toLowerCase() === "met",
        because: (found[3] ?? "").trim(),
      });
  }
  return { selfAssessment, others };
}
