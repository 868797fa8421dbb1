import type { Diagnostic, DiagnosticReport } from "../../../domain/diagnostic.ts";
import type { Sandbox } from "../../../engine/ports.ts";
import { cannotRun } from "./cannot-run.ts";
import { diagnosticAt, plainMessage, sortedDiagnostics, sourceText } from "./source-text.ts";
import { runTool } from "./tool-run.ts";
import type { TreeFiles } from "./tree-files.ts";
import type { Ground } from "./workspace.ts";

const LINE = /^(?<path>[^\s:][^:]*?):(?<line>\d+)(?::\d+)?:\s*(?<message>\S.*)$/;
const CODE = /^(?:(?:error|warning|note)\b[:\s]*)?\[?(?<code>[A-Z]{1,6}\d{2,5}|[a-z][\w-]*(?:\/[\w-]+)+)\]?[:\s]/;

/** A command of the config whose output lines are `path:line[:column]: message`. */
export async function runCommandTool(
  run: string,
  files: TreeFiles,
  at: { ground: Ground; sandbox: Sandbox },
): Promise<DiagnosticReport> {
  const hint =
    "Each complaint must be a line `path:line: message`; without complaints the command must end with exit code 0.";
  const everyCode = Array.from({ length: 126 }, (_, code) => code);
  const result = await runTool(
    { tool: run, argv: ["sh", "-c", run], folder: "", looked: everyCode, hint },
    at.ground,
    at.sandbox,
  );
  const diagnostics: Diagnostic[] = [];
  for (const line of plainMessageLines(`${result.stdout}\n${result.stderr}`)) {
    const diagnostic = await diagnosticOf(line, files, at.ground);
    if (diagnostic) diagnostics.push(diagnostic);
  }
  if (result.exitCode !== 0 && diagnostics.length === 0)
    throw cannotRun(
      run,
      `exit code ${result.exitCode}, and no line of it names a place: ${result.stderr.slice(-500)}`,
      hint,
    );
  return { tools: [run], diagnostics: sortedDiagnostics(diagnostics) };
}

function plainMessageLines(output: string): readonly string[] {
  return output.split("\n").map(plainMessage);
}

async function diagnosticOf(line: string, files: TreeFiles, ground: Ground): Promise<Diagnostic | undefined> {
  const found = LINE.exec(line)?.groups;
  if (!found) return undefined;
  const path = (found.path ?? "").replace(`${ground.root}/`, "").replace(/^\.\//, "");
  const text = await files.text(path);
  if (text === undefined) return undefined;
  const message = found.message ?? "";
  return diagnosticAt(
    sourceText(text),
    { path, line: Number(found.line) },
    CODE.exec(message)?.groups?.code ?? "command",
    message,
  );
}
