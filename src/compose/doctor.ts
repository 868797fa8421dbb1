import { inspectRepository, refusals } from "../adapters/git/system/inspection.ts";
import type { Config } from "../domain/config.ts";
import { castOf, independenceProblems, judgedByCommands } from "../domain/independence.ts";
import { answering } from "../domain/known-backends.ts";
import { ROLES } from "../domain/model-call.ts";
import { InputError, StepFailure } from "../domain/step-failure.ts";
import type { DoctorCheck, MillFlags, ModelLook, ModelsEnd } from "../mill.ts";
import { checkLine } from "./andon/check.ts";
import { chooseSandbox, closeSandbox, probeSandboxes } from "./choose-sandbox.ts";
import { lookAtCorrections } from "./corrections.ts";
import { browserChecks } from "./look-at-browser.ts";
import { lookAtModels } from "./look-at-models.ts";
import { networkProblems } from "./network-guard.ts";
import { openRepository } from "./open-repository.ts";
import { loadConfig, loadWorkflow } from "./read-config.ts";
import { prepareStateDir } from "./state-dir.ts";

/** Looks at everything a run needs, each with its fix. Runs the target's tests once. */
export async function diagnoseRepository(dir: string, flags: MillFlags): Promise<readonly DoctorCheck[]> {
  const inspection = await inspectRepository(dir).catch(problemsOf);
  if ("checks" in inspection) return inspection.checks;
  const config = await loadConfig(inspection.root, flags.config).catch(problemsOf);
  if ("checks" in config)
    return [gitCheck(inspection, []), ...config.checks.map((check) => ({ ...check, name: "config" }))];
  return [
    gitCheck(inspection, refusals(inspection, config.submodules)),
    { name: "config", state: "ok", detail: `workflow ${config.workflow}` },
    ...(await lineChecks(inspection.root)),
    await sandboxCheck(config),
    ...(await modelChecks(config)),
    ...(await independenceChecks(config, inspection.root)),
    ...(await correctionChecks(inspection.root)),
    ...(await browserChecks(config)),
    ...(await testChecks(inspection, config)),
  ];
}

/** Only said when something stops it. */
async function lineChecks(root: string): Promise<readonly DoctorCheck[]> {
  const stopped = await checkLine(root);
  return stopped.map(({ id, kind, problem }) => ({
    name: "line",
    state: "warn" as const,
    detail: `the line is stopped by ${id} (${kind}): ${problem}`,
    fix: `Nothing lands until it is closed: millwright andon show ${id}`,
  }));
}

function problemsOf(error: unknown): { readonly checks: readonly DoctorCheck[] } {
  if (error instanceof InputError)
    return { checks: error.problems.map((detail) => ({ name: "git", state: "bad", detail })) };
  throw error;
}

function gitCheck(inspection: Awaited<ReturnType<typeof inspectRepository>>, reasons: readonly string[]): DoctorCheck {
  if (reasons.length > 0) return { name: "git", state: "bad", detail: reasons.join(" ") };
  const dirty = inspection.dirty.length;
  const where = inspection.branch ?? `detached at ${inspection.head?.slice(0, 12)}`;
  if (dirty > 0)
    return {
      name: "git",
      state: "warn",
      detail: `${where}, ${dirty} uncommitted change(s)`,
      fix: "Commit what the run shall see; it starts from the last commit.",
    };
  return { name: "git", state: "ok", detail: `${where}, clean` };
}

async function sandboxCheck(config: Config): Promise<DoctorCheck> {
  if (config.sandbox === "none")
    return {
      name: "sandbox",
      state: "warn",
      detail: "none: tests run with your rights",
      fix: "Remove `sandbox: none` from millwright.yaml.",
    };
  const probe = await probeSandboxes(config);
  return probe.usable
    ? { name: "sandbox", state: "ok", detail: probe.name }
    : { name: "sandbox", state: "bad", detail: probe.reason, fix: probe.fix };
}

async function modelChecks(config: Config): Promise<readonly DoctorCheck[]> {
  const [look, network] = await Promise.all([lookAtModels(config, process.env), networkProblems(config, ROLES)]);
  const none: DoctorCheck = {
    name: "models",
    state: "bad",
    detail: "no model is configured",
    fix: `Write \`models: { default: mailbox }\`, or a model of what was found: ${inSight(look)}.`,
  };
  return [
    ...(look.models.length === 0 ? [none] : look.models.map(modelCheck)),
    ...network.map((detail) => ({ name: "network", state: "bad" as const, detail })),
  ];
}

/** What a run would refuse at its start. */
async function independenceChecks(config: Config, root: string): Promise<readonly DoctorCheck[]> {
  const workflow = await loadWorkflow(root, config.workflow).catch(problemsOf);
  if ("checks" in workflow) return workflow.checks.map((check) => ({ ...check, name: "workflow" }));
  if (Object.keys(config.models).length === 0) return [];
  const cast = castOf(judgedByCommands(workflow, config), config.approvals);
  const problems = independenceProblems(config.independence, cast, (role) => answering(config, role));
  return problems.map((detail) => ({ name: "independence", state: "bad" as const, detail }));
}

