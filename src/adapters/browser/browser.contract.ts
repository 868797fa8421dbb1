import { describe, expect, test } from "vitest";
import { BrowserCheck } from "../../domain/browser-check.ts";
import type { CheckEnd } from "../../domain/browser-report.ts";
import type { Browser } from "../../engine/ports.ts";

export interface BrowserKit {
  readonly name: string;
  /** A browser over these files; the tree's name is `tree`. `settings` go into `browser:` of the config. */
  open(files: Readonly<Record<string, string>>, settings?: Readonly<Record<string, unknown>>): Promise<Browser>;
  /** Why the stories cannot be told on this machine. */
  readonly missing?: string | undefined;
}

const PAGE = `<!doctype html><html lang="en"><head><title>To do</title><style>
button { background: #2563eb; color: white; padding: 8px 16px; border: 1px solid rgba(0, 0, 0, 0.5); }
</style></head><body>
<form id="new"><label for="field">New task</label><input id="field"><button>Add</button></form><ul id="list"></ul>
<script>
const form = document.querySelector("#new"), field = document.querySelector("#field"), list = document.querySelector("#list");
const tasks = JSON.parse(localStorage.getItem("tasks") ?? "[]");
function show() { list.replaceChildren(...tasks.map((text) => Object.assign(document.createElement("li"), { textContent: text }))); }
form.addEventListener("submit", (event) => {
  event.preventDefault();
  tasks.push(field.value);
  localStorage.setItem("tasks", JSON.stringify(tasks));
  field.value = "";
  field.focus();
  show();
});
show();
</script></body></html>`;

const ADD = [{ fill: { label: "New task" }, with: "<b>milk</b>" }, { click: { role: "button", name: "Add" } }] as const;

