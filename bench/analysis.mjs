/**
 * What the analysis costs per change, as CSV on standard output: tool,files,changed,state,rounds,median_ms,max_ms,
 * load (of the machine; wall times grow with it).
 *
 *   node bench/analysis.mjs [rounds]
 *
 * `syntax+lint+cases` is what the door and the first static gates ask for a handful of changed files in a repository of
 * 2,000; `types` is one changed file in a repository of 500, by our own TypeScript standing for the target's. Every
 * round changes the files anew, so that no memory of ours answers.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { compile, root } from "../scripts/house.mjs";

const rounds = Number(process.argv[2] ?? 10);
const home = realpathSync(mkdtempSync(join(tmpdir(), "millwright-bench-")));
mkdirSync(join(root, "tmp"), { recursive: true });
const built = mkdtempSync(join(root, "tmp/bench-"));

/** One module of many: it uses the one before it, and now and then the one that everybody uses. */
function typescriptFile(number, edit = "") {
  const before = number === 0 ? "" : `import { value${number - 1} } from "./m${number - 1}.js";\n`;
  const members = Array.from({ length: 12 }, (_, k) => `  readonly field${k}: Money;`).join("\n");
  return `import { type Money, money } from "./core.js";
${before}
/** Case ${number}. */
export interface Shape${number} {
${members}
}

export function value${number}(shape: Shape${number}, factor = ${number}): Money {
  const parts = Object.values(shape).map((part) => money(part.amount * factor));
  // The sum is rounded once, at the end.
  return parts.reduce((sum, part) => money(sum.amount + part.amount), money(0));
}
export const next${number} = ${number === 0 ? "money(1)" : `value${number - 1}.length + ${number}`};
${edit}`;
}

const core = (edit = "") =>
  `export interface Money { readonly amount: number }\nexport function money(amount: number): Money {\n  return { amount };\n}\n${edit}`;

function pythonFile(number, edit = "") {
  return `from app.core import money\n\n\ndef value_${number}(amount: int) -> int:\n    """Case ${number}."""\n    total = money(amount) + ${number}\n    if total < 0:\n        raise ValueError("negative")\n    return total\n${edit}`;
}

function testFile(number, edit = "") {
  const cases = Array.from(
    { length: 30 },
    (_, k) => `  it("AC-${k}: case ${k}", () => {\n    expect(value(${k})).toBe(${k});\n  });`,
  ).join("\n");
  return `import { describe, expect, it } from "vitest";\nimport { value } from "../src/m${number}.js";\n\ndescribe("m${number}", () => {\n${cases}\n${edit}});\n`;
}

