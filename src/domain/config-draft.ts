import { stringify } from "yaml";
import type { Suite } from "./config.ts";

/** A line of a first config, and why it says what it says. */
export interface DraftLine {
  readonly key: string;
  readonly value: string;
  readonly why: string;
}

/** Which models a first config names. */
export interface ModelDraft {
  /** Of `models`, `default` first; none where nothing was found. */
  readonly models: readonly DraftLine[];
  readonly independence: DraftLine | undefined;
  /** Settings beside them, by their section: `servers`, `limits`; undefined: at the top. */
  readonly settings: readonly { readonly section: string | undefined; readonly lines: readonly DraftLine[] }[];
}

/** What `init` found out about a repository. */
export interface Found extends ModelDraft {
  readonly suites: readonly Suite[];
  readonly dependencies: { readonly install: string } | undefined;
  readonly submodules: boolean;
}

/** A first `millwright.yaml`, with what a person most often changes explained beside it. */
export function configText(found: Found): string {
  const suites = found.suites.map((suite) => (suite.name === "tests" ? { ...suite, name: undefined } : suite));
  const parts = [
    "# yaml-language-server: $schema=node_modules/millwright/schemas/config.schema.json",
    "# How gates are ordered: red-green, score or maker-checker, or the path of a workflow file.",
    "workflow: red-green",
    "",
    "# backend/model per role: architect, tester, developer, documenter, reviewer, checker, goal-checker.",
    "# `millwright models` says what is reachable, what it costs and how much it takes.",
    ...(found.models.length === 0 ? NO_MODELS : ["models:", ...found.models.map((line) => `  ${explained(line)}`)]),
    ...(found.independence === undefined ? [] : [explained(found.independence)]),
    ...found.settings.flatMap(({ section, lines }) =>
      section === undefined
        ? ["", ...lines.map(explained)]
        : ["", `${section}:`, ...lines.map((line) => `  ${explained(line)}`)],
    ),
    "",
    suites.length === 0
      ? '# No test runner was found. Example:\n# suites:\n#   - runner: command\n#     command: "make test"'
      : stringify({ suites }).trim(),
    ...(found.dependencies === undefined ? [] : ["", stringify({ dependencies: found.dependencies }).trim()]),
    ...(found.submodules ? ["", "# Submodules are seen as empty folders.", "submodules: empty"] : []),
  ];
  return `${parts.join("\n")}\n`;
}

const NO_MODELS = [
  "# No model server, agent program or key was found. `millwright run` offers a model that runs on this machine; or name one:",
  "# models:",
  "#   default: ollama/qwen2.5-coder:14b # a server's model",
  "#   default: mailbox # you answer files in .millwright/mailbox, with whatever chat you have",
  "# independence: none # one model, or one person, for all roles",
];

function explained({ key, value, why }: DraftLine): string {
  return `${key}: ${value} # ${why.replace(/\s+/g, " ")}`;
}
