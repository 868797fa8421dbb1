import { describe, expect, test } from "vitest";
import { pendingPlans } from "../../src/compose/serve/pending-plans.ts";
import { choosePlan } from "../../src/domain/schedule/choose-plan.ts";
import { facts, refusalText, tell, within } from "../kit/story.ts";
import { approval, byTask, file, planWith, SUBTRACT_CODE, SUBTRACT_TESTS, sums, testOf } from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";

/** Two committed plans: `double` needs `subtract`, by itself and through its task. */
function linked(): Target {
  const target = sums();
  const head = { spec: { digest: "0".repeat(64) }, base: target.git("rev-parse", "HEAD") };
  const double = {
    id: "T2",
    accept: { AC2: "`double(4)` of `src/double.js` returns 8" },
    needs: ["subtract/T1"],
    files: ["src/double.js"],
    tests: ["test/double.test.js"],
    creates: ["src/double.js#double"],
  };
  target.write("plans/subtract.md", planWith([{}], head));
  target.write("plans/double.md", planWith([double], { ...head, plan: "double", needs: ["subtract"] }));
  target.commit("Plan both");
  return target;
}

const script = byTask("nobody should ask", {
  T1: { tester: [SUBTRACT_TESTS], developer: [SUBTRACT_CODE], reviewer: [approval("AC1")] },
  T2: {
    tester: [file("test/double.test.js", testOf("double", "AC2 doubles", "assert.equal(double(4), 8);"))],
    developer: [file("src/double.js", "export function double(one) {\n  return one * 2;\n}")],
    reviewer: [approval("AC2")],
  },
});

async function subtracted(target: Target): Promise<void> {
  const told = await tell(target, script, { input: "plans/subtract.md" });
  expect(told.outcome, refusalText(told)).toEqual({ kind: "done", branch: "loop/subtract" });
}

describe("a plan that another plan needs", () => {
  test("is not pursued again when it is done and merged", async () => {
    const target = linked();
    await subtracted(target);
    target.git("merge", "--quiet", "loop/subtract");
    target.git("branch", "--quiet", "-D", "loop/subtract");
    const told = await tell(target, script, { input: "plans/double.md" });
    expect(told.outcome, refusalText(told)).toEqual({ kind: "done", branch: "loop/double" });
    expect(facts(told, "landed").map(({ task }) => task)).toEqual(["T2"]);
    expect(facts(told, "plan-accepted").map(({ plan }) => plan)).toEqual(["double"]);
    expect(facts(told, "notice").map(({ message }) => message)).toContain(
      "The plan subtract is done and in the base: it is not pursued again.",
    );
    expect(target.git("show", "loop/double:plans/double.md")).toContain("subtract/T1");
    target.remove();
  });

  test("has to be merged first when it is done on a branch of its own", async () => {
    const target = linked();
    await subtracted(target);
    await expect(tell(target, script, { input: "plans/double.md" })).rejects.toThrow(/git merge loop\/subtract/);
    const rows = await within(target, {}, (mill) => mill.plans());
    const pending = await within(target, {}, (mill) => pendingPlans(mill, 0));
    expect(rows.find(({ plan }) => plan === "double")).toMatchObject({
      ready: false,
      reason: "it needs subtract, which is done and not merged yet",
    });
    expect(choosePlan(pending)).toMatchObject({ next: undefined, passedOver: [{ plan: "double", why: "waiting" }] });
    target.git("merge", "--quiet", "loop/subtract");
    expect(choosePlan(await within(target, {}, (mill) => pendingPlans(mill, 0))).next?.plan).toBe("double");
    target.remove();
  });

  test("is pursued anew when its branch was thrown away", async () => {
    const target = linked();
    await subtracted(target);
    target.git("branch", "--quiet", "-D", "loop/subtract");
    const told = await tell(target, script, { input: "plans/double.md" });
    expect(told.outcome, refusalText(told)).toEqual({ kind: "done", branch: "loop/double" });
    expect(facts(told, "landed").map(({ task }) => task)).toEqual(["T1", "T2"]);
    target.remove();
  });
});