/** A broken correction refuses a run at its start. */
async function correctionChecks(root: string): Promise<readonly DoctorCheck[]> {
  const looks = await lookAtCorrections(root);
  if (looks.length === 0) return [];
  const name = "corrections";
  const broken = looks.flatMap(({ problems }) => problems);
  if (broken.length > 0) return broken.map((detail) => ({ name, state: "bad" as const, detail }));
  const on = looks.filter(({ state }) => state === "on").length;
  const fresh = looks.filter(({ committed }) => !committed).map(({ path }) => path);
  const detail = `${on} on, ${looks.length - on} off; all examples hold`;
  if (fresh.length === 0) return [{ name, state: "ok", detail }];
  return [{ name, state: "warn", detail, fix: `Commit ${fresh.join(", ")}: a run sees what is committed.` }];
}

function modelCheck(model: ModelLook): DoctorCheck {
  const about = {
    name: `model ${model.name}`,
    detail: `${model.detail} (${[...model.roles, ...model.cheaper].join(", ")})`,
  };
  if (model.state !== "ok") return { ...about, state: "bad", ...(model.fix === undefined ? {} : { fix: model.fix }) };
  if (model.split === undefined) return { ...about, state: "ok" };
  const fix = "Load it alone (`mode: exclusive` under servers), or use a smaller model or quantisation.";
  return { ...about, state: "warn", detail: `split between CPU and GPU: ${model.split}`, fix };
}

/** What could be asked here, in words. */
function inSight({ servers, agents }: ModelsEnd): string {
  const found = [
    ...servers
      .filter(({ state }) => state === "reachable")
      .map(({ name, models }) => `${name} (${models.slice(0, 3).join(", ")})`),
    ...agents.filter(({ state }) => state === "installed").map(({ name }) => name),
    ...servers.flatMap(({ name, key }) => (key?.set === true ? [`${name} (${key.variable} is set)`] : [])),
  ];
  return found.length === 0 ? "nothing yet" : found.join("; ");
}

/** Runs the suites on HEAD, as a run would. */
async function testChecks(
  inspection: Awaited<ReturnType<typeof inspectRepository>>,
  config: Config,
): Promise<readonly DoctorCheck[]> {
  if (config.suites.length === 0)
    return [
      {
        name: "tests",
        // Criteria that are seen in a browser need no suite.
        state: config.browser === undefined ? "bad" : "warn",
        detail: "no suite is configured",
        fix: "Run `millwright init`, or write `suites:` in millwright.yaml.",
      },
    ];
  try {
    return [await runTests(inspection, config)];
  } catch (error) {
    if (error instanceof StepFailure) return [{ name: "tests", state: "bad", detail: error.message, fix: error.hint }];
    if (error instanceof InputError) return [{ name: "tests", state: "bad", detail: error.problems.join(" ") }];
    throw error;
  }
}

async function runTests(
  inspection: Awaited<ReturnType<typeof inspectRepository>>,
  config: Config,
): Promise<DoctorCheck> {
  const stateDir = await prepareStateDir(inspection.root, inspection.sharedDir);
  const sandbox = await chooseSandbox(config);
  const opened = await openRepository({ root: inspection.root, stateDir, config, sandbox });
  try {
    const { git, toolchain } = opened.repository;
    const head = await git.resolve("HEAD");
    if (!head) return { name: "tests", state: "bad", detail: "there is no commit to test" };
    await toolchain.prepare(head.tree);
    const report = await toolchain.suite({
      tree: head.tree,
      selection: { kind: "all" },
      seconds: config.limits.testSeconds,
    });
    const count = (outcome: string) => report.cases.filter((test) => test.outcome === outcome).length;
    const detail = `${report.runner}: ${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`;
    if (report.grade === "exit-code")
      return {
        name: "tests",
        state: "warn",
        detail: `exit code ${report.exitCode} only`,
        fix: "Name a runner that reports per test (vitest, jest, node-test, mocha, pytest, junit, tap).",
      };
    if (report.ended !== "exited" || !report.complete)
      return {
        name: "tests",
        state: "bad",
        detail: `${detail}; the run did not end by itself (${report.ended})`,
        fix: "Run the suite by hand and see why.",
      };
    if (report.cases.length === 0)
      return {
        name: "tests",
        state: "warn",
        detail: `${detail}; nothing was collected`,
        fix: "Check `suites:` in millwright.yaml, or begin with a first test.",
      };
    return { name: "tests", state: count("failed") > 0 ? "warn" : "ok", detail };
  } finally {
    await opened.close();
    await closeSandbox(sandbox);
  }
}
