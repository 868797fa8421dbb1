import { describe, expect, it } from "vitest";
import { type Patience, pauseBefore } from "./patience.ts";
import { type FailureCode, type Remedy, StepFailure } from "./step-failure.ts";

const failure = (code: FailureCode, remedy: Remedy, retryAfter?: number) =>
  new StepFailure("no", { code, remedy, hint: "", ...(retryAfter === undefined ? {} : { retryAfter }) });
const known = (more: Partial<Patience> = {}): Patience => ({
  tries: 1,
  waited: 0,
  answered: true,
  limits: { stepTries: 3, outageMinutes: 60 },
  ...more,
});

describe("the pause before the next try", () => {
  it("of a transient failure grows, and is what the server asks for", () => {
    expect(pauseBefore(failure("model-unreachable", "retry"), known({ tries: 2 }))).toBe(4);
    expect(pauseBefore(failure("model-rate-limited", "retry", 17), known())).toBe(17);
  });

  it("of an outage is at most five minutes, until the limit", () => {
    const down = failure("model-unreachable", "retry");
    expect(pauseBefore(down, known({ tries: 20, waited: 600 }))).toBe(300);
    expect(pauseBefore(down, known({ tries: 20, waited: 3500 }))).toBeUndefined();
    expect(pauseBefore(down, known({ tries: 3, limits: { stepTries: 3, outageMinutes: 0 } }))).toBeUndefined();
  });

  it("of a usage window is as long as the window, within the limit", () => {
    const window = failure("model-rate-limited", "retry", 3000);
    expect(pauseBefore(window, known({ tries: 5, waited: 60 }))).toBe(3000);
    expect(pauseBefore(window, known({ tries: 5, waited: 1000 }))).toBeUndefined();
  });

  it("is none for a provider that never answered, and for what no waiting mends", () => {
    expect(pauseBefore(failure("model-unreachable", "retry"), known({ tries: 3, answered: false }))).toBeUndefined();
    expect(pauseBefore(failure("model-rejected", "ask"), known())).toBeUndefined();
    expect(pauseBefore(failure("budget-spent", "ask"), known())).toBeUndefined();
  });
});
