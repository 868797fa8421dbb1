import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { approvalKey, plainDigest } from "../domain/drift.ts";
import { InputError } from "../domain/step-failure.ts";
import type { RunContext } from "../engine/context.ts";

/**
 * Records that a person lets the run go on although its spec has changed: it keeps the spec that it began with, and the
 * changed one is for the next run. @throws InputError when the spec is as it was, or cannot be read
 */
export async function approveSpec(by: string, { spec, ports }: RunContext, root: string): Promise<true> {
  const { path } = spec;
  if (by.trim() === "") throw new InputError(["--approve-spec takes the name of whoever approves."]);
  if (path === undefined) throw new InputError(["--approve-spec: this run has no spec file that could have changed."]);
  const text = await readFile(join(root, path), "utf8").catch(() => undefined);
  if (text === undefined) throw new InputError([`--approve-spec: ${path} cannot be read.`]);
  const [from, to] = [plainDigest(spec.text), plainDigest(text)];
  if (from === to)
    throw new InputError([`--approve-spec: ${path} is what it was when the run began; nothing has to be approved.`]);
  await ports.journal.append(approvalKey(to), { type: "spec-approved", by: by.trim(), path, from, to });
  return true;
}
