/**
 * Runs inside the sandbox beside the target's own TypeScript (5 or 6) and keeps its programs warm. It is shipped as it
 * is: plain JavaScript for any Node the target has, and no dependency but the compiler it is given.
 *
 * node typescript-server.mjs <typescript folder> <checkout> <mailbox folder>
 * Requests are files request-<n>.json { project, changed: [path], restructured }, answers answer-<n>.json
 * { diagnostics: [{ path, line, code, message, text }] } or { error }. Files appear whole, by renaming.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const [typescriptFolder, checkout, mailbox] = process.argv.slice(2);
const root = realpathSync(checkout);
const ts = createRequire(join(root, "package.json"))(typescriptFolder);
const projects = new Map();
const IDLE_MILLISECONDS = 600_000;
const POLL_MILLISECONDS = 8;

/** A project and everything of it that may be kept from one tree to the next. */
function openProject(config) {
  const path = join(root, config);
  const parsed = parseConfig(path);
  if (!parsed) throw new Error(`${config} cannot be read`);
  return { path, parsed, sources: new Map(), builder: undefined };
}

function parseConfig(path) {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  return ts.getParsedCommandLineOfConfigFile(path, { noEmit: true }, host);
}

/** A host remembers which files exist: good for one look, wrong for the next. */
function openHost(project, restructured) {
  const host = ts.createIncrementalCompilerHost(project.parsed.options, ts.sys);
  host.getSourceFile = (file, options) => sourceFile(project, { file, options, host });
  host.useSourceOfProjectReferenceRedirect = () => true;
  host.hasInvalidatedResolutions = () => restructured;
  return host;
}

function sourceFile(project, { file, options, host }) {
  const known = project.sources.get(file);
  if (known) return known;
  const text = host.readFile(file);
  if (text === undefined) return undefined;
  const source = ts.createSourceFile(file, text, options);
  source.version = createHash("sha256").update(text).digest("hex");
  project.sources.set(file, source);
  return source;
}

/** Files that came or went change what the project consists of; its kept syntax trees stay. */
function bringUp(project, request) {
  for (const path of request.changed) project.sources.delete(join(root, path));
  if (request.restructured) project.parsed = parseConfig(project.path) ?? project.parsed;
}

function diagnose(request) {
  // A config or manifest decides how every file is read: nothing that was kept holds any more.
  if (request.changed.some((path) => /(^|\/)(package|[^/]*config[^/]*)\.json$/.test(path))) projects.clear();
  const known = projects.get(request.project);
  const project = known ?? openProject(request.project);
  projects.set(request.project, project);
  if (known) bringUp(project, request);
  const { fileNames, options, errors, projectReferences } = project.parsed;
  project.builder = ts.createSemanticDiagnosticsBuilderProgram(
    fileNames,
    options,
    openHost(project, request.restructured),
    project.builder,
    errors,
    projectReferences,
  );
  const { builder } = project;
  const found = [
    ...builder.getConfigFileParsingDiagnostics(),
    ...builder.getOptionsDiagnostics(),
    ...builder.getGlobalDiagnostics(),
    ...builder.getSyntacticDiagnostics(),
    ...builder.getSemanticDiagnostics(),
  ];
  const errorsOnly = found.filter((diagnostic) => diagnostic.category === ts.DiagnosticCategory.Error);
  return ts.sortAndDeduplicateDiagnostics(errorsOnly).map((diagnostic) => plain(diagnostic, request.project));
}

function plain(diagnostic, project) {
  const said = { code: `TS${diagnostic.code}`, message: ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n") };
  const { file, start } = diagnostic;
  const path = file && relative(root, resolve(file.fileName)).replaceAll("\\", "/");
  if (!file || start === undefined || path.startsWith("..")) return { path: project, line: 1, text: "", ...said };
  const { line } = file.getLineAndCharacterOfPosition(start);
  return { path, line: line + 1, text: (file.text.split("\n")[line] ?? "").trim(), ...said };
}

function answer(number, content) {
  const file = join(mailbox, `answer-${number}.json`);
  writeFileSync(`${file}.part`, JSON.stringify(content));
  renameSync(`${file}.part`, file);
}

function answered(text) {
  const request = JSON.parse(text);
  try {
    return { diagnostics: diagnose(request) };
  } catch (error) {
    projects.delete(request.project);
    return { error: String(error?.stack ?? error) };
  }
}

answer(0, { version: ts.version });
for (let number = 1, waited = Date.now(); Date.now() - waited < IDLE_MILLISECONDS; ) {
  const file = join(mailbox, `request-${number}.json`);
  if (!existsSync(file)) {
    await sleep(POLL_MILLISECONDS);
    continue;
  }
  answer(number, answered(readFileSync(file, "utf8")));
  rmSync(file);
  number += 1;
  waited = Date.now();
}
