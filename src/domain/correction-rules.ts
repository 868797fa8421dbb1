import type { CorrectionExample, CorrectionFile, Operation } from "./correction-file.ts";
import { idOfCorrectionPath } from "./correction-path.ts";

interface CorrectionProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Every rule of a correction that goes over more than one value; `path` is the file's. */
export function correctionProblems(correction: CorrectionFile, path: string): readonly CorrectionProblem[] {
  return [
    ...idProblems(correction, path),
    ...languageProblems(correction),
    ...variableProblems(correction),
    ...exampleProblems(correction),
  ];
}

function idProblems({ id }: CorrectionFile, path: string): readonly CorrectionProblem[] {
  const wanted = idOfCorrectionPath(path);
  if (wanted === undefined || wanted === id) return [];
  return [{ path: ["id"], message: `id: must be ${wanted}, like the file's name.` }];
}

function languageProblems({ does, languages }: CorrectionFile): readonly CorrectionProblem[] {
  if (does.kind === "reject-path") {
    if (languages.length === 0) return [];
    return [{ path: ["languages"], message: "languages: a path is refused in any language; leave this out." }];
  }
  if (languages.length === 0)
    return [{ path: ["languages"], message: "languages: is missing; a list of python, typescript, javascript." }];
  const python = languages.includes("python");
  if (python && languages.length > 1)
    return [
      { path: ["languages"], message: "languages: Python stands alone; write another correction for the others." },
    ];
  if (does.kind !== "add-import") return [];
  if (python && does.style === "default")
    return [{ path: ["does", "style"], message: "does.style: Python has no default imports; use named or module." }];
  if (does.from !== undefined || python) return [];
  return [{ path: ["does"], message: "does.from: is missing; TypeScript and JavaScript import from a module." }];
}

/** A metavariable that the rule does not have would be nothing, silently. */
function variableProblems({ does }: CorrectionFile): readonly CorrectionProblem[] {
  if (does.kind !== "rule") return [];
  const { rule, utils, constraints } = does;
  const known = new Set(variablesIn(JSON.stringify([rule, utils, constraints])));
  return does.operations.flatMap((operation, at) =>
    variablesOf(operation)
      .filter((name) => !known.has(name))
      .map((name) => ({
        path: ["does", "operations", at],
        message: `does.operations[${at}]: the rule captures no $${name}. It captures: ${[...known].map((one) => `$${one}`).join(", ") || "nothing"}.`,
      })),
  );
}

function variablesOf(operation: Operation): readonly string[] {
  const target = "target" in operation && operation.target !== undefined ? [operation.target] : [];
  return operation.kind === "replace" ? [...target, ...variablesIn(operation.with)] : target;
}

function variablesIn(text: string): readonly string[] {
  return [...text.matchAll(/(?<!\$)\$(?:\$\$)?([A-Z][A-Z0-9_]*)/g)].map(([, name]) => name ?? "");
}

type ExampleProblem = (key: string, why: string) => CorrectionProblem;

function exampleProblems({ does, examples }: CorrectionFile): readonly CorrectionProblem[] {
  const look = does.kind === "reject-path" ? refusedPathProblems : rewrittenProblems;
  return (["valid", "invalid"] as const).flatMap((list) =>
    examples[list].flatMap((example: CorrectionExample, at) => {
      const problem: ExampleProblem = (key, why) => ({
        path: ["examples", list, at, key],
        message: `examples.${list}[${at}].${key}: ${why}`,
      });
      return look(example, problem, list);
    }),
  );
}

function refusedPathProblems(example: CorrectionExample, problem: ExampleProblem): readonly CorrectionProblem[] {
  const extra = example.expected === undefined ? [] : [problem("expected", "a refused path becomes nothing.")];
  return example.path === undefined ? [...extra, problem("path", "is missing: the path is what counts.")] : extra;
}

function rewrittenProblems(
  { text, expected }: CorrectionExample,
  problem: ExampleProblem,
  list: "valid" | "invalid",
): readonly CorrectionProblem[] {
  const missing = text === undefined ? [problem("text", "is missing.")] : [];
  if (expected === undefined) return list === "invalid" ? [...missing, problem("expected", "is missing.")] : missing;
  return expected === text
    ? [...missing, problem("expected", "is the text itself; it belongs under `valid`.")]
    : missing;
}
