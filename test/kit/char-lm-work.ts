import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openBubblewrap } from "../../src/adapters/sandbox/bubblewrap/open-bubblewrap.ts";
import type { StageWork } from "../../src/compose/research/world.ts";
import type { Design } from "../../src/domain/research/design.ts";
import { DESIGN_FILES } from "../../src/domain/research/design-problems.ts";
import { readDesign } from "../../src/domain/research/read-design.ts";
import type { Json, PythonWorld, StageEnd, StageName } from "../../src/domain/research/stage.ts";
import { researchWork } from "./research-work.ts";
import type { Target } from "./target.ts";

const example = fileURLToPath(new URL("../../examples/char-lm", import.meta.url));

/** The honest solution of examples/char-lm, text by path. */
export async function charLmFiles(): Promise<Record<string, string>> {
  const solution = join(example, "solution");
  const paths = (await readdir(solution, { recursive: true })).filter((path) => path.endsWith(".py"));
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(solution, path), "utf8")])),
  );
}

/** Its design, with a shorter training. */
async function charLmDesign(): Promise<Design> {
  const texts = await Promise.all(
    DESIGN_FILES.map(async (file) => [file, await readFile(join(example, "design", file), "utf8")]),
  );
  const read = readDesign(Object.fromEntries(texts), "design");
  if (read.kind === "problems") throw new Error(read.problems.join("\n"));
  return { ...read.design, subject: { ...read.design.subject, steps: 40 } };
}

/** A stage's work on the target as it is now; these stages have reported before. `remove` clears what it keeps. */
export async function charLmWork(
  target: Target,
  reports: Partial<Record<StageName, Json>> = {},
): Promise<{ readonly work: StageWork; remove(): void }> {
  const python: PythonWorld = {
    argv: ["/usr/bin/python3"],
    mounts: [],
    env: { PATH: "/usr/bin:/bin", LANG: "C.UTF-8", MILLWRIGHT_DATASETS: "/datasets" },
    digest: "e".repeat(64),
    accelerator: { device: "cpu", wanted: "cpu", name: "A CPU", cores: 2, memoryMegabytes: 4000 },
    datasets: [{ source: join(example, "data"), target: "/datasets", access: "read" }],
  };
  const plan = { environment: { kind: "system" } };
  const made = await researchWork({ target, sandbox: await openBubblewrap(), plan, python });
  const work = { ...made.work, design: await charLmDesign(), reportOf: (stage: StageName) => reports[stage] };
  return { work, remove: () => made.remove() };
}

/** The end of a stage that has to have passed. */
export function passedEnd(end: StageEnd): Extract<StageEnd, { kind: "passed" }> {
  if (end.kind !== "passed") throw new Error(JSON.stringify(end, null, 1));
  return end;
}
