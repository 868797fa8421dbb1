import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { parse } from "yaml";
import { recordingDir } from "../../src/compose/run-once.ts";
import { available } from "../kit/available.ts";
import { experiment, experimented, METRICS, PLAN, REAL_STAGES, researching, wayOf } from "../kit/research.ts";
import { facts, refusalText, within } from "../kit/story.ts";
import { file } from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";
import { wholeCli } from "../kit/whole-cli.ts";

const targets: Target[] = [];
afterEach(() => {
  for (const target of targets.splice(0)) target.remove();
});
const cli = wholeCli();

const TEXT = "2 of 3\n";
const DATASETS = `datasets:
  - name: text.txt
    source: assets/text.txt
    sha256: ${createHash("sha256").update(TEXT).digest("hex")}
    bytes: ${TEXT.length}
    licence: public domain
training:`;
const EVALUATE = file(
  "src/evaluate.py",
  `import os


def error_of(left, right):
    return abs(left - right)


if __name__ == "__main__":
    with open(os.path.join(os.environ["MILLWRIGHT_DATASETS"], "text.txt")) as text:
        print('{"error": %f}' % error_of(3.0, float(text.read()[0])))`,
);

function prepared(): Target {
  const target = experiment({
    "assets/text.txt": TEXT,
    "design/plan.md": PLAN.replace("training:", DATASETS),
    "design/metrics.yaml": METRICS.replace("command: python3", 'command: "{python}').replace(/\.py$/m, '.py"'),
  });
  targets.push(target);
  return target;
}

/** Where it is killed: it has just said this. */
const DEATHS = [
  /the experiment is on research\/mean/,
  /core1: asks the developer/,
  /stage core, visit 1: passed/,
  /eval1: red passed/,
];

test("killed in every stage, and its cache cleared on the way, an experiment loses nothing and does nothing twice", {
  timeout: 900_000,
}, async (context) => {
  if (!available.bwrap) context.skip("bubblewrap is not installed");
  const model = prepared();
  const told = await experimented(model, researching({ "eval1/developer": [EVALUATE] }), { stages: REAL_STAGES });
  expect(told.outcome.kind, refusalText(told)).toBe("done");

  const target = prepared();
  const recording = recordingDir(join(model.dir, ".millwright"), told.run);
  let words = ["research", ".", "--recording", recording];
  for (const death of DEATHS) {
    const live = cli.start(target, words);
    await expect.poll(() => live.said(), { timeout: 240_000, interval: 20 }).toMatch(death);
    live.child.kill("SIGKILL");
    expect((await live.ended).signal).toBe("SIGKILL");
    if (death.source.includes("core, visit 1"))
      rmSync(join(target.dir, ".millwright/cache"), { recursive: true, force: true });
    words = ["resume"];
  }
  const end = await cli.call(target, words);
  expect(`${end.exit} ${end.stderr}`).toBe("0 ");

  const { run, entries } = await within(target, {}, async (mill) => {
    const id = (await mill.runs()).at(-1)?.id ?? "";
    return { run: id, entries: await mill.entries(id) };
  });
  const ended = { run, outcome: told.outcome, entries };
  expect(wayOf(ended)).toEqual(wayOf(told));
  for (const type of ["landed", "answered"] as const)
    expect(facts(ended, type).map(({ task }) => task)).toEqual(facts(told, type).map(({ task }) => task));
  expect(target.git("rev-parse", "research/mean:src")).toBe(model.git("rev-parse", "research/mean:src"));
  const onBranch = target.git("show", "research/mean:pipeline.yaml");
  expect(parse(onBranch).stages.map(({ state }: { state: string }) => state)).toEqual(Array(7).fill("passed"));
  const live = readFileSync(join(target.dir, `.millwright/research/${run}/pipeline.yaml`), "utf8");
  expect(live.trim()).toBe(onBranch.trim());
});
