import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { charLmFiles, charLmWork, passedEnd } from "../../../test/kit/char-lm-work.ts";
import { missingTorch, plantedFaults } from "../../../test/kit/planted-faults.ts";
import { makeTarget, type Target } from "../../../test/kit/target.ts";
import { COMPONENT_PROBES } from "../../domain/research/component-checks.ts";
import type { StageEnd } from "../../domain/research/stage.ts";
import type { Component } from "../../domain/research/tasks.ts";
import { componentStage } from "./component-stage.ts";

const rooms: { remove(): void }[] = [];
let files: Record<string, string>;
let target: Target;
beforeAll(async () => {
  files = await charLmFiles();
  target = makeTarget(files);
});
afterAll(() => {
  for (const room of rooms) room.remove();
  target.remove();
});

/** How core ends when tasks of these kinds were built. */
async function looked(components: readonly Component[], framework: "torch" | "other" = "torch"): Promise<StageEnd> {
  const room = await charLmWork(target);
  rooms.push(room);
  const { design } = room.work;
  const [task] = design.tasks;
  if (task === undefined) throw new Error("no task");
  const tasks = components.map((component, at) => ({ ...task, id: `task${at}`, component }));
  return componentStage({ ...room.work, design: { ...design, tasks, subject: { ...design.subject, framework } } });
}

/** The honest solution with one planted fault. */
async function plant(name: string): Promise<void> {
  const fault = (await plantedFaults()).find((one) => one.name === name);
  for (const [path, text] of Object.entries(files)) target.write(path, text);
  for (const { path, find, replace } of fault?.edits ?? [])
    target.write(
      path,
      (files[path] ?? "").replace(find, () => replace),
    );
  target.commit(name);
}

const BUILT = ["model", "training-loop", "data-pipeline", "checkpointing", "logging"] as const;

describe.skipIf(missingTorch)(missingTorch ?? "components of char-lm after core", { timeout: 120_000 }, () => {
  test("what is honest passes the checks of every kind, though nothing evaluates it yet", async () => {
    target.write("src/subject.py", (files["src/subject.py"] ?? "").replace(/^from evaluation.*\n/gm, ""));
    target.commit("Leave the evaluation out");
    const { report } = passedEnd(await looked(BUILT));
    const seen = JSON.stringify(report).match(/(?<="name":")[a-z_]+/g);
    expect(seen?.sort()).toEqual([...new Set(BUILT.flatMap((kind) => COMPONENT_PROBES[kind].checks))].sort());
  });

  test.each([
    ["model", "detached graph", "gradients_reach"],
    ["training-loop", "schedule off by one", "schedule"],
    ["data-pipeline", "data leak", "split_disjoint"],
    ["checkpointing", "checkpoint without optimizer", "same_next_step"],
    ["logging", "log of another rate", "log_lines"],
  ] as const)("a %s is looked at by a check of its own: %s", async (kind, fault, check) => {
    await plant(fault);
    const end = await looked([kind]);
    expect(end).toMatchObject({ kind: "refused", findings: [{ rule: `research/${check}`, answers: "developer" }] });
    const others = BUILT.filter((one) => !COMPONENT_PROBES[one].checks.includes(check));
    expect(others).toHaveLength(BUILT.length - 1);
  });

  test("what is not there yet, or is of another framework, is said not to have been looked at", async () => {
    expect(passedEnd(await looked(["model"], "other")).summary).toMatch(/the tasks' own tests show them/);
    expect(passedEnd(await looked(["other"])).summary).toMatch(/the tasks' own tests show them/);
    target.git("rm", "-q", "src/subject.py");
    target.commit("Take the module away");
    expect(passedEnd(await looked(["model"])).summary).toMatch(/src\/subject\.py is not there yet/);
  });
});
