import { wikiFacts } from "../briefs/wiki-facts.ts";
import { BrowserReport } from "../domain/browser-report.ts";
import { DiagnosticReport } from "../domain/diagnostic.ts";
import { digestOfValue } from "../domain/digest.ts";
import type { ListedGate } from "../domain/gates/all.ts";
import { type Need, needKey } from "../domain/need.ts";
import { wholeSuite } from "../domain/seen-tests.ts";
import type { Shape } from "../domain/shape.ts";
import { CommandResult } from "../domain/step-shapes.ts";
import { SuiteReport } from "../domain/suite-report.ts";
import type { TreeId } from "../domain/work.ts";
import type { TaskContext } from "./context.ts";
import { derivation, exam } from "./examine.ts";
import { type JudgeLook, judgement } from "./judge.ts";
import { canaryTree, checksTree, linesOf, mutantTrees, stubTree } from "./overlays.ts";
import { step } from "./step.ts";

/** Sees everything that the gate asks for, until it asks for nothing new. `seen` grows and is shared by the gates of one round. */
export async function observeAll(listed: ListedGate, look: JudgeLook, seen: Map<string, unknown>): Promise<void> {
  for (;;) {
    const needs = listed.gate.needs(look.state, seen, listed.entry);
    const missing = needs.find((need) => !seen.has(needKey(need)));
    if (!missing) return;
    seen.set(needKey(missing), await observe(missing, look));
  }
}

/** One look. What is a property of content alone is read directly; what was run is a step, remembered for every run. */
async function observe(need: Need, look: JudgeLook): Promise<unknown> {
  const { context } = look;
  const { git, analysis } = context.repository;
  switch (need.see) {
    case "suite":
      return observeSuite(need, look);
    case "diagnostics":
      return observeDiagnostics(need, look);
    case "command":
      return observeCommand(need, look);
    case "browser":
      return observeBrowser(need, look);
    case "judgement":
      return judgement(need, look);
    case "head":
      return observeHead(need, look);
    case "changes":
      return git.changes(need.from, need.to);
    case "wiki":
      return wikiFacts(need.tree, git);
    case "files":
      return readFiles(need, context);
    case "cases":
      return analysis.cases(need.path, (await git.read(need.tree, need.path)) ?? "");
    case "literals":
      return analysis.literals(need.path, (await git.read(need.tree, need.path)) ?? "");
    case "stubs":
      return stubTree(need, context);
    case "canary":
      return canaryTree(need, context);
    case "mutants":
      return mutantTrees(need, context);
    case "lines":
      return linesOf(need, context);
    case "checks":
      return checksTree(need, context);
    case "exam":
      return exam(need, look);
    case "derivation":
      return derivation(need, look);
  }
}

type NeedOf<Kind extends Need["see"]> = Extract<Need, { see: Kind }>;

async function observeSuite(need: NeedOf<"suite">, look: JudgeLook): Promise<SuiteReport> {
  const { repository, ports, config } = look.context;
  const seconds = need.seconds ?? config.limits.testSeconds * need.patience;
  ports.glimpse({ kind: "doing", task: look.state.task.id, what: "tests run" });
  const key = await suiteKey(need, look.context);
  const report = await remembered(
    look,
    { key, kind: "suite", shape: SuiteReport, keep: (seen) => seen.ended === "exited" },
    () => repository.toolchain.suite({ ...need, seconds }, ports.signal),
  );
  const count = (outcome: string) => report.cases.filter((test) => test.outcome === outcome).length;
  ports.glimpse({ kind: "tests", task: look.state.task.id, passed: count("passed"), failed: count("failed") });
  return report;
}

/** Digest of everything that could change what a look at a suite sees. */
async function suiteKey(need: NeedOf<"suite">, { repository, ports, config }: TaskContext): Promise<string> {
  const { digest } = await repository.toolchain.prepare(need.tree);
  const versions = repository.toolchain.profile.suites;
  const seconds = need.seconds ?? config.limits.testSeconds * need.patience;
  const { suites } = repository.config;
  return digestOfValue({ need, digest, versions, seconds, sandbox: ports.sandbox, suites });
}

