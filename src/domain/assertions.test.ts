import { describe, expect, it } from "vitest";
import { hollowness } from "./assertions.ts";

const NOTHING = { values: 0, anyError: 0, floating: 0, calls: ["total"] };
const about = (text = "`total(2)` returns 4") => ({ made: new Set(["total"]), criteria: [text] });

describe("a test is hollow", () => {
  it("when it calls what the task creates and asserts nothing, or where nobody hears it", () => {
    expect(hollowness(NOTHING, about())).toBe("none");
    expect(hollowness({ ...NOTHING, floating: 1 }, about())).toBe("floating");
  });

  it("when any error will do and the criterion speaks of none", () => {
    const anyError = { ...NOTHING, anyError: 1 };
    expect(hollowness(anyError, about())).toBe("any-error");
    for (const text of ["`total(-1)` throws a RangeError", "an empty list is refused", "a bad id answers 404"])
      expect(hollowness(anyError, about(text)), text).toBeUndefined();
  });

  it("not when it asserts something, or calls what may", () => {
    expect(hollowness({ ...NOTHING, values: 1 }, about())).toBeUndefined();
    expect(hollowness({ ...NOTHING, values: 1, anyError: 1, floating: 1 }, about())).toBeUndefined();
    expect(hollowness({ ...NOTHING, calls: ["total", "checkTotal"] }, about())).toBeUndefined();
    expect(hollowness({ ...NOTHING, calls: ["client"] }, about())).toBeUndefined();
  });
});
