import type { SuiteProfile } from "../tool-profile.ts";

/** Line before the LCOV in a command's output. */
export const LCOV_MARK = "--- millwright lcov ---";

const OUT = "millwright-coverage";

/** A command that runs a suite with coverage and writes LCOV to its output, or why there is none. */
export type CoverageCommand =
  | { readonly kind: "command"; readonly run: string; readonly how: string }
  | { readonly kind: "none"; readonly why: string };

/** `declared`: packages of the manifests, as far as they tell which provider is there. */
export function coverageCommand(suite: SuiteProfile, declared: ReadonlySet<string>): CoverageCommand {
  const run = byRunner(suite, declared);
  if (run === undefined) return { kind: "none", why: `${suite.runner} has no coverage here` };
  const folder = suite.dir === "." ? "" : `cd ${quoted(suite.dir)} && `;
  return { kind: "command", run: `${folder}${run}`, how: `${suite.runner} with coverage` };
}

function byRunner({ runner }: SuiteProfile, declared: ReadonlySet<string>): string | undefined {
  const told = (run: string) => `${run} >/dev/null 2>&1; echo '${LCOV_MARK}'; cat ${OUT}/lcov.info 2>/dev/null`;
  const bin = "node_modules/.bin";
  switch (runner) {
    case "vitest":
      if (!["@vitest/coverage-v8", "@vitest/coverage-istanbul"].some((name) => declared.has(name))) return undefined;
      return told(
        `${bin}/vitest run --coverage.enabled --coverage.reporter=lcovonly --coverage.reportsDirectory=${OUT}`,
      );
    case "jest":
      return told(`${bin}/jest --coverage --coverageReporters=lcovonly --coverageDirectory=${OUT}`);
    case "node-test":
      return `echo '${LCOV_MARK}'; node --test --experimental-test-coverage --test-reporter=lcov 2>/dev/null`;
    case "mocha":
      return declared.has("c8") ? told(`${bin}/c8 --reporter=lcovonly --reports-dir=${OUT} ${bin}/mocha`) : undefined;
    case "pytest":
      return declared.has("pytest-cov")
        ? told(`python -m pytest -q --cov --cov-report=lcov:${OUT}/lcov.info`)
        : undefined;
    default:
      return undefined;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The LCOV of a command's output; empty when there is none. */
export function lcovOf(output: string): string {
  const at = output.indexOf(LCOV_MARK);
  return at < 0 ? "" : output.slice(at + LCOV_MARK.length);
}
