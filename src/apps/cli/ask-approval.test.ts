import { afterEach, expect, test } from "vitest";
import { facts, refusalText, silent, tell, within } from "../../../test/kit/story.ts";
import { SUBTRACT_CODE, SUMS_CONFIG, subtracting, sums } from "../../../test/kit/sums.ts";
import type { Target } from "../../../test/kit/target.ts";
import type { Mill } from "../../mill.ts";
import { askApproval } from "./ask-approval.ts";
import type { Session } from "./session.ts";

let target: Target;
afterEach(() => target.remove());

/** A person at a terminal who gives these answers, and what they were shown. */
function personSaying(...answers: readonly string[]): { readonly session: Session; readonly shown: string[] } {
  const shown: string[] = [];
  const left = [...answers];
  const ask = async (question: string) => {
    shown.push(question);
    return left.shift() ?? "";
  };
  const stdout = { write: (text: string) => void shown.push(text) };
  return { session: { terminal: { stdout, colors: false, ask }, json: false } as unknown as Session, shown };
}

const wait = async () => {
  target = sums({ "millwright.yaml": `${SUMS_CONFIG}approvals: { task: human }\n` });
  const { run, outcome } = await tell(target, subtracting());
  return { run, outcome };
};

test("a person at the terminal sees the difference, says no and why, looks later, then says yes", {
  timeout: 120_000,
}, async () => {
  const end = await wait();
  const better = SUBTRACT_CODE.replace("left - right", "left - right + 0");
  const script = subtracting({ developer: [SUBTRACT_CODE, better] });
  const told = await within(target, { script }, async (mill: Mill) => {
    const later = personSaying("perhaps");
    expect(await askApproval(later.session, mill, end)).toBe(false);
    expect(later.shown.join("")).toContain("+  return left - right;");
    expect(later.shown.join("")).toContain("T1: shall this land?");
    expect(await askApproval(personSaying("n", "zero has a sign").session, mill, end)).toBe(true);
    const second = await mill.resume(end.run, {}, silent());
    expect(await askApproval(personSaying("Y").session, mill, second)).toBe(true);
    const third = await mill.resume(end.run, {}, silent());
    expect(await askApproval(personSaying("y").session, mill, third)).toBe(false);
    return { ...third, entries: await mill.entries(end.run) };
  });
  expect(told.outcome.kind, refusalText(told)).toBe("done");
  expect(facts(told, "approval-given").map(({ decision, note }) => `${decision} ${note}`)).toEqual([
    "rejected zero has a sign",
    "approved ",
  ]);
});
