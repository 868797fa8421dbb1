import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { facts, refusalText, tell } from "../kit/story.ts";
import { edit, SUMS_CONFIG, subtracting, sums } from "../kit/sums.ts";

/** Has the form of a key, and opens nothing. */
const KEY = `sk-ant-${"0123456789abcdef".repeat(2)}`;

test("a secret in what an incident is about stands neither in the journal's fact of it nor in its folder", {
  timeout: 240_000,
}, async () => {
  const target = sums({ "millwright.yaml": `${SUMS_CONFIG}limits: { sameSignature: 2 }\n` });
  const wrong = edit("src/add.js", "left + right", "left - right");
  const told = await tell(
    target,
    subtracting({
      developer: [wrong],
      orchestrator: [`PERSON: may T1 be tried with ${KEY} and password=hunter2swordfish?`],
    }),
  );
  const [opened] = facts(told, "incident-opened");
  expect(opened, refusalText(told)).toMatchObject({
    kind: "escalation",
    problem: expect.stringContaining("[redacted]"),
  });
  expect(opened?.problem).toContain("may T1 be tried with");
  expect(JSON.stringify(facts(told, "incident-opened"))).not.toMatch(/0123456789abcdef|hunter2swordfish/);
  const folder = join(target.dir, ".millwright/incidents", opened?.incident ?? "");
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  expect(texts.length).toBeGreaterThan(2);
  expect(texts.join("\n")).toContain("[redacted]");
  expect(texts.join("\n")).not.toMatch(/0123456789abcdef|hunter2swordfish/);
  target.remove();
});