/** What every browser must be able to see, told as a user's stories at a small page. */
export function browserContract(kit: BrowserKit): void {
  const story = (what: string, tell: () => Promise<void>) =>
    test(what, { timeout: 120_000 }, async (context) => {
      if (kit.missing !== undefined) return context.skip(kit.missing);
      await tell();
    });

  async function ends(
    browser: Browser,
    ...checks: readonly (readonly unknown[] | Readonly<Record<string, unknown>>)[]
  ): Promise<readonly CheckEnd[]> {
    const named = checks.map((check, at) => ({
      id: `AC${at + 1}`,
      check: BrowserCheck.parse(Array.isArray(check) ? { steps: check } : check),
    }));
    const report = await browser.look({ tree: "tree", checks: named, patience: 1 });
    expect([report.ended, report.checks.map((end) => end.id)]).toEqual(["exited", named.map(({ id }) => id)]);
    return report.checks;
  }

  describe(`${kit.name} keeps the promises of a browser`, () => {
    story("a page that does what it says passes, step by step, each check in a fresh profile", async () => {
      const browser = await kit.open({ "index.html": PAGE });
      const seen = await ends(
        browser,
        [
          ...ADD,
          { see: "#list li", count: 1, texts: ["<b>milk</b>"] },
          { see: "#field", value: "", focused: true, enabled: true, role: "textbox", name: "New task" },
          { see: "button", styles: { "background-color": "#2563EB", color: "#fff", padding: "8px 16px" } },
          { see: "button", styles: { border: "1px solid #00000080" }, attributes: { id: null } },
          { stored: "tasks", text: '["<b>milk</b>"]' },
          { reload: true },
          { see: { text: "<b>milk</b>", inside: "#list" } },
          { title: "To do" },
        ],
        [
          { see: "#list li", count: 0 },
          { stored: "tasks", absent: true },
        ],
        [{ store: { tasks: '["old"]' } }, { reload: true }, { see: "#list li", text: "old" }],
        [{ click: "#field" }, { type: "tea" }, { press: "Enter" }, { see: "#list li", contains: "te" }],
      );
      expect(seen.map((end) => end.failed)).toEqual([undefined, undefined, undefined, undefined]);
    });

    story("what differs is told with its step, what was expected and what was seen", async () => {
      const browser = await kit.open({ "index.html": PAGE }, { waitSeconds: 1 });
      const seen = await ends(
        browser,
        [...ADD, { see: "#list li", count: 2 }],
        [{ see: "button", styles: { "background-color": "#1d4ed8" } }],
        [{ see: "#field", role: "button", name: "Add" }],
        [{ click: "#nowhere" }, { see: "#list" }],
        [{ see: "#field", focused: true }],
        { page: "gone.html", steps: [{ see: "body" }] },
        [{ see: "li:((" }],
        [{ press: "Entre" }, { see: "body" }],
      );
      expect(seen.map(({ failed }) => [failed?.step, failed?.kind, failed?.seen])).toEqual([
        [3, "differs", "1 element(s)"],
        [1, "differs", "#2563eb"],
        [1, "differs", 'textbox "New task"'],
        [1, "cannot", "there is no such element, for 1 s"],
        [1, "differs", "false"],
        [0, "cannot", expect.stringContaining("404")],
        [1, "unusable", expect.stringContaining("li:((")],
        [1, "unusable", expect.stringContaining("Entre")],
      ]);
      expect(seen[1]?.failed?.expected).toBe("background-color: #1d4ed8");
    });

    story(
      "errors in the console fail a check, unless they are let be; what is right only for a moment does too",
      async () => {
        const late =
          "<p>1</p><script>setTimeout(() => { document.querySelector('p').textContent = '2'; }, 60);</script>";
        const browser = await kit.open(
          {
            "index.html": "<p>here</p><script>document.querySelector('#none').click();</script>",
            "told.html": "<p>here</p><script>console.error('that went wrong');</script>",
            "late.html": late,
          },
          { waitSeconds: 0.5 },
        );
        const steps = [{ see: "p" }];
        const seen = await ends(
          browser,
          steps,
          { page: "told.html", steps },
          { page: "told.html", console: "any", steps },
          { page: "late.html", steps: [{ see: "p", text: "1" }] },
        );
        expect(seen.map(({ failed }) => failed?.seen)).toEqual([
          expect.stringContaining("Cannot read properties of null"),
          expect.stringContaining("that went wrong"),
          undefined,
          expect.stringContaining('"2"'),
        ]);
        expect(seen[2]?.console).toEqual([expect.stringContaining("that went wrong")]);
      },
    );

    story("a page cannot lie about its styles or its storage, and one that never rests is ended", async () => {
      const liar = `<p style="color: #ff0000">red</p><script>
        window.getComputedStyle = () => ({ getPropertyValue: () => "rgb(0, 0, 255)" });
        CSSStyleDeclaration.prototype.getPropertyValue = () => "rgb(0, 0, 255)";
        Storage.prototype.getItem = () => "saved";
      </script>`;
      const browser = await kit.open(
        { "index.html": liar, "busy.html": "<p>busy</p><script>setTimeout(() => { for (;;); }, 50);</script>" },
        { waitSeconds: 1, seconds: 3 },
      );
      const seen = await ends(
        browser,
        [{ see: "p", styles: { color: "#0000ff" } }],
        [{ stored: "tasks", text: "saved" }],
        { page: "busy.html", steps: [{ resize: "400x400" }, { click: "p" }, { see: "p", text: "done" }] },
        [{ see: "p", styles: { color: "#ff0000" } }],
      );
      expect(seen.map(({ failed }) => failed?.kind)).toEqual(["differs", "differs", "cannot", undefined]);
    });

    story(
      "pages are built first, without a network; a build that fails is told, and nothing else is looked at",
      async () => {
        const build = "mkdir -p out && cp index.html out/page.html && grep -q good index.html";
        const good = await kit.open({ "index.html": "<p>good</p>" }, { build, dir: "out" });
        expect(
          (await ends(good, { page: "page.html", steps: [{ see: "p", text: "good" }] }))[0]?.failed,
        ).toBeUndefined();
        const bad = await kit.open(
          { "index.html": "<p>bad</p>" },
          { build: `${build} || { echo no; exit 7; }`, dir: "out" },
        );
        const report = await bad.look({
          tree: "tree",
          checks: [{ id: "AC1", check: BrowserCheck.parse({ steps: [{ see: "p" }] }) }],
          patience: 1,
        });
        expect([report.build, report.checks]).toEqual([{ exitCode: 7, output: "no" }, []]);
      },
    );

    story(
      "files outside the folder are not served, a folder stands for its index, a fallback for what is missing",
      async () => {
        const files = {
          "site/index.html": "<p>home</p>",
          "site/sub/index.html": "<p>below</p>",
          "secret.txt": "secret",
        };
        const browser = await kit.open(files, { dir: "site", waitSeconds: 1 });
        const closed = await ends(
          browser,
          { page: "/", steps: [{ see: "p", text: "home" }, { open: "/sub/" }, { see: "p", text: "below" }] },
          { page: "..%2fsecret.txt", steps: [{ see: "body" }] },
        );
        expect(closed.map(({ failed }) => failed?.step)).toEqual([undefined, 0]);
        const single = await kit.open(files, { dir: "site", fallback: "index.html" });
        const [routed] = await ends(single, { page: "/any/route", steps: [{ see: "p", text: "home" }] });
        expect(routed?.failed).toBeUndefined();
      },
    );

    story("the digest names the browser and its settings", async () => {
      const one = await kit.open({ "index.html": PAGE });
      const other = await kit.open({ "index.html": PAGE }, { waitSeconds: 7 });
      expect(await one.prepare("tree")).toBe(await one.prepare("tree"));
      expect(await one.prepare("tree")).not.toBe(await other.prepare("tree"));
    });
  });
}
