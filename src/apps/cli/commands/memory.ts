import { type AppliedRules, MEMORY_LAYERS, type MemoryState } from "../../../domain/memory-layers.ts";
import { InputError } from "../../../domain/step-failure.ts";
import { counted } from "../../../views/amounts.ts";
import { plainJson, plainLine } from "../../../views/plain.ts";
import { type Session, say, withMill } from "../session.ts";

interface MemoryOptions {
  readonly apply?: boolean;
  readonly refuse?: readonly string[];
}

/** What the mill remembers of a repository, layer by layer; writes or refuses the rules that it proposes. */
export async function memory(session: Session, { apply, refuse }: MemoryOptions): Promise<number> {
  if (apply && refuse !== undefined) throw new InputError(["Either --apply or --refuse, one after the other."]);
  return withMill(session, async (mill) => {
    if (apply) {
      const applied = await mill.applyRules();
      if (session.json) say(session, plainJson(applied));
      else say(session, appliedText(applied));
      return 0;
    }
    if (refuse !== undefined) {
      const refused = await mill.refuseRules(refuse);
      if (session.json) say(session, plainJson({ refused }));
      else say(session, refused.map((line) => plainLine(`refused: ${line}`, 400)).join("\n"));
      return 0;
    }
    const state = await mill.memory();
    say(session, session.json ? plainJson(state) : memoryText(state));
    return 0;
  });
}

function memoryText({ layers, rules }: MemoryState): string {
  const width = Math.max(...MEMORY_LAYERS.map(({ name }) => name.length)) + 2;
  const lines = layers.flatMap(({ name, state, notes }) => [
    plainLine(`${name.padEnd(width)}${state}`, 300),
    ...notes.map((note) => plainLine(`${" ".repeat(width)}${note}`, 300)),
  ]);
  const proposed = [
    ...rules.added.map((rule) => plainLine(`+ ${rule.id.slice(0, 6)} ${ruleText(rule.line)}`, 400)),
    ...rules.retired.map((rule) =>
      plainLine(`- ${rule.id.slice(0, 6)} ${ruleText(rule.line)}: recurred ${rule.recurred} times since`, 400),
    ),
  ];
  return [...lines, "", ...proposalText(proposed, rules)].join("\n");
}

function proposalText(proposed: readonly string[], { off, waiting }: MemoryState["rules"]): readonly string[] {
  if (off !== undefined) return [plainLine(`No rules are proposed: ${off}.`, 300)];
  if (proposed.length === 0) return ["No rule is proposed for AGENTS.md."];
  const more = waiting === 0 ? [] : [`${counted(waiting, "more class", "more classes")} wait for room.`];
  return [
    "Proposed for AGENTS.md:",
    ...proposed,
    ...more,
    "",
    "millwright memory --apply writes them in a commit of their own; --refuse <id> drops one for good.",
  ];
}

function ruleText(line: string): string {
  return line.replace(/^- /, "").replace(/ <!-- rule \w+ -->$/, "");
}

function appliedText({ commit, branch, added, retired }: AppliedRules): string {
  if (commit === undefined) return "Nothing is proposed: AGENTS.md stays as it is.";
  return [
    plainLine(`${commit.slice(0, 10)} on ${branch ?? ""}: AGENTS.md`, 200),
    ...added.map((line) => plainLine(`+ ${line}`, 400)),
    ...retired.map((line) => plainLine(`- ${line}`, 400)),
  ].join("\n");
}
