import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { audited, DIVIDE, finding, said, target, text, voices } from "../kit/audits.ts";
import { silent, within } from "../kit/story.ts";
import { SUMS_CONFIG } from "../kit/sums.ts";
import { makeTarget } from "../kit/target.ts";

describe("an audit that cannot see everything", () => {
  test("asks again for an answer that cannot be read, three times, then waits", async () => {
    const place = target();
    const { script, asked } = voices({ auditor: ["I found a lot!"] });
    const end = await audited(place, script);
    expect(asked).toHaveLength(3);
    expect(asked[2]).toContain("Answer with one JSON object");
    expect(end).toMatchObject({
      outcome: { kind: "waiting", reason: expect.stringContaining("auditor") },
      report: undefined,
    });
    place.remove();
  }, 60_000);

  test("waits when the budget is spent, and goes on with a larger one", async () => {
    const place = target();
    const { script } = voices({ auditor: [said([finding()])] });
    const end = await audited(place, script, { budget: { attempts: 1 } });
    expect(end.outcome).toMatchObject({ kind: "waiting", reason: expect.stringContaining("budget") });
    const resumed = await within(place, { script }, (mill) =>
      mill.resume(end.run, { budget: { attempts: 9 } }, silent()),
    );
    expect(resumed.outcome.kind).toBe("done");
    expect(readdirSync(join(place.dir, "plans"))).toHaveLength(1);
    place.remove();
  }, 60_000);

  test("names what it did not read: huge, binary, foreign files, and what a small budget leaves out", async () => {
    const huge = `export const table = [\n${"  1,\n".repeat(60_000)}];\n`;
    const config = `${SUMS_CONFIG}limits: { auditTokens: 2000 }\n`;
    const long = "export function long(one) {\n  return one;\n}\n".repeat(60);
    const place = target({
      "src/huge.js": huge,
      "src/long.js": long,
      "dist/out.js": "var a;\n",
      "millwright.yaml": config,
    });
    writeFileSync(join(place.dir, "src/picture.js"), Buffer.from([0, 1, 2, 255, 0]));
    place.commit("Add a picture");
    const end = await audited(place, voices({ auditor: [said([finding()])] }).script);
    const why = Object.fromEntries(end.unread.map((one) => [one.path, one.why]));
    expect(why["src/huge.js"]).toMatch(/KiB/);
    expect(why["src/picture.js"]).toMatch(/no text/);
    expect(why["dist/out.js"]).toMatch(/generated/);
    expect(why["src/long.js"]).toMatch(/token/);
    place.remove();
  }, 60_000);

  test("with --since reads what has changed and what is next to it", async () => {
    const user = 'import { divide } from "./divide.js";\nexport const half = (one) => divide(one, 2);\n';
    const place = target({ "src/half.js": user });
    const since = place.git("rev-parse", "HEAD");
    place.write("src/divide.js", `${DIVIDE}// changed\n`);
    place.commit("Change");
    const { script, asked } = voices({ auditor: [said([])] });
    const end = await audited(place, script, { since });
    expect(asked[0]).toContain("## src/half.js");
    expect(asked[0]).not.toContain("## src/add.js");
    expect(end.unread.map(({ path }) => path)).toContain("src/add.js");
    place.remove();
  }, 60_000);

  test("says what is wrong before it begins: no such commit, no model, no commit yet", async () => {
    const place = target();
    const { script } = voices({ auditor: [said([])] });
    await expect(audited(place, script, { since: "no-such-branch" })).rejects.toThrow(
      /There is no commit "no-such-branch"/,
    );
    await expect(audited(place, script, { since: "--output=x" })).rejects.toThrow(/There is no commit/);
    place.write(
      "millwright.yaml",
      SUMS_CONFIG.replace("models: { default: mailbox }", "models: { developer: mailbox }"),
    );
    await expect(within(place, {}, (mill) => mill.audit({ level: "quick" }, silent()))).rejects.toThrow(
      /no model is configured for auditor/,
    );
    place.remove();
    const empty = makeTarget({});
    const end = await audited(empty, script);
    expect(end.outcome.kind).toBe("done");
    expect(end.findings).toEqual([]);
    empty.remove();
  }, 60_000);

  test("says that there are no tests, and reads the commit, not what lies changed in the checkout", async () => {
    const place = makeTarget({ "src/only.js": DIVIDE });
    place.write("src/only.js", "broken(");
    const { script, asked } = voices({ auditor: [said([])] });
    const end = await audited(place, script);
    expect(end.findings[0]).toMatchObject({ by: "coverage", kind: "missing-tests", impact: "high" });
    expect(asked[0]).toContain("return left / right;");
    place.remove();
  }, 60_000);
});

describe("plans and the code", () => {
  test("reconcile sees what moved, what is gone, and writes only when told", async () => {
    const place = target();
    const end = await audited(place, voices({ auditor: [said([finding()])] }).script);
    const path = end.plans[0]?.path ?? "";
    const look = (apply: boolean) =>
      within(place, {}, (mill) => mill.reconcile({ apply, signal: new AbortController().signal }));
    expect(await look(false)).toMatchObject([{ verdict: "fits", notes: [], applied: false }]);
    place.write("src/divide.js", `// division\n\n${DIVIDE}`);
    place.commit("Move it down");
    const before = text(place, path);
    expect(await look(false)).toMatchObject([{ verdict: "refresh", applied: false }]);
    expect(text(place, path)).toBe(before);
    expect(await look(true)).toMatchObject([{ verdict: "refresh", applied: true }]);
    expect(text(place, path)).toContain("lines: 4-4");
    place.write("src/divide.js", "export const divide = (left, right) => (right === 0 ? undefined : left / right);\n");
    place.commit("Mend it by hand");
    expect(await look(true)).toMatchObject([{ verdict: "stale", applied: true }]);
    expect(await within(place, {}, (mill) => mill.plans())).toMatchObject([{ state: "rejected" }]);
    expect(await look(true)).toEqual([]);
    place.remove();
  }, 120_000);
});
