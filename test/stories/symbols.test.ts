import { expect, test } from "vitest";
import { facts, refusals, refusalText, tell } from "../kit/story.ts";
import { SUBTRACT_CODE, subtracting, sums } from "../kit/sums.ts";

test("a name that does not exist is refused with the nearest one before the tests run on it, and then corrected", async () => {
  const target = sums();
  try {
    const invented = SUBTRACT_CODE.replace("left - right", "addd(left, -right)").replace(
      "export function",
      'import { addd } from "./add.js";\n\nexport function',
    );
    const told = await tell(target, subtracting({ developer: [invented, SUBTRACT_CODE] }));
    expect(told.outcome, refusalText(told)).toEqual({ kind: "done", branch: "loop/subtract" });
    expect(refusals(told).slice(-1)).toEqual(["symbols: symbols/export-missing"]);
    const [refused] = facts(told, "gate-refused").filter(({ gate }) => gate === "symbols");
    expect(refused?.findings[0]).toMatchObject({
      answers: "developer",
      path: "src/subtract.js",
      line: 1,
      message: "`./add.js` (src/add.js) does not export `addd`. Did you mean add?",
    });
    // Green saw the corrected code and nothing else: the invented name never ran.
    expect(facts(told, "gate-refused").filter(({ gate }) => gate === "green")).toHaveLength(1);
    expect(facts(told, "answered").filter(({ role }) => role === "developer")).toHaveLength(2);
  } finally {
    target.remove();
  }
});