function repository(name, files) {
  const dir = join(home, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  const git = (...args) => {
    const done = spawnSync("git", ["-c", "user.name=bench", "-c", "user.email=bench@example.org", ...args], {
      cwd: dir,
      encoding: "utf8",
    });
    if (done.status !== 0) throw new Error(done.stderr);
  };
  git("init", "-q");
  git("add", "-A");
  git("commit", "-q", "-m", "bench");
  return dir;
}

const load = (path) => import(pathToFileURL(join(built, path)).href);

async function opened(name, files, { sandbox, dependencies = [] }) {
  const { openGit } = await load("adapters/git/system/open-git.js");
  const { openAnalysis } = await load("adapters/analysis/local/open-analysis.js");
  const { Config } = await load("domain/config.js");
  const stateDir = join(home, `${name}-state`);
  const { git } = await openGit({ root: repository(name, files), stateDir, submodules: "refuse" });
  const head = await git.resolve("HEAD");
  const analysis = await openAnalysis({
    config: Config.parse({}),
    git,
    sandbox,
    dependencies: async () => dependencies,
    cacheDir: join(stateDir, "cache"),
  });
  const edited = async (changes) => {
    const layer = [];
    for (const [path, text] of Object.entries(changes))
      layer.push({ path, blob: await git.writeBlob(text), mode: "100644" });
    return git.layOver(head.tree, layer);
  };
  return { analysis, edited, tree: head.tree };
}

/** Wall time in milliseconds. */
const timed = async (work) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

function print({ tool, files, changed, state }, times) {
  const sorted = [...times].sort((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  const measured = [times.length, median.toFixed(0), sorted.at(-1).toFixed(0), loadavg()[0].toFixed(1)];
  console.log([tool, files, changed, state, ...measured].join(","));
}

function staticRepository() {
  const files = { "package.json": '{ "type": "module" }', "src/core.ts": core() };
  for (let n = 0; n < 1500; n += 1) files[`src/m${n}.ts`] = typescriptFile(n);
  for (let n = 0; n < 300; n += 1) files[`app/m${n}.py`] = pythonFile(n);
  for (let n = 0; n < 198; n += 1) files[`test/m${n}.test.ts`] = testFile(n);
  return files;
}

/** Six files, other ones each round. */
function staticChanges(round) {
  const changes = { [`app/m${round}.py`]: pythonFile(round, `\nround_${round} = ${round}\n`) };
  for (let n = round * 4; n < round * 4 + 4; n += 1)
    changes[`src/m${n}.ts`] = typescriptFile(n, `export const round = ${round};\n// Why ${round}: because.\n`);
  changes[`test/m${round}.test.ts`] = testFile(round, `  it("new ${round}", () => {\n    expect(1).toBe(1);\n  });\n`);
  return changes;
}

async function staticRound(round, { analysis, edited, files }) {
  const changes = staticChanges(round);
  const tree = await edited(changes);
  const paths = Object.keys(changes);
  const testPath = `test/m${round}.test.ts`;
  const syntax = await timed(() => analysis.diagnose("syntax", tree, paths));
  const lint = await timed(() => analysis.diagnose("lint", tree, paths));
  const cases = await timed(async () => {
    await analysis.cases(testPath, files[testPath]);
    await analysis.cases(testPath, changes[testPath]);
  });
  return { syntax, lint, cases, "syntax+lint+cases": syntax + lint + cases };
}

async function measureStatic(sandbox) {
  const files = staticRepository();
  const { analysis, edited } = await opened("static", files, { sandbox });
  const measured = [];
  for (let round = 0; round <= rounds; round += 1) measured.push(await staticRound(round, { analysis, edited, files }));
  const [cold, ...warm] = measured;
  for (const tool of Object.keys(cold)) {
    print({ tool, files: 2000, changed: 6, state: "cold" }, [cold[tool]]);
    print(
      { tool, files: 2000, changed: 6, state: "warm" },
      warm.map((round) => round[tool]),
    );
  }
  await analysis.close();
}

async function measureTypes(sandbox) {
  const config = {
    compilerOptions: { strict: true, module: "NodeNext", target: "ES2022", types: [], skipLibCheck: true },
    include: ["src"],
  };
  const files = {
    "package.json": '{ "type": "module" }',
    "tsconfig.json": JSON.stringify(config),
    "src/core.ts": core(),
  };
  for (let n = 0; n < 497; n += 1) files[`src/m${n}.ts`] = typescriptFile(n);
  const dependencies = [{ source: join(root, "node_modules"), place: "node_modules" }];
  const { analysis, edited, tree } = await opened(`types-${sandbox.name.split(" ")[0]}`, files, {
    sandbox,
    dependencies,
  });
  const look = (one, path) => timed(() => analysis.diagnose("types", one, [path]));
  const tool = `types (${sandbox.name})`;
  print({ tool, files: 500, changed: 0, state: "cold" }, [await look(tree, "src/core.ts")]);
  for (const [what, path, text] of [
    ["warm: a leaf", "src/m490.ts", (round) => typescriptFile(490, `export const round = ${round};\n`)],
    ["warm: what all use", "src/core.ts", (round) => core(`export const round${round}: string = "${round}";\n`)],
    [
      "warm: a new file",
      "src/new.ts",
      (round) => `import { money } from "./core.js";\nexport const one = money(${round});\n`,
    ],
  ]) {
    const times = [];
    for (let round = 1; round <= rounds; round += 1) {
      const changed = await edited({ [path]: text(round) });
      times.push(await look(changed, path));
    }
    print({ tool, files: 500, changed: 1, state: what }, times);
  }
  await analysis.close();
}

try {
  compile(built, "--noCheck", "--declaration", "false");
  cpSync(join(root, "src/adapters/analysis/local/servers"), join(built, "adapters/analysis/local/servers"), {
    recursive: true,
  });
  const { openNone } = await load("adapters/sandbox/none/open-none.js");
  const { openBubblewrap, probeBubblewrap } = await load("adapters/sandbox/bubblewrap/open-bubblewrap.js");
  const probe = await probeBubblewrap();
  const sandbox = probe.usable ? await openBubblewrap() : openNone();
  console.log("tool,files,changed,state,rounds,median_ms,max_ms,load");
  await measureStatic(sandbox);
  await measureTypes(sandbox);
  if (probe.usable) await measureTypes(openNone());
} finally {
  rmSync(built, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
}
