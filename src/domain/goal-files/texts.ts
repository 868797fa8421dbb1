import type { FoundProject } from "./found-project.ts";
import { CONTEXT_FILE, GOALS_PAGE, LANGUAGE_PAGE, LOOPS_PAGE, PLAN_TEMPLATE } from "./goal-paths.ts";
import { blockWith, type ManagedBlock } from "./managed-block.ts";

/** The limits that the loops' definitions name. */
export interface LoopLimits {
  readonly attempts: number;
  readonly goalRounds: number;
  readonly metaFailures: number;
  readonly noProgressMinutes: number;
  readonly scopeEscapes: number;
  readonly tasksPerPlan: number;
}

/** `agents/GOALS.md`: what makes work here a success, and when to stop. Architect and makers are told it. */
export function goalsText({ name, purpose, commands }: FoundProject): string {
  return lines(
    `# Goals of ${name}`,
    "",
    "Read this before you start. Work is done when all of this holds, not when it looks done.",
    "",
    "## What it is for",
    "",
    purpose === "" ? "(Nobody has written it down yet: say in one sentence who uses this, and for what.)" : purpose,
    "",
    "## Always true",
    "",
    ...(commands.length === 0
      ? ["- (No command that proves anything was found. Name one, so that a program can tell.)"]
      : commands.map(({ run, proves }) => `- \`${run}\` exits 0: ${proves}.`)),
    "- What worked before still works: no test that stands is changed, skipped or loosened to get there.",
    "- Every new behaviour has a test that failed before it was written.",
    "",
    "## Not wanted",
    "",
    "- Behaviour that nobody asked for; dependencies that save a few lines; a rule in two places.",
    "",
    "## Stop and ask",
    "",
    "- The spec contradicts itself, this file or a test that stands.",
    "- It cannot be done without files that the task does not name.",
    "- What users see, or data that they keep, would change and no criterion says so.",
  );
}

/** `agents/LOOPS.md`: which loops run here, what each may do, and what breaks it. */
export function loopsText(limits: LoopLimits, { hasWiki }: FoundProject): string {
  return lines(
    "# Loops",
    "",
    "| loop | started by | reads | may write | ends |",
    "|---|---|---|---|---|",
    "| execution | `millwright run PLAN` | the plan, its files, AGENTS.md, agents/GOALS.md | `loop/<plan>`, never your branches | the goal's checks pass |",
    "| audit | `millwright audit` | source, tests, wiki, agents/CONTEXT.md | `plans/YYYY-MM-<name>.md` | findings verified, plans written |",
    `| documentation | \`millwright document\` | recent changes | ${hasWiki ? "wiki/20_SYSTEM, " : "wiki/20_SYSTEM (once there is one), "}agents/CONTEXT.md | links and citations hold |`,
    "",
    "## Breakers",
    "",
    `- ${limits.attempts} answers of one model to a task, then a stronger one, then the orchestrator, then a person.`,
    `- ${limits.goalRounds} rounds without reaching the goal; ${limits.noProgressMinutes} minutes in which nothing moves.`,
    `- ${limits.scopeEscapes} files outside of a task's scope, tests that are tampered with, a spec that drifts: the line stops (\`millwright andon\`).`,
    `- ${limits.metaFailures} tasks in a row without a landing: plan first, with a person.`,
    `- More than ${limits.tasksPerPlan} tasks in a plan: it is split before it is pursued.`,
    "",
    "## People",
    "",
    "- Nothing reaches a branch of yours without your word: `approvals:` in millwright.yaml, `millwright approve`, `millwright reject`.",
    "- A result is read as a difference before it is merged. That a model has read it is no reason not to.",
  );
}

/** Words about structure that audits, plans and reviews here share; and what must not stand for them. */
const STRUCTURE = [
  ["module", "what has an interface and hides something behind it: a function, a file, a package", "component, unit"],
  ["interface", "all that a caller has to know: names, types, order, errors, limits", "API (for anything inside)"],
  ["depth", "how much a module hides for how little one has to know", "abstraction level"],
  ["seam", "a place where behaviour can be changed or watched without editing around it", "hook, extension point"],
  ["invariant", "what is true before and after every step, whoever calls", "assumption"],
  ["criterion", "one observable behaviour with its literal values", "requirement, acceptance test"],
] as const;

