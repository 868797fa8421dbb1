import { expect, it } from "vitest";
import { task } from "../../test/kit/gate-states.ts";
import { codeSection, fileText, taskSection } from "./brief-text.ts";

it("a fence is longer than any fence inside", () => {
  expect(codeSection("Diff", "md", "````\nx\n````")).toContain("`````md\n````\nx\n````\n`````");
});

it("a file stands under its name, with what is special about it", () => {
  expect(fileText("a.ts", "x\n", "names only")).toBe("## a.ts (names only)\n```\nx\n```");
});

it("a task is told with its criteria and scope, and without gates or thresholds", () => {
  const text = taskSection(task({ creates: ["src/a.ts#b"], check: "grep x" }));
  expect(text).toContain("AC1: 10 percent off 100.00 is 90.00");
  expect(text).toContain("src/a.ts#b");
  expect(text).toContain("grep x");
  expect(text).not.toMatch(/gate|threshold|score|review/i);
});
