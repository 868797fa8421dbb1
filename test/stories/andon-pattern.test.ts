import { afterEach, describe, expect, test } from "vitest";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { openAndon } from "../../src/compose/andon/open-andon.ts";
import type { Changes } from "../../src/mill.ts";
import { facts, refusalText, silent, type Told, tell, within } from "../kit/story.ts";
import { file, SUBTRACT_CODE, SUMS_CONFIG, subtracting, sums } from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";

let target: Target;
afterEach(() => target.remove());

const withLimits = (limits: string) => sums({ "millwright.yaml": `${SUMS_CONFIG}limits: { ${limits} }\n` });
const gutted = file("test/subtract.test.js", 'import { test } from "node:test";\ntest("AC1 subtracts", () => {});');
const cheat: Script = subtracting({ developer: [gutted, `${gutted}\n${SUBTRACT_CODE}`, SUBTRACT_CODE] });

async function resume(script: Script, changes: Changes = {}): Promise<Told> {
  return within(target, { script }, async (mill) => {
    const end = await mill.resume((await mill.runs()).at(-1)?.id, changes, silent());
    return { ...end, entries: await mill.entries(end.run) };
  });
}

/** Somebody edits the spec while the developer answers. */
const drifting =
  (text: string): Script =>
  (request) => {
    if (request.role === "developer") target.write("specs/subtract.md", `# Subtract\n\n${text}\n`);
    return subtracting()(request);
  };

const PLACES = [
  ["the answer changed what it was not asked to change", "package.json", 1, '"name": "sums"'],
  ["nothing in the brief says what stays as it is", "src/add.js", 1, "export function add"],
  ["the brief of this project names no such rule", "src/add.js", 2, "return left + right"],
  ["nobody wrote down who owns which files", "test/add.test.js", 1, "import assert"],
  ["the project has no note about who owns what", "test/add.test.js", 2, "import { test }"],
] as const;

/** Closes the newest incident as a person does: verified Five Whys, an action whose artefact is committed, a name. */
async function closeWith(note: string): Promise<void> {
  const andon = await openAndon(target.dir, {});
  for (const [index, [answer, path, line, quote]] of PLACES.entries()) {
    const root = index === 4 ? { category: "spec-omission" } : {};
    const verification = { kind: "quote", path, line, quote } as const;
    await andon.why(undefined, { answer, verification, proven: false, expectExit: 0, ...root });
  }
  target.write(note, "Who owns what.\n");
  target.git("add", note);
  target.git("commit", "-q", "-m", `Write ${note}`);
  await andon.act(undefined, { level: "L3", what: "a note says who owns what", artefact: note });
  await andon.close(undefined, { approvedBy: "Ada Lovelace", hypothesis: "makers read the note from now on" });
}

const openings = (told: Told) => facts(told, "incident-opened").map(({ kind, at }) => `${kind} at ${at}`);

describe("Meta-Andon", { timeout: 600_000 }, () => {
  test("is opened by a second opening at another gate of the same run, and not by one at the same gate", async () => {
    target = withLimits("sameSignature: 9, attempts: 9");
    expect(openings(await tell(target, cheat))).toEqual(["tampering at door"]);
    await closeWith("NOTES.md");
    const told = await resume(drifting("We want `minus` instead."));
    expect(told.outcome.kind, refusalText(told)).toBe("waiting");
    expect(openings(told)).toEqual(["tampering at door", "spec-drift at land", "meta-andon at meta-andon"]);
    expect(facts(told, "incident-opened").at(-1)?.problem).toContain("at 2 different gates: door, land");
    expect(facts(told, "landed")).toEqual([]);
  });

  test("is opened by two fixes that another failure followed before anything landed, and not by the first", async () => {
    target = withLimits("sameSignature: 9, attempts: 9, metaGates: 9");
    await tell(target, cheat);
    await closeWith("NOTES.md");
    const once = await resume(drifting("We want `minus` instead."));
    expect(openings(once)).toEqual(["tampering at door", "spec-drift at land"]);
    await closeWith("OWNERS.md");
    // Another run: what was fixed is counted over all of them.
    target.git("checkout", "-q", "--", "specs");
    const twice = await tell(target, drifting("We want `less` instead."));
    expect(openings(twice), refusalText(twice)).toEqual(["spec-drift at land", "meta-andon at meta-andon"]);
    expect(facts(twice, "incident-opened").at(-1)?.problem).toContain("2 fixes were followed by another failure");
    expect((await tell(target, subtracting())).outcome).toMatchObject({
      kind: "waiting",
      reason: expect.stringMatching(/^The line is stopped by .* and 1 more/),
    });
  });
});
