import { access, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Diagnostic } from "../../../../domain/diagnostic.ts";
import type { Mount } from "../../../../domain/sandbox-job.ts";
import { cannotRun } from "../cannot-run.ts";
import { ruffCheck } from "../python.ts";
import { diagnosticAt, sourceText } from "../source-text.ts";
import type { TreeFiles } from "../tree-files.ts";
import { type AnalysisWorld, type DependencyFolder, TOOL_LIMITS, toolEnvironment } from "../workspace.ts";
import { instead } from "./finding.ts";
import { pythonRequirements } from "./python-requirements.ts";

/** The programs are shipped as they are: they run with the target's own interpreter. */
const PROGRAMS = fileURLToPath(new URL("../servers/symbols/", import.meta.url)).replace(/\/$/, "");
const HINT = "Install Python where the sandbox sees it, or set `symbols: off` in millwright.yaml.";
/** How often the program may ask for further files: imports of imports. */
const ROUNDS = 200;
/** After so many rounds it is told every Python file, if they are not more than `MOST_TOLD`: each round is a process. */
const FEW_ROUNDS = 2;
const MOST_TOLD = 4000;

const Answer = z.object({
  python: z.string(),
  need: z.array(z.string()),
  findings: z.array(z.object({ path: z.string(), line: z.int(), code: z.string(), message: z.string() })),
});
type Answer = z.infer<typeof Answer>;

