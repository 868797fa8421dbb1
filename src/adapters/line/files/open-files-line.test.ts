import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { manualClock } from "../../clock/manual.ts";
import { anIncident, lineContract } from "../line.contract.ts";
import { openFilesLine } from "./open-files-line.ts";

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "millwright-line-"));
  folders.push(made);
  return join(made, "incidents");
}

/** One change after the other within this process. */
function inTurn() {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}

const look = async () => ({ branch: "main", head: "c0ffee", status: ["notes.txt"] });

function open(dir: string, clock = manualClock(1_795_285_215_000)) {
  return openFilesLine(dir, { clock, look, alone: inTurn() });
}

describe("the line in files", () => {
  lineContract(async (clock) => openFilesLine(await folder(), { clock, look, alone: inTurn() }));

  test("an incident is a folder with its four files; a closed one is in the archive", async () => {
    const dir = await folder();
    const book = open(dir);
    const id = await book.report(anIncident());
    expect((await readdir(join(dir, id))).sort()).toEqual([
      "actions.json",
      "analysis.json",
      "evidence.json",
      "report.md",
    ]);
    await book.close(id, { closedAt: 1, closed: "then" }, "# End\n");
    expect((await readdir(join(dir, "archive", id))).sort()).toEqual([
      "actions.json",
      "analysis.json",
      "closed.json",
      "evidence.json",
      "final-report.md",
      "report.md",
    ]);
    expect(await readdir(dir)).not.toContain(id);
  });

  test("another process sees it at once, and its report of the same is the same", async () => {
    const dir = await folder();
    const id = await open(dir).report(anIncident());
    const other = open(dir, manualClock(1_795_285_999_000));
    expect((await other.stopped()).map((incident) => incident.id)).toEqual([id]);
    expect(await other.report(anIncident())).toBe(id);
    expect(await other.all()).toHaveLength(1);
  });

  test("what a killed process left half written is not seen, and is cleaned with the next report", async () => {
    const dir = await folder();
    const book = open(dir);
    await mkdir(join(dir, ".new-999999999-abcd"), { recursive: true });
    await writeFile(join(dir, ".new-999999999-abcd", "evidence.json"), "{");
    expect(await book.stopped()).toEqual([]);
    expect(await book.all()).toEqual([]);
    await book.report(anIncident());
    expect((await readdir(dir)).filter((name) => name.startsWith(".new"))).toEqual([]);
  });

  test("a process killed between its claim and its folder is made good under the id that it chose", async () => {
    const dir = await folder();
    const first = await open(dir).report(anIncident());
    await rm(join(dir, first), { recursive: true });
    const again = open(dir, manualClock(1_795_299_999_000));
    expect(await again.report(anIncident())).toBe(first);
    expect((await again.stopped()).map(({ id }) => id)).toEqual([first]);
  });

  test.each(["evidence.json", "analysis.json", "actions.json"])(
    "an incident without a readable %s stops the line",
    async (name) => {
      const dir = await folder();
      const book = open(dir);
      const id = await book.report(anIncident({ stops: false }));
      await writeFile(join(dir, id, name), "{ not json");
      expect(await book.stopped()).toMatchObject([{ id, problem: expect.stringContaining("cannot be read") }]);
      await rm(join(dir, id, name));
      expect(await book.stopped()).toHaveLength(1);
    },
  );

  test("a closing that was written but not moved did not happen", async () => {
    const dir = await folder();
    const book = open(dir);
    const id = await book.report(anIncident());
    await writeFile(join(dir, id, "closed.json"), JSON.stringify({ closedAt: 1, closed: "then" }));
    expect(await book.stopped()).toHaveLength(1);
    expect((await book.find(id))?.closing).toBeUndefined();
    await book.close(id, { closedAt: 2, closed: "later" }, "# End\n");
    expect(JSON.parse(await readFile(join(dir, "archive", id, "closed.json"), "utf8")).closedAt).toBe(2);
  });

  test("a folder that cannot be written says so", async () => {
    const dir = await folder();
    await writeFile(dir, "a file stands in the way");
    await expect(open(dir).report(anIncident())).rejects.toMatchObject({ code: "environment" });
  });
});
