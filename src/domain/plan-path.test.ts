import { expect, it } from "vitest";
import { planPath } from "./plan-path.ts";

it.each([
  "1970-01-01",
  "1999-12-31",
  "2000-02-29",
  "2024-02-29",
  "2024-03-01",
  "2026-11-30",
  "2026-12-01",
  "2100-02-28",
])("a plan of %s lies under its month", (day) => {
  for (const time of ["00:00:00", "23:59:59"])
    expect(planPath("x", Date.parse(`${day}T${time}Z`) / 1000)).toBe(`plans/${day.slice(0, 7)}-x.md`);
});
