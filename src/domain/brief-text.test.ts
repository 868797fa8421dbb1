import { expect, it } from "vitest";
import { task } from "../../test/kit/gate-states.ts";
import { codeSection, fileListSection, filesSection, taskSection } from "./brief-text.ts";

it("a fence is longer than any fence inside", () => {
  expect(codeSection("Diff", "md", "````\nx\n````")).toContain("`````md\n````\nx\n````\n`````");
});

it("a file that does not fit is named, and those after it may fit", () => {
  const text = filesSection(
    "Files",
    new Map([
      ["big.ts", "x".repeat(90_000)],
      ["small.ts", "y"],
    ]),
  );
  expect(text).toContain("## big.ts\n\n(left out: 90000 characters do not fit)");
  expect(text).toContain("## small.ts\n\n```\ny\n```");
  expect(filesSection("Files", new Map())).toBe("");
});

it("a long list of files ends in a count, without what is built or installed", () => {
  const paths = [
    "node_modules/a.js",
    "web/dist/b.js",
    ...Array.from({ length: 310 }, (_one, index) => `src/${index}.ts`),
  ];
  const text = fileListSection(paths);
  expect(text).toContain("… and 10 more");
  expect(text).not.toMatch(/node_modules|dist/);
});

it("a task is told with its criteria and scope, and without gates or thresholds", () => {
  const text = taskSection(task({ creates: ["src/a.ts#b"], check: "grep x" }));
  expect(text).toContain("AC1: 10 percent off 100.00 is 90.00");
  expect(text).toContain("src/a.ts#b");
  expect(text).toContain("grep x");
  expect(text).not.toMatch(/gate|threshold|score|review/i);
});
