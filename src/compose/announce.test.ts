import { afterEach, expect, test } from "vitest";
import { facts, tell } from "../../test/kit/story.ts";
import { makeTarget, type Target } from "../../test/kit/target.ts";

let target: Target;
afterEach(() => target.remove());

test("a run without a test suite says how one is named", { timeout: 120_000 }, async () => {
  target = makeTarget({
    "specs/one.md": "# One\n\n`one` in src/one.py returns 1.\n",
    "millwright.yaml": "models: { default: mailbox }\nindependence: none\n",
  });
  const told = await tell(target, () => "I do not know.", { input: "specs/one.md" });
  const notices = facts(told, "notice").map(({ message }) => message);
  expect(notices).toContainEqual(expect.stringMatching(/^No test suite is configured: .*suites: \[\{ runner: pytest/));
});
