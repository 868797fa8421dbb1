import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join, normalize } from "node:path";
import type { Diagnostic } from "../../../domain/diagnostic.ts";
import { cannotRun } from "./cannot-run.ts";
import { diagnosticAt, sourceText } from "./source-text.ts";

export interface NamedText {
  readonly path: string;
  readonly text: string;
}

/** `expect(x).to.be.true` is an unused expression to it, and an assertion to Chai. */
const RULES = ["-A", "all", "-D", "correctness", "-A", "no-unused-expressions"];
const MILLISECONDS = 60_000;
const BYTES = 64 * 1024 * 1024;

/** What oxlint's `correctness` rules say of files, with no config but ours: nothing of the target runs. */
export async function oxlintTexts(files: readonly NamedText[]): Promise<readonly Diagnostic[]> {
  const inside = files.filter(({ path }) => isInside(path));
  if (inside.length === 0) return [];
  const dir = await mkdtemp(join(tmpdir(), "millwright-oxlint-"));
  try {
    for (const { path, text } of inside) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), text);
    }
    return readOxlint(await output(dir), new Map(inside.map(({ path, text }) => [path, text])), "oxlint");
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function isInside(path: string): boolean {
  const normal = normalize(path);
  return !isAbsolute(normal) && !normal.startsWith("..") && !path.includes("\0");
}

/** The folder of our own oxlint, and of the packages it needs. */
export function oxlintHome(): string {
  return dirname(dirname(createRequire(import.meta.url).resolve("oxlint/package.json")));
}

function output(dir: string): Promise<string> {
  const program = join(oxlintHome(), "oxlint", "bin", "oxlint");
  const argv = [program, ...RULES, "--disable-nested-config", "--no-ignore", "--format", "json", "."];
  const options = { cwd: dir, env: { PATH: dirname(process.execPath) }, timeout: MILLISECONDS, maxBuffer: BYTES };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, argv, options, (error, stdout, stderr) => {
      // Exit code 1 says that there is something to complain about.
      if (!error || (error.code === 1 && stdout.trimStart().startsWith("{"))) return resolve(stdout);
      reject(
        cannotRun(
          "oxlint",
          stderr || stdout || error.message,
          "Run `npm ci` again, or write `lint: off` or your own linter's command.",
          error,
        ),
      );
    });
  });
}

interface OxlintReport {
  readonly diagnostics: readonly {
    readonly message: string;
    readonly code?: string;
    readonly severity: string;
    readonly filename: string;
    readonly labels: readonly { readonly span: { readonly line?: number } }[];
  }[];
}

/** Reads oxlint's JSON; complaints that only warn are left out, and so is what does not parse (the syntax gate says it). */
export function readOxlint(json: string, texts: ReadonlyMap<string, string>, tool: string): readonly Diagnostic[] {
  let report: OxlintReport;
  try {
    report = JSON.parse(json) as OxlintReport;
  } catch (thrown) {
    throw cannotRun(tool, json, "Run the linter by hand to see what it says.", thrown);
  }
  return report.diagnostics.flatMap(({ message, code, severity, filename, labels }) => {
    const path = normalize(filename);
    const text = texts.get(path);
    if (text === undefined || code === undefined || severity !== "error") return [];
    return [diagnosticAt(sourceText(text), { path, line: labels[0]?.span.line ?? 1 }, code, message)];
  });
}
