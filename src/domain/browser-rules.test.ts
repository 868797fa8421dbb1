import { describe, expect, it } from "vitest";
import { BrowserCheck } from "./browser-check.ts";
import { browserProblems } from "./browser-rules.ts";

const problems = (steps: readonly unknown[], more: object = {}) =>
  browserProblems(BrowserCheck.parse({ steps, ...more })).join("\n");

describe("a check that somebody could run by hand", () => {
  it("does one thing a step and ends with a look", () => {
    expect(
      problems([
        { fill: { label: "New task" }, with: "milk" },
        { click: { role: "button", name: "Add" } },
        { see: "#list li", count: 1, styles: { color: "#0f172a", "font-size": "16px", background: "none" } },
        { press: "Shift+Tab" },
        { stored: "tasks", contains: "milk" },
      ]),
    ).toBe("");
    expect(problems([{ see: "p" }], { page: "a/b.html?x=1#top" })).toBe("");
  });

  it.each([
    [[{ click: "#add" }], "nothing is looked at after it"],
    [[{}, { see: "p" }], "neither does nor looks at anything"],
    [[{ click: "#a", press: "Enter" }, { see: "p" }], "click and press are several things"],
    [[{ click: "#a", see: "p" }], "click and see are several things"],
    [[{ click: "#a", count: 1 }, { see: "p" }], "count belong(s) to a look"],
    [[{ fill: "#a" }, { see: "p" }], "`with` is missing"],
    [[{ click: "#a", with: "x" }, { see: "p" }], "`with` belongs to fill and select"],
    [[{ stored: "tasks" }], "say what is stored"],
    [[{ stored: "tasks", count: 1 }], "count cannot be expected here; there is: text, contains, absent"],
    [[{ title: "x", text: "y" }], "text cannot be expected here; there is: nothing more"],
    [[{ see: "p", name: "x" }], "`name` needs `role`"],
    [[{ see: { role: "buton" } }], "buton is no ARIA role. Did you mean button?"],
    [[{ see: { role: "button", label: "x" } }], "not by role and label"],
    [[{ see: { inside: "#a" } }], "not by none"],
    [[{ see: "p", styles: { color: "white" } }], "a computed colour is written as #rrggbb"],
    [[{ see: "p", styles: { "margin-top": "1rem" } }], "a computed length is written in px"],
    [[{ see: "p", styles: { backgroundColor: "#ffffff" } }], "written with hyphens"],
    [[{ open: "https://example.com/" }, { see: "p" }], "there is no network"],
    [[{ open: "../other/x.html" }, { see: "p" }], "climbs out"],
  ])("or it is refused with what to do: %j", (steps, why) => expect(problems(steps)).toContain(why));
});

it("the words of a schema problem name the key", () => {
  const parsed = BrowserCheck.safeParse({ steps: [{ clik: "#a" }] });
  expect(parsed.error?.issues[0]?.message).toContain("clik");
});
