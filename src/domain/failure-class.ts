import { type Category, recognise } from "./failure-text.ts";
import { leading } from "./leading-finding.ts";

/** `patch`: logic or syntax; `environment`: import, module, tool; `localization`: wrong file; `deadlock`: the same again and again. */
export const FAILURE_TYPES = ["patch", "environment", "localization", "deadlock"] as const;
export type FailureType = (typeof FAILURE_TYPES)[number];

/** A finding, as gates make it or as the journal gives it back. */
export interface FailedFinding {
  readonly rule: string;
  readonly answers: string;
  readonly message: string;
  readonly path?: string | undefined;
  readonly line?: number | undefined;
  readonly evidence?: string | undefined;
}

/** A refusal, as gates make it or as the journal gives it back. */
export interface Failed {
  readonly gate: string;
  readonly findings: readonly FailedFinding[];
}

export interface FailureClass {
  readonly category: Category;
  /** 0 to 1: 1 where the mill's own rule says it, measured where a text does. */
  readonly confidence: number;
  /** Never `deadlock`: that takes the attempts before. */
  readonly type: Exclude<FailureType, "deadlock">;
}

/** What is behind a refusal, by the finding that decides who answers. */
export function classOfRefusal(refusal: Failed): FailureClass {
  const first = leading(refusal);
  if (first === undefined) return { category: "unknown", confidence: 1, type: "patch" };
  const known = KNOWN.find(({ rules }) => rules.test(first.rule));
  if (known) return { category: known.category(first), confidence: 1, type: known.type };
  const seen = recognise(`${first.evidence ?? ""}\n${first.message}`);
  if (seen.category === "unknown" && FAILED_TEST.test(first.rule))
    return { category: "assertion", confidence: 1, type: typeOfText(first, "assertion") };
  return {
    category: seen.category,
    confidence: seen.confidence,
    type: TYPES[seen.category] ?? typeOfText(first, seen.category),
  };
}

/** What is behind a step that could not be done: its code, then its text. Always the environment's matter. */
export function classOfStepFailure(failure: { readonly code: string; readonly message: string }): FailureClass {
  const type = "environment";
  if (failure.code === "model-timeout") return { category: "timeout", confidence: 1, type };
  const { category, confidence } = recognise(failure.message);
  return { category, confidence, type };
}

/** The type of a refusal by itself. */
export function typeOf(refusal: Failed): FailureClass["type"] {
  return classOfRefusal(refusal).type;
}

interface Known {
  readonly rules: RegExp;
  readonly type: FailureClass["type"];
  category(finding: FailedFinding): Category;
}

const moduleOf = ({ path = "" }: FailedFinding): Category =>
  path.endsWith(".py") ? "python-module-missing" : "node-module-missing";

/** Rules of the mill that leave nothing to guess. */
const KNOWN: readonly Known[] = [
  {
    rules: /^door\/(?:protected|infrastructure|existing-test|existing-setup|wrong-layer|manifest)$/,
    type: "localization",
    category: () => "permission",
  },
  {
    rules: /^door\/(?:out-of-scope|edit-no-file|not-a-file|path|deletes|move-not-made)$/,
    type: "localization",
    category: () => "path",
  },
  { rules: /^door\//, type: "patch", category: () => "unknown" },
  { rules: /^symbols\/package-missing$/, type: "environment", category: moduleOf },
  {
    rules: /^symbols\/(?:module-missing|export-missing|package-export-missing)$/,
    type: "environment",
    category: () => "unknown",
  },
  { rules: /^(?:symbols|syntax|lint|review|checklist|plan)\//, type: "patch", category: () => "unknown" },
  { rules: /^(?:red|green)\/timeout$/, type: "patch", category: () => "timeout" },
  {
    rules: /^(?:kills\/survivors|red\/(?:passes-on-base|vacuous)|unchanged\/differs)$/,
    type: "patch",
    category: () => "assertion",
  },
];

/** Rules that say that a test has failed, whatever it says itself. */
const FAILED_TEST = /^(?:green\/(?:fails|regression)|red\/(?:assertion|breaks-existing))$/;

/** The type that a category has by itself; the others take a look at the rule and the text. */
const TYPES: Readonly<Partial<Record<Category, FailureClass["type"]>>> = {
  "command-missing": "environment",
  "python-module-missing": "environment",
  "node-module-missing": "environment",
  permission: "environment",
};

/** Imports that fail though the module is there, or because a file of the project is not. */
const IMPORTS =
  /\bImportError\b|cannot import name|does not provide an export named|has no exported member|\bTS(?:2305|2307|2614|2724)\b|Cannot find (?:module|package)|Failed to resolve import/;

function typeOfText({ rule, message, evidence }: FailedFinding, category: Category): FailureClass["type"] {
  if (/\/(?:missing-module|package-missing|fixture)$/.test(rule)) return "environment";
  if (IMPORTS.test(`${evidence ?? ""}\n${message}\n${rule}`)) return "environment";
  return category === "path" ? "localization" : "patch";
}
