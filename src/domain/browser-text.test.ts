import { expect, it } from "vitest";
import { BrowserCheck } from "./browser-check.ts";
import { browserCheckText, lostLooks } from "./browser-text.ts";

const check = (steps: readonly unknown[], more: object = {}) => BrowserCheck.parse({ steps, ...more });

it("a check reads as what a person does and sees, numbered as findings number it", () => {
  const text = browserCheckText(
    check([
      { fill: { label: "New task" }, with: "milk" },
      { click: { role: "button", name: "Add", inside: "form", nth: 2 } },
      { see: "#list li", count: 1, styles: { color: "#2563eb" }, attributes: { id: null, lang: "en" } },
      { store: { tasks: "[]" } },
      { stored: "tasks", absent: true },
      { reload: true },
      { title: "To do" },
    ]),
  );
  expect(text.split("\n")).toEqual([
    "0. open index.html (1280x720)",
    '1. fill the field labelled "New task" with "milk"',
    '2. click the button named "Add" inside `form` (number 2)',
    '3. see `#list li`: count 1; no attribute id; lang="en"; color: #2563eb',
    '4. write {"tasks":"[]"} into localStorage',
    '5. see localStorage "tasks": it is not there',
    "6. reload the page",
    '7. the title is "To do"',
    "At the end there is no error in the console.",
  ]);
});

it("a later wording may change how something is found, and not what is expected", () => {
  const before = check([{ click: "#a" }, { see: "p", text: "2", styles: { color: "#2563eb" } }]);
  expect(
    lostLooks("AC1", before, check([{ click: "#b" }, { see: "q", text: "2", styles: { color: "#2563eb" } }])),
  ).toEqual([]);
  expect(lostLooks("AC1", before, check([{ click: "#b" }, { see: "q", text: "2" }]))).toEqual([
    'AC1 no longer expects "#2563eb" in the browser',
  ]);
  expect(lostLooks("AC1", before, { ...before, console: "any" })).toEqual(["AC1 lets errors in the console be"]);
  expect(lostLooks("AC1", before, undefined)).toEqual(["AC1 is no longer checked in a browser"]);
  expect(lostLooks("AC1", undefined, before)).toEqual([]);
});