interface PythonFound {
  readonly tools: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Names in Python files that neither the project nor the target's interpreter knows; nothing of the target is run. */
export async function pythonSymbols(
  paths: readonly string[],
  files: TreeFiles,
  world: AnalysisWorld,
): Promise<PythonFound> {
  const texts = new Map<string, string>();
  await addTexts(paths, files, texts);
  const answer = await ask(paths, texts, { files, world });
  const diagnostics = answer.findings.map((found) => placed(found, texts));
  for (const path of paths) diagnostics.push(...(await undefinedNames(path, texts.get(path) ?? "")));
  return { tools: [`symbols (python ${answer.python})`], diagnostics };
}

function placed(found: Answer["findings"][number], texts: ReadonlyMap<string, string>): Diagnostic {
  const { path, line, code, message } = found;
  return diagnosticAt(sourceText(texts.get(path) ?? ""), { path, line }, code, message);
}

async function addTexts(paths: readonly string[], files: TreeFiles, texts: Map<string, string>): Promise<void> {
  await Promise.all(paths.map(async (path) => texts.set(path, (await files.text(path)) ?? "")));
}

interface Room {
  readonly files: TreeFiles;
  readonly world: AnalysisWorld;
}

/** Asks until the program has every text that it needs: mostly once, as it remembers what it read before. */
async function ask(changed: readonly string[], texts: Map<string, string>, room: Room): Promise<Answer> {
  const blobs = [...room.files.blobs].filter(([path]) => /\.(pyi?|pyx|so|pyd)$/.test(path));
  const manifests = await pythonRequirements(room.files);
  const dependencies = await room.world.dependencies(room.files.tree);
  for (let round = 0; round < ROUNDS; round += 1) {
    const job = { changed, manifests, files: Object.fromEntries(blobs), texts: Object.fromEntries(texts) };
    const answer = await runOnce(job, dependencies, room.world);
    const wanted = answer.need.filter((path) => !texts.has(path));
    if (wanted.length === 0) return answer;
    const all = blobs.flatMap(([path]) => (/\.pyi?$/.test(path) && !texts.has(path) ? [path] : []));
    await addTexts(round >= FEW_ROUNDS && all.length <= MOST_TOLD ? all : wanted, room.files, texts);
  }
  throw cannotRun("symbols", `more than ${ROUNDS} rounds of imports`, HINT);
}

/** Keeps what was read between runs, in a folder that only the program writes. */
async function runOnce(job: object, dependencies: readonly DependencyFolder[], world: AnalysisWorld): Promise<Answer> {
  const { isolated } = world.sandbox;
  const cache = join(world.cacheDir, "symbols");
  await mkdir(cache, { recursive: true });
  const see = (source: string, inside: string, access: Mount["access"]): Mount => ({
    source,
    target: isolated ? inside : source,
    access,
  });
  const environment = await virtualEnvironment(dependencies);
  const mounts = [
    see(PROGRAMS, "/millwright-symbols", "read"),
    see(cache, "/cache", "write"),
    ...(environment ? [see(environment.source, `/target/${environment.place}`, "read")] : []),
  ];
  const [programs, kept, packages] = mounts.map(({ target }) => target);
  const python = packages === undefined ? "python3" : `${packages}/bin/python`;
  const result = await world.sandbox.run({
    argv: [python, "-I", `${programs}/check_symbols.py`],
    cwd: "/",
    mounts,
    env: { ...toolEnvironment(), PYTHONDONTWRITEBYTECODE: "1" },
    network: false,
    limits: TOOL_LIMITS,
    input: JSON.stringify({ ...job, cache: kept }),
  });
  if (result.ended !== "exited" || result.exitCode !== 0)
    throw cannotRun(
      "symbols (python)",
      result.stderr.slice(-500) || `${result.ended}, exit code ${result.exitCode}`,
      HINT,
    );
  return Answer.parse(JSON.parse(result.stdout));
}

async function virtualEnvironment(dependencies: readonly DependencyFolder[]): Promise<DependencyFolder | undefined> {
  for (const folder of dependencies) {
    const there = await access(join(folder.source, "pyvenv.cfg")).then(
      () => true,
      () => false,
    );
    if (there) return folder;
  }
  return undefined;
}

/** Names that frameworks, notebooks and older Pythons put in sight. */
const GIVEN = new Set(
  "_ __ N_ reveal_type reveal_locals WindowsError unicode basestring long xrange raw_input unichr reduce file cmp execfile buffer intern apply get_ipython display __class__ __path__ __file__ exit quit copyright credits license dbutils spark sc snakemake c env Import Export SConscript".split(
    " ",
  ),
);

/** Names that are bound nowhere, as ruff finds them; a star import makes it silent. */
async function undefinedNames(path: string, text: string): Promise<readonly Diagnostic[]> {
  const found = await ruffCheck(text, { "target-version": "py314", lint: { select: ["F821"] } });
  if (found.some(({ code }) => code === null || code === "invalid-syntax")) return [];
  const source = sourceText(text);
  return found.flatMap(({ message, start_location }) => {
    const name = /`([^`]+)`/.exec(message)?.[1] ?? "";
    // A string that ruff takes for a type may be any text, as in `Literal["r"]`.
    const before = (source.lines[start_location.row - 1] ?? "").charAt(start_location.column - 2);
    if (/["']/.test(before) || GIVEN.has(name) || name === "" || isDeleted(name, text)) return [];
    const hint = nearbyName(name, text);
    const said = `\`${name}\` is not defined in this file, not imported, and no builtin of Python.${hint}`;
    return [diagnosticAt(source, { path, line: start_location.row }, "name-undefined", said)];
  });
}

/** Ruff forgets a name that was deleted; a loop may bind it again. */
function isDeleted(name: string, text: string): boolean {
  return new RegExp(`\\bdel\\b[^\\n]*\\b${name}\\b|\\bglobals\\(\\)|\\bexec\\(`).test(text);
}

function nearbyName(name: string, text: string): string {
  const bound = [
    ...text.matchAll(/\b(?:def|class|import|as|for)\s+(\w+)|\b(\w+)\s*(?::[^=\n]+)?=(?!=)|[(,]\s*(\w+)(?=[,):=])/g),
  ];
  const near = instead(
    name,
    new Set(bound.flatMap((one) => [one[1], one[2], one[3]]).filter((one) => one !== undefined)),
  );
  return near.startsWith(" Did") ? near : "";
}
