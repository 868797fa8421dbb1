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
  /** Of `models`, `default` first. */
  readonly models: readonly DraftLine[];
  readonly independence: DraftLine;
  /** Settings beside them, by their section: `servers`, `limits`. */
  readonly settings: readonly { readonly section: string; readonly lines: readonly DraftLine[] }[];
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
    "models:",
    ...found.models.map((line) => `  ${explained(line)}`),
    explained(found.independence),
    ...found.settings.flatMap(({ section, lines }) => [
      "",
      `${section}:`,
      ...lines.map((line) => `  ${explained(line)}`),
    ]),
    "",
    suites.length === 0
      ? '# No test runner was found. Example:\n# suites:\n#   - runner: command\n#     command: "make test"'
      : stringify({ suites }).trim(),
    ...(found.dependencies === undefined ? [] : ["", stringify({ dependencies: found.dependencies }).trim()]),
    ...(found.submodules ? ["", "# Submodules are seen as empty folders.", "submodules: empty"] : []),
  ];
  return `${parts.join("\n")}\n`;
}

function explained({ key, value, why }: DraftLine): string {
  return `${key}: ${value} # ${why.replace(/\s+/g, " ")}`;
}
