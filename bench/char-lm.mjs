/**
 * Two tables as CSV on standard output. First, the planted faults of examples/char-lm (the ten of the issue, then those of ours, so that
 * every check has one) and the honest twin, each through all probes of the integration stage in the real sandbox:
 * what,wanted check,caught,all failing checks,not judged,seconds. Second, wall and overhead of each stage of the recorded pipeline.
 *
 *   node bench/char-lm.mjs [steps] [faults|stages]     (default 100 and both; needs python3-torch)
 *
 * Caught means that the check which is made for the fault fails; which others fail with it stands beside. Two processes each: all measures of one
 * seed, and the short training of three seeds under another hash seed.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reportStages } from "./char-lm/stages.mjs"; // first: it must see every start
import { load, root, row, scratch } from "./kit/house.mjs";

const steps = Number(process.argv[2] ?? 100);
const example = join(root, "examples/char-lm");
const { runProbes } = await load("adapters/research/probes/run-probes.js");
const { bothProbed, MAIN_MEASURES, SEED_MEASURES, subjectChecks } = await load("domain/research/subject-checks.js");
const { readDesign, DESIGN_FILES } = await load("domain/research/read-design.js");
const { openBubblewrap } = await load("adapters/sandbox/bubblewrap/open-bubblewrap.js");

const texts = Object.fromEntries(
  DESIGN_FILES.map((file) => [file, readFileSync(join(example, "design", file), "utf8")]),
);
const { design, problems } = readDesign(texts, "design");
if (problems) throw new Error(problems.join("\n"));
const { training, subject } = design;
const sandbox = await openBubblewrap();

async function judged(edits) {
  const outer = scratch();
  const [folder, out] = [join(outer, "tree"), join(outer, "out")];
  cpSync(join(example, "solution"), folder, { recursive: true });
  mkdirSync(out);
  for (const { path, find, replace } of edits) {
    const before = readFileSync(join(folder, path), "utf8");
    if (before.split(find).length !== 2) throw new Error(`not exactly once in ${path}: ${find}`);
    writeFileSync(
      join(folder, path),
      before.replace(find, () => replace),
    );
  }
  const place = {
    sandbox,
    folder,
    out,
    seconds: 600,
    limits: { memoryMegabytes: 4096, processes: 512, outputMegabytes: 16, diskMegabytes: 1024 },
    python: {
      argv: ["/usr/bin/python3"],
      mounts: [],
      env: { PATH: "/usr/bin:/bin", LANG: "C.UTF-8", MILLWRIGHT_DATASETS: "/datasets" },
      datasets: [{ source: join(example, "data"), target: "/datasets", access: "read" }],
    },
  };
  const job = {
    subject: subject.path,
    config: training,
    seed: training.seed,
    steps,
    rates: Object.keys(training.learning_rates),
    seeds: design.seeds,
    warmup: subject.warmup,
    device: "cpu",
  };
  const began = performance.now();
  const [one, two] = await Promise.all([
    runProbes({ ...job, measures: MAIN_MEASURES, hashSeed: "0" }, place),
    runProbes({ ...job, measures: SEED_MEASURES, hashSeed: "1" }, place),
  ]);
  const seconds = (performance.now() - began) / 1000;
  const promise = { steps, accumulation: training.accumulation, seed: training.seed, rates: training.learning_rates };
  const checks = subjectChecks(bothProbed(one, two), promise);
  rmSync(outer, { recursive: true, force: true });
  return { checks, seconds };
}

const names = (checks, status) => checks.filter((one) => one.status === status).map(({ name }) => name);

async function reportFaults() {
  row("what", "wanted check", "caught", "all failing checks", "not judged", "seconds");
  const twin = await judged([]);
  const passing = names(twin.checks, "pass").length;
  const isClean = passing === twin.checks.length;
  row(
    "the honest twin",
    "none",
    isClean ? "passes" : "REFUSED",
    names(twin.checks, "fail").join(" "),
    "",
    twin.seconds,
  );
  const faults = JSON.parse(readFileSync(join(example, "faults.json"), "utf8"));
  const caught = { issue: 0, ours: 0 };
  for (const { name, check, edits, from } of faults) {
    const { checks, seconds } = await judged(edits);
    const failing = names(checks, "fail");
    if (failing.includes(check)) caught[from]++;
    const not = names(checks, "not-judged").join(" ");
    row(name, check, failing.includes(check) ? "yes" : "NO", failing.join(" "), not, seconds);
  }
  const of = (whose) => `${caught[whose]} of ${faults.filter(({ from }) => from === whose).length}`;
  console.log(
    `# caught by the check that is made for it: ${of("issue")} of the issue, ${of("ours")} of ours; the twin passes ${passing} of ${twin.checks.length} checks; ${steps} steps`,
  );
}

if (process.argv[3] !== "stages") await reportFaults();
if (process.argv[3] !== "faults") await reportStages();