/** `agents/LANGUAGE.md`: one word per thing. The reviewer, the auditor and people keep to it. */
export function languageText({ name, words }: FoundProject): string {
  return lines(
    `# Language of ${name}`,
    "",
    "One word per thing, in code, tests, plans and pages. A word that is not here and names a thing of this project belongs here.",
    "",
    "## About structure",
    "",
    ...STRUCTURE.map(([word, means, avoid]) => `- **${word}**: ${means}. _Avoid_: ${avoid}.`),
    "",
    "## About this project",
    "",
    ...(words.length === 0
      ? ["- (None yet. Form: **word**: what it is here, in a sentence. _Avoid_: other names for it.)"]
      : [
          "Found in names of the code; each waits for its sentence. Take out what is no word of yours.",
          "",
          ...words.map((one) => `- **${one.word}**: (as in \`${one.name}\`, \`${one.path}\`)`),
        ]),
  );
}

/** `agents/CONTEXT.md` without its status block: what is here, and what to know before changing it. */
export function contextText({ name, purpose, commands, folders, hasWiki }: FoundProject): string {
  return lines(
    `# Context of ${name}`,
    "",
    ...(purpose === "" ? [] : [purpose, ""]),
    "## What lies where",
    "",
    ...folders.map(({ path, files }) => `- \`${path}\`: ${files} ${files === 1 ? "file" : "files"}`),
    "",
    "## Commands",
    "",
    ...(commands.length === 0 ? ["- none found"] : commands.map(({ run, proves }) => `- \`${run}\`: ${proves}`)),
    "",
    "## Rules",
    "",
    `- What work here is for and when it is done: ${GOALS_PAGE}. Words: ${LANGUAGE_PAGE}. Loops and their breakers: ${LOOPS_PAGE}.`,
    `- Plans follow ${PLAN_TEMPLATE}. ${hasWiki ? "What is known of the system: wiki/index.md." : "There is no wiki yet."}`,
  );
}

/** `plans/TEMPLATE.md`: a plan to copy; every key is explained in the reference. */
export function planTemplate({ commands }: FoundProject): string {
  const [first] = commands;
  return lines(
    "---",
    "plan: short-name # lower-case letters, digits and hyphens; the branch is loop/short-name",
    "title: What is true afterwards, in a sentence",
    "goal:",
    `  - run: ${JSON.stringify(first?.run ?? "npm test")}`,
    "tasks: # at most 10, each landing alone",
    "  - id: T1",
    "    title: What this task makes true",
    "    kind: feature # bug, refactor, move, test, docs, config",
    "    purpose: Why somebody wants it.",
    "    deliverables:",
    "      - what: the function, file or page that is handed over",
    "        quality: how good it has to be",
    "    needs: [] # ids of tasks that land first",
    "    files: [src/name.ts] # all that it may write",
    "    tests: [test/name.test.ts]",
    '    creates: ["src/name.ts#name"] # exports that do not exist yet',
    "    # skill: tdd # `millwright skills` lists them",
    "    accept:",
    "      - id: AC1",
    '        text: \'`name("input")` answers `"outcome"`: one observable behaviour with its literal values\'',
    "---",
    "",
    "## Context",
    "What is there today, with `file:line`, and why it has to change.",
    "",
    "## Scope",
    "What stays as it is.",
    "",
    "## Risks",
    "What could break unseen, and what would show it.",
    "",
    "## Checks",
    "What a person looks at before merging.",
    "",
    "## Stop conditions",
    "When to stop and ask instead of going on.",
  );
}

const PRINCIPLES_NOTE = "kept by `millwright init --full`; what stands between these lines is written anew";

/** The operating principles in AGENTS.md. */
export function principlesBlock(): ManagedBlock {
  const body = lines(
    "## How loops work here",
    "",
    `- Before you start read ${GOALS_PAGE}; use the words of ${LANGUAGE_PAGE}; ${CONTEXT_FILE} says where things stand.`,
    "- Whoever makes something does not judge it. Tests come first, and who writes the code does not change them.",
    "- Write only what the task names. What is out of scope is said, not done.",
    "- Nobody changes the main branch but a person who has read the difference.",
    `- A failure is understood before it is fixed (skill \`diagnose\`); breakers are respected (${LOOPS_PAGE}).`,
    "- A new concept or a decision about structure gets its page in the wiki, with the plan that it came from.",
    '- "Cannot be done, because" is a good answer. A weakened test is none.',
  );
  return blockWith("principles", PRINCIPLES_NOTE, body);
}

function lines(...all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}
