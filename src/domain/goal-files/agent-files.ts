/** Agent programs that roles can be written down for. */
export const AGENT_CLIENTS = ["claude", "codex", "opencode", "gemini"] as const;
export type AgentClient = (typeof AGENT_CLIENTS)[number];

/** A role as its prompt file has it. */
export interface RoleText {
  readonly name: string;
  readonly description: string;
  readonly text: string;
  /** Judges read; makers write. */
  readonly kind: "maker" | "judge" | "orchestrator";
}

export interface WrittenFile {
  readonly path: string;
  readonly text: string;
}

/** What an agent program answers to a role in place of the format that the mill reads. */
const OWN_WORDS =
  "You work in a checkout here, not through the mill: where the text above speaks of a reply format or of blocks, edit the files yourself or say your verdict in plain words.";

const COMMAND = "implement";
const ABOUT = "Let millwright turn a spec into landed, tested, reviewed commits on a branch of its own";
const HEAD = "Written by `millwright init --agents`; yours from now on.";

/** Roles as this program's own agents, and its `/implement` command, which calls the mill. */
export function agentFiles(client: AgentClient, roles: readonly RoleText[]): readonly WrittenFile[] {
  const agents = roles.map((role) =>
    AGENT_FILE[client]({ ...role, text: `${plainPrompt(role.text)}\n\n${OWN_WORDS}` }),
  );
  return [...agents, commandFile(client)];
}

/** The format of replies is the mill's business. */
function plainPrompt(text: string): string {
  return text.replace(/\n*\{\{\s*reply-format\s*\}\}\n*/g, "\n").trim();
}

const AGENT_FILE: Readonly<Record<AgentClient, (role: RoleText) => WrittenFile>> = {
  claude: ({ name, description, text, kind }) => ({
    path: `.claude/agents/millwright-${name}.md`,
    text: markdown(
      { name: `millwright-${name}`, description, ...(kind === "judge" ? { tools: "Read, Grep, Glob, Bash" } : {}) },
      text,
    ),
  }),
  codex: ({ name, description, text, kind }) => ({
    path: `.codex/agents/millwright-${name}.toml`,
    text: [
      `# ${HEAD}`,
      `name = ${JSON.stringify(`millwright-${name}`)}`,
      `description = ${JSON.stringify(description)}`,
      ...(kind === "judge" ? ['sandbox_mode = "read-only"'] : []),
      `developer_instructions = ${tomlText(text)}`,
      "",
    ].join("\n"),
  }),
  opencode: ({ name, description, text, kind }) => ({
    path: `.opencode/agents/millwright-${name}.md`,
    text: markdown(
      { description, mode: "subagent", ...(kind === "judge" ? { permission: { edit: "deny" } } : {}) },
      text,
    ),
  }),
  gemini: ({ name, description, text }) => ({
    path: `.gemini/agents/millwright-${name}.md`,
    text: markdown({ name: `millwright-${name}`, description }, text),
  }),
};

function commandFile(client: AgentClient): WrittenFile {
  switch (client) {
    case "claude":
      return {
        path: `.claude/commands/${COMMAND}.md`,
        text: markdown({ description: ABOUT }, commandText("$ARGUMENTS")),
      };
    case "opencode":
      return {
        path: `.opencode/commands/${COMMAND}.md`,
        text: markdown({ description: ABOUT }, commandText("$ARGUMENTS")),
      };
    case "codex":
      return {
        path: `.codex/prompts/${COMMAND}.md`,
        text: markdown({ description: ABOUT }, commandText("$ARGUMENTS")),
      };
    case "gemini": {
      const text = [
        `# ${HEAD}`,
        `description = ${JSON.stringify(ABOUT)}`,
        `prompt = ${tomlText(commandText("{{args}}"))}`,
        "",
      ];
      return { path: `.gemini/commands/${COMMAND}.toml`, text: text.join("\n") };
    }
  }
}

function commandText(words: string): string {
  return [
    `What to implement: ${words}`,
    "",
    "Do not write the code yourself: millwright plans, tests, writes, judges and commits it on a branch `loop/<plan>`.",
    "",
    "1. If what is to be implemented is no file under `specs/` or `plans/`, write it down first as `specs/<short-name>.md`, in the person's own words, with every literal value. Ask about what is unclear before you go on.",
    "2. Run `millwright doctor`. Say what is missing and stop if something is.",
    "3. Run `millwright run <that file>` and wait for it. It may take long; do not start it twice.",
    "4. By its exit code: 0 done; 1 stuck: show `millwright show`; 2 something in what was written is wrong: say what; 3 it waits for a person: show `millwright approve --show` and ask the person. Never run `millwright approve` yourself.",
    "5. Show `millwright diff` and say which branch holds the result. Do not merge it: that is the person's word.",
  ].join("\n");
}

function markdown(header: Readonly<Record<string, unknown>>, text: string): string {
  const front = Object.entries(header).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return ["---", ...front, "---", "", `<!-- ${HEAD} -->`, "", text.trim(), ""].join("\n");
}

/** A basic multi-line string of TOML. */
function tomlText(text: string): string {
  return `"""\n${text.trim().replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"')}\n"""`;
}
