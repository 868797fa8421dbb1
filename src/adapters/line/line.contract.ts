import { expect, test } from "vitest";
import type { IncidentReport } from "../../domain/incident.ts";
import type { Clock } from "../../engine/ports.ts";
import { manualClock } from "../clock/manual.ts";
import type { IncidentBook } from "./book.ts";

const AT = Date.UTC(2026, 10, 21, 18, 20, 15);

export function anIncident(change: Partial<IncidentReport> = {}): IncidentReport {
  return {
    key: "tampering/T1/2",
    run: "r20261121-1",
    task: "T1",
    kind: "tampering",
    stops: true,
    at: "door",
    problem: "T1 changes a test that was there before",
    evidence: ["tests/sum.test.ts"],
    ...change,
  };
}

/** What every line, and every book of incidents, promises. */
export function lineContract(open: (clock: Pick<Clock, "now">) => Promise<IncidentBook>): void {
  const opened = async () => {
    const clock = manualClock(AT);
    return { clock, book: await open(clock) };
  };

  test("a line that nobody has reported anything to runs", async () => {
    const { book } = await opened();
    expect(await book.stopped()).toEqual([]);
    expect(await book.all()).toEqual([]);
    expect(await book.find("INC-20261121-182015-00000000")).toBeUndefined();
    expect(await book.find("../..")).toBeUndefined();
  });

  test("an incident that stops is open from the moment its id is known", async () => {
    const { book } = await opened();
    const id = await book.report(anIncident());
    expect(id).toMatch(/^INC-20261121-182015-[0-9a-f]{8}$/);
    expect(await book.stopped()).toEqual([
      { id, kind: "tampering", problem: "T1 changes a test that was there before" },
    ]);
  });

  test("an incident that is filed stops nothing, and is kept", async () => {
    const { book } = await opened();
    const id = await book.report(anIncident({ kind: "deadlock", stops: false }));
    expect(await book.stopped()).toEqual([]);
    expect((await book.find(id))?.evidence).toMatchObject({ kind: "deadlock", stops: false, openedAt: AT });
  });

  test("the same run and key again is the same incident, also later, at once, and after it was closed", async () => {
    const { book, clock } = await opened();
    const ids = await Promise.all([1, 2, 3, 4].map(() => book.report(anIncident())));
    clock.advance(60_000);
    ids.push(await book.report(anIncident({ problem: "Other words" })));
    expect(new Set(ids).size).toBe(1);
    await book.close(ids[0]!, { closedAt: AT, closed: "now" }, "# Closed\n");
    expect(await book.report(anIncident())).toBe(ids[0]);
    expect(await book.stopped()).toEqual([]);
    expect(await book.all()).toHaveLength(1);
  });

  test("another run or another key is another incident; they come oldest first", async () => {
    const { book, clock } = await opened();
    const first = await book.report(anIncident({ run: "r9" }));
    clock.advance(1_000);
    const second = await book.report(anIncident({ run: "r1" }));
    clock.advance(1_000);
    const third = await book.report(anIncident({ run: "r1", key: "another" }));
    expect((await book.stopped()).map(({ id }) => id)).toEqual([first, second, third]);
    expect((await book.all()).map(({ id }) => id)).toEqual([first, second, third]);
  });

  test("what opens doors is not written, and what is long is clipped", async () => {
    const { book } = await opened();
    const id = await book.report(
      anIncident({
        problem: "The login with password=hunter2-and-more failed",
        evidence: ["API_KEY=sk-ant-REDACTED", "x".repeat(10_000), "the end"],
        failures: [
          {
            rule: "green/fails",
            answers: "developer",
            message: "postgres://app:tops3cret@db/x",
            evidence: "token: abc123def",
          },
        ],
      }),
    );
    const text = JSON.stringify(await book.find(id));
    for (const secret of ["hunter2", "sk-ant-REDACTED", "tops3cret", "abc123def"]) expect(text).not.toContain(secret);
    const output = (await book.find(id))?.evidence.output ?? "";
    expect(output.length).toBeLessThanOrEqual(2_400);
    expect(output.endsWith("the end")).toBe(true);
  });

  test("an incident says where the repository stood, what is behind it, and a report for people", async () => {
    const { book } = await opened();
    const id = await book.report(anIncident({ kind: "escalation", at: "green", evidence: ["sh: 1: ruff: not found"] }));
    const incident = await book.find(id);
    expect(incident?.evidence.git).toEqual({ branch: "main", head: "c0ffee", status: ["notes.txt"] });
    expect(incident?.analysis).toMatchObject({ category: "command-missing", type: "environment", whys: [] });
    expect(incident?.analysis.signature).toMatch(/^[0-9a-f]{12}$/);
    expect(incident?.documents["report.md"]?.match(/^## /gm)?.length).toBeGreaterThanOrEqual(2);
  });

  test("an open incident is changed, and its report with it; two changes at once are both there", async () => {
    const { book } = await opened();
    const id = await book.report(anIncident());
    const add = (what: string) =>
      book.amend(id, ({ actions }) => ({ actions: [...actions, { level: "L2", what, artefact: "a.ts" }] }));
    await Promise.all([add("first"), add("second"), add("third")]);
    const incident = await book.find(id);
    expect(incident?.actions.map(({ what }) => what).sort()).toEqual(["first", "second", "third"]);
    expect(incident?.documents["report.md"]).toContain("L2 (detect it): second [a.ts]");
  });

  test("a closed incident stops nothing, keeps its files, and is changed no more", async () => {
    const { book } = await opened();
    const id = await book.report(anIncident());
    const closing = { closedAt: AT + 5, closed: "2026-11-21T18:20:20Z", approvedBy: "Ada" };
    await book.close(id, closing, "# The end\n");
    expect(await book.stopped()).toEqual([]);
    const closed = await book.find(id);
    expect(closed?.closing).toEqual(closing);
    expect(closed?.documents["final-report.md"]).toBe("# The end\n");
    await expect(book.amend(id, () => ({ actions: [] }))).rejects.toThrow(`No incident ${id} is open`);
    await expect(book.close(id, closing, "again")).rejects.toThrow("is open");
    await expect(book.amend("INC-1", () => ({}))).rejects.toThrow("is open");
  });
}