/** Remembers what the suite says of a landed tree, so that the next task need not run it again. */
export async function keepBaseline(tree: TreeId, report: SuiteReport, context: TaskContext): Promise<void> {
  await context.ports.journal.remember(await suiteKey(wholeSuite(tree), context), "suite", report);
}

async function observeDiagnostics(need: NeedOf<"diagnostics">, look: JudgeLook): Promise<DiagnosticReport> {
  const { repository, ports } = look.context;
  const setting = repository.config[need.tool];
  if (setting === "off" || need.paths.length === 0) return { tools: [], diagnostics: [] };
  const { digest } = need.tool === "syntax" ? { digest: "" } : await repository.toolchain.prepare(need.tree);
  const versions = repository.analysis.versions[need.tool];
  const key = digestOfValue({ need, digest, setting, versions, sandbox: ports.sandbox });
  return remembered(look, { key, kind: need.tool, shape: DiagnosticReport, keep: () => true }, () => {
    ports.glimpse({ kind: "doing", task: look.state.task.id, what: need.tool });
    return repository.analysis.diagnose(need.tool, need.tree, need.paths);
  });
}

async function observeCommand(need: NeedOf<"command">, look: JudgeLook): Promise<CommandResult> {
  const { repository, ports, config } = look.context;
  const seconds = config.limits.commandSeconds;
  const { digest } = await repository.toolchain.prepare(need.tree);
  const key = digestOfValue({ need, digest, seconds, sandbox: ports.sandbox });
  ports.glimpse({ kind: "doing", task: look.state.task.id, what: need.run });
  return remembered(
    look,
    { key, kind: "command", shape: CommandResult, keep: (seen) => seen.ended === "exited" },
    async () => {
      const result = await repository.toolchain.command({ tree: need.tree, run: need.run, seconds }, ports.signal);
      const output = `${result.stdout}\n${result.stderr}`.trim().slice(-8000);
      return { exitCode: result.exitCode, ended: result.ended, output };
    },
  );
}

async function observeBrowser(need: NeedOf<"browser">, look: JudgeLook): Promise<BrowserReport> {
  const { repository, ports } = look.context;
  const key = digestOfValue({ need, browser: await repository.browser.prepare(need.tree), sandbox: ports.sandbox });
  ports.glimpse({ kind: "doing", task: look.state.task.id, what: "browser" });
  const memo = { key, kind: "browser", shape: BrowserReport, keep: (seen: BrowserReport) => seen.ended === "exited" };
  return remembered(look, memo, () => repository.browser.look(need, ports.signal));
}

/** A branch head moves: each reading is a step of its own. */
async function observeHead(need: NeedOf<"head">, look: JudgeLook): Promise<string> {
  const { repository, ports } = look.context;
  const key = `head/${look.state.task.id}/${need.reading}`;
  return step(
    ports,
    { key, shape: { parse: String } },
    async () => (await repository.git.resolve(need.branch))?.commit ?? "",
  );
}

async function readFiles(need: NeedOf<"files">, context: TaskContext): Promise<Readonly<Record<string, string>>> {
  const texts = await Promise.all(need.paths.map((path) => context.repository.git.read(need.tree, path)));
  return Object.fromEntries(
    need.paths.flatMap((path, index) => (texts[index] === undefined ? [] : [[path, texts[index]]])),
  );
}

interface Remembering<Result> {
  readonly key: string;
  readonly kind: string;
  readonly shape: Shape<Result>;
  /** What was cut short is a fact of this run only. */
  keep(result: Result): boolean;
}

async function remembered<Result>(
  look: JudgeLook,
  memo: Remembering<Result>,
  see: () => Promise<Result>,
): Promise<Result> {
  const { ports, config } = look.context;
  const key = `see/${memo.kind}/${memo.key.slice(0, 24)}`;
  return step(ports, { key, shape: memo.shape, tries: config.limits.stepTries }, async () => {
    const known = await ports.journal.recall(memo.key);
    if (known !== undefined) return memo.shape.parse(known);
    const result = await see();
    if (memo.keep(result)) await ports.journal.remember(memo.key, memo.kind, result);
    return result;
  });
}
