import { afterEach, describe, expect, test } from "vitest";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { listSkills, showSkill } from "../../src/compose/skills/skills-door.ts";
import { facts, goOn, refusals, refusalText, tell } from "../kit/story.ts";
import { byTask, edit, file, planWith, SUMS_CONFIG, subtracting, sums, testOf } from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";

let target: Target;
afterEach(() => target.remove());

const OWN = "---\nname: cents\ndescription: Money here is whole cents.\n---\nNever divide before you add.\n";
const named = (skill: string) => planWith([{ more: { skill } }]);

function listening(script: Script): { readonly script: Script; readonly heard: Map<string, string> } {
  const heard = new Map<string, string>();
  const listen: Script = (request) => {
    heard.set(`${request.role} ${request.attempt}`, `${request.system}\n${request.user}`);
    return script(request);
  };
  return { script: listen, heard };
}

describe("a task names its skill", { timeout: 120_000 }, () => {
  test("and its makers are told it; a judge is not", async () => {
    target = sums();
    const { script, heard } = listening(subtracting({ architect: [named("tdd")] }));
    const told = await tell(target, script);
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(heard.get("tester 1")).toContain("Skill: tdd");
    expect(heard.get("developer 1")).toContain("The least code");
    expect(heard.get("reviewer 1")).not.toContain("Skill: tdd");
  });

  test("that nobody has is refused with the nearest that there is", async () => {
    target = sums();
    const { script, heard } = listening(subtracting({ architect: [named("diagnos"), named("diagnose")] }));
    const told = await tell(target, script);
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "plan-refused")[0]?.findings[0]).toMatchObject({
      rule: "plan/unknown-skill",
      message: "T1: There is no skill diagnos. Did you mean diagnose?",
    });
    expect(heard.get("architect 2")).toContain("There is no skill diagnos. Did you mean diagnose?");
  });

  test("which the repository itself may have: then the architect is told which there are", async () => {
    target = sums({ ".agents/skills/cents/SKILL.md": OWN });
    const { script, heard } = listening(subtracting({ architect: [named("cents")] }));
    const told = await tell(target, script);
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(heard.get("architect 1")).toContain("- cents: Money here is whole cents.");
    expect(heard.get("developer 1")).toContain("Never divide before you add.");
    target.remove();

    target = sums();
    const without = listening(subtracting());
    await tell(target, without.script);
    expect(without.heard.get("architect 1")).not.toContain("Skills that are written down here");
  });

  test("that is broken is told with every problem, where it is named and where it is listed", async () => {
    target = sums({ "skills/cents/SKILL.md": OWN.replace("name: cents", "name: Cents") });
    await expect(tell(target, subtracting({ architect: [named("cents")] }))).rejects.toThrow(
      /skills\/cents\/SKILL\.md: name: must be cents, like its folder/,
    );
    const cents = (await listSkills(target.dir)).find(({ name }) => name === "cents");
    expect(cents).toMatchObject({
      from: "project",
      problems: [expect.stringContaining("name: lower-case"), expect.any(String)],
    });
    await expect(showSkill(target.dir, "tddd")).rejects.toThrow("There is no skill tddd. Did you mean tdd?");
  });

  test("and a run that goes on does not ask again which there were", async () => {
    target = sums({ ".agents/skills/cents/SKILL.md": OWN });
    target.write("millwright.yaml", `${SUMS_CONFIG}approvals: { task: human }\n`);
    target.commit("Ask a person");
    const first = await tell(target, subtracting({ architect: [named("cents")] }));
    expect(first.outcome.kind).toBe("waiting");
    target.git("rm", "-rq", ".agents");
    target.commit("Forget it");
    const second = await goOn(target, subtracting());
    expect(second.outcome.kind, refusalText(second)).toBe("waiting");
    expect(facts(second, "plan-refused")).toEqual([]);
  });
});

describe("what is shipped", () => {
  test("is whole, each for its own occasion", async () => {
    target = sums();
    const shipped = (await listSkills(target.dir)).filter(({ from }) => from === "package");
    expect(shipped.map(({ name }) => name)).toEqual([
      "andon",
      "characterise",
      "diagnose",
      "improve-architecture",
      "review",
      "tdd",
    ]);
    for (const { name, problems, description } of shipped) {
      expect(problems).toEqual([]);
      expect(description).toMatch(/[Ff]or /);
      expect((await showSkill(target.dir, name)).text.split("\n").length).toBeLessThanOrEqual(80);
    }
  });
});

describe("a bug begins with a reproduction", { timeout: 120_000 }, () => {
  test("that fails in code that is there: a test of something new alone is sent back", async () => {
    target = sums({
      "src/add.js": "export function add(left, right) {\n  return left + Math.abs(right);\n}\n",
      "specs/bug.md": "# Bug\n\n`add(2, -2)` of `src/add.js` returns 4 and has to return 0.\n",
    });
    const plan = planWith([
      {
        kind: "bug",
        accept: { AC1: "`add(2, -2)` of `src/add.js` returns 0, and no longer 4" },
        files: ["src/add.js", "src/sign.js"],
        tests: ["test/negative.test.js"],
        creates: ["src/sign.js#signed"],
      },
    ]);
    const wish = testOf("sign", "AC1 keeps the sign", "assert.equal(signed(-2), -2);").replace(
      "{ sign }",
      "{ signed }",
    );
    const reproduction = testOf("add", "AC1 adds a negative number", "assert.equal(add(2, -2), 0);");
    const told = await tell(
      target,
      byTask(plan, {
        T1: {
          tester: [file("test/negative.test.js", wish), file("test/negative.test.js", reproduction)],
          developer: [
            edit("src/add.js", "  return left + Math.abs(right);", "  return left + right;") +
              file("src/sign.js", "export function signed(value) {\n  return value;\n}"),
          ],
        },
      }),
      { input: "specs/bug.md" },
    );
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(refusals(told)).toContain("red: red/no-reproduction");
    expect(facts(told, "landed")).toHaveLength(1);
  });
});
