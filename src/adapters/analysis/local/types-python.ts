import { access, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Diagnostic } from "../../../domain/diagnostic.ts";
import type { Sandbox } from "../../../engine/ports.ts";
import { cannotRun } from "./cannot-run.ts";
import { installedPackage } from "./installed.ts";
import { diagnosticAt, sourceText } from "./source-text.ts";
import { runTool } from "./tool-run.ts";
import type { TreeFiles } from "./tree-files.ts";
import type { Ground } from "./workspace.ts";

interface PythonJob {
  readonly paths: readonly string[];
  readonly files: TreeFiles;
  readonly cacheDir: string;
}

interface Checked {
  readonly tools: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

const HINT =
  "Run the type checker by hand to see what it says; or set `types` in millwright.yaml to a command that works, or to `off`.";
const NONE: Checked = { tools: [], diagnostics: [] };

/** mypy or (based)pyright, where the target has it configured and installed; else nothing, and the report says so. */
export async function pythonTypes(job: PythonJob, ground: Ground, sandbox: Sandbox): Promise<Checked> {
  if (await isConfigured("pyright", job.files)) return (await runPyright(job, ground, sandbox)) ?? NONE;
  if (await isConfigured("mypy", job.files)) return (await runMypy(job, ground, sandbox)) ?? NONE;
  return NONE;
}

async function isConfigured(tool: "mypy" | "pyright", files: TreeFiles): Promise<boolean> {
  const names = tool === "mypy" ? ["mypy.ini", ".mypy.ini"] : ["pyrightconfig.json"];
  if (names.some((name) => files.blobs.has(name))) return true;
  const section = tool === "mypy" ? /^\[(tool\.)?mypy[\].-]/m : /^\[tool\.(based)?pyright\]/m;
  const texts = await Promise.all(
    ["pyproject.toml", ...(tool === "mypy" ? ["setup.cfg"] : [])].map((name) => files.text(name)),
  );
  return texts.some((text) => text !== undefined && section.test(text));
}

/** A program of the virtual environment that the dependencies are in, as a tool sees it. */
async function programIn(ground: Ground, name: string): Promise<string | undefined> {
  for (const { source, place } of ground.dependencies) {
    const there = await access(join(source, "bin", name)).then(
      () => true,
      () => false,
    );
    if (there) return `${ground.root}/${place}/bin/${name}`;
  }
  return undefined;
}

function pythonPaths({ paths, files }: PythonJob): readonly string[] {
  return paths.filter((path) => /\.pyi?$/.test(path) && files.blobs.has(path));
}

const MYPY_LINE = /^(?<path>[^:\n]+):(?<line>\d+)(?::\d+)?: error: (?<message>.*?)(?:\s+\[(?<code>[\w-]+)\])?$/;

async function runMypy(job: PythonJob, ground: Ground, sandbox: Sandbox): Promise<Checked | undefined> {
  const program = await programIn(ground, "mypy");
  const paths = pythonPaths(job);
  if (!program || paths.length === 0) return undefined;
  const cache = join(job.cacheDir, "mypy");
  await mkdir(cache, { recursive: true });
  const kept = ground.see(cache, "/cache", "write");
  // A script of a virtual environment names its interpreter by the path it was made at.
  const python = program.replace(/mypy$/, "python");
  const options = [
    "--no-color-output",
    "--no-error-summary",
    "--show-error-codes",
    "--no-pretty",
    "--cache-dir",
    kept.path,
  ];
  const argv = [python, "-m", "mypy", ...options, "--", ...paths];
  const { stdout, exitCode } = await runTool(
    { tool: "mypy", argv, folder: "", mounts: [kept.mount], looked: [0, 1], hint: HINT },
    ground,
    sandbox,
  );
  const found = stdout
    .split("\n")
    .map((line) => MYPY_LINE.exec(line)?.groups)
    .filter((groups) => groups !== undefined);
  const diagnostics = await Promise.all(
    found.map(({ path = "", line = "1", message = "", code = "mypy" }) =>
      placed(job, { path, line: Number(line), code, message }),
    ),
  );
  if (exitCode !== 0 && diagnostics.length === 0) throw cannotRun("mypy", stdout.slice(-500), HINT);
  return { tools: ["mypy"], diagnostics };
}

interface PyrightReport {
  readonly version: string;
  readonly generalDiagnostics: readonly {
    readonly file: string;
    readonly severity: string;
    readonly message: string;
    readonly rule?: string;
    readonly range?: { readonly start: { readonly line: number } };
  }[];
}

async function runPyright(job: PythonJob, ground: Ground, sandbox: Sandbox): Promise<Checked | undefined> {
  const argv = await pyrightProgram(ground);
  const paths = pythonPaths(job);
  if (!argv || paths.length === 0) return undefined;
  const run = {
    tool: "pyright",
    argv: [...argv, "--outputjson", ...paths],
    folder: "",
    reports: true as const,
    looked: [0, 1],
    hint: HINT,
  };
  const { stdout } = await runTool(run, ground, sandbox);
  let report: PyrightReport;
  try {
    report = JSON.parse(stdout) as PyrightReport;
  } catch (thrown) {
    throw cannotRun("pyright", stdout.slice(-500), HINT, thrown);
  }
  const errors = report.generalDiagnostics.filter(({ severity }) => severity === "error");
  const diagnostics = await Promise.all(
    errors.map(({ file, rule, message, range }) =>
      placed(job, {
        path: file.replace(`${ground.root}/`, ""),
        line: (range?.start.line ?? 0) + 1,
        code: rule ?? "pyright",
        message,
      }),
    ),
  );
  return { tools: [`pyright ${report.version}`], diagnostics };
}

async function pyrightProgram(ground: Ground): Promise<readonly string[] | undefined> {
  for (const name of ["basedpyright", "pyright"]) {
    const npm = await installedPackage(ground, "", name);
    if (npm) return ["node", `${npm.path}/index.js`];
    const program = await programIn(ground, name);
    if (program) return [program.replace(/(based)?pyright$/, "python"), "-m", name];
  }
  return undefined;
}

async function placed(
  job: PythonJob,
  said: { path: string; line: number; code: string; message: string },
): Promise<Diagnostic> {
  const text = (await job.files.text(said.path)) ?? "";
  return diagnosticAt(sourceText(text), { path: said.path, line: said.line }, said.code, said.message);
}
