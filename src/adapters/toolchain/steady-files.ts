import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { matches } from "../../domain/paths.ts";
import type { SuiteError } from "../../domain/suite-report.ts";
import { collects, type SuiteChoice } from "./choose-suites.ts";

/** Test files and what steers them, each with a mark that every write changes: nobody can set back a change time. */
export type Marks = ReadonlyMap<string, string>;

/** Marks of all test files of a suite in an export. Snapshots are left out: tests may write them. */
export async function marksOf(dir: string, choice: SuiteChoice, paths: ReadonlySet<string>): Promise<Marks> {
  const { profile } = choice;
  const steady = [...paths].filter(
    (path) =>
      (collects(profile, path) || matches(profile.infrastructure, path)) && !path.split("/").includes("__snapshots__"),
  );
  return new Map(await Promise.all(steady.map(async (path) => [path, await markOf(join(dir, path))] as const)));
}

async function markOf(path: string): Promise<string> {
  const found = await lstat(path, { bigint: true }).catch(() => undefined);
  return found === undefined ? "gone" : `${found.ino} ${found.ctimeNs} ${found.size}`;
}

/** Code under test that rewrites a test before the runner reads it could pass anything: such a run proves nothing. */
export function changedTests(before: Marks, after: Marks): readonly SuiteError[] {
  return [...before]
    .filter(([path, mark]) => after.get(path) !== mark)
    .map(([file]) => ({
      file,
      kind: "error",
      message: "This file was written while the tests ran. Neither code nor tests may change test files.",
    }));
}
