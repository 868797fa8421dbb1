import { afterAll, expect, test } from "vitest";
import { targetRepository } from "../../../../test/kit/target-repository.ts";
import { lineDates } from "./blame.ts";
import { inspectRepository } from "./inspection.ts";
import { commitNamed, distanceOf, loopBranches } from "./revisions.ts";

const target = targetRepository({ "a.txt": "one\ntwo\nthree\n" });
afterAll(() => target.remove());

test("names commits, counts between them, and knows when lines were written", async () => {
  const first = target.git("rev-parse", "HEAD").trim();
  const began = Number(target.git("show", "--no-patch", "--format=%ct", "HEAD").trim());
  target.write({ "a.txt": "one\n2\nthree\n" });
  target.git("commit", "--quiet", "--all", "--message=Two");
  target.git("branch", "loop/sums");
  const inspection = await inspectRepository(target.root);
  const head = inspection.head ?? "";
  expect(await commitNamed(inspection, "HEAD~1")).toBe(first);
  expect(await commitNamed(inspection, first.slice(0, 8))).toBe(first);
  for (const name of ["nothing", "--all", "HEAD:a.txt"])
    await expect(commitNamed(inspection, name)).rejects.toThrow(/There is no commit/);
  expect(await distanceOf(inspection, first, head)).toEqual({ commits: 1, at: began });
  expect(await distanceOf(inspection, "0".repeat(40), head)).toBeUndefined();
  expect(await loopBranches(inspection)).toEqual(["loop/sums"]);
  const dates = await lineDates(inspection, { commit: head, path: "a.txt", lines: [1, 2] });
  expect([...dates.keys()]).toEqual([1, 2]);
  expect(dates.get(1)).toBe(began);
  expect(await lineDates(inspection, { commit: head, path: "gone.txt", lines: [1] })).toEqual(new Map());
});
