import { expect, test } from "vitest";
import { refusals, refusalText, silent, within } from "../kit/story.ts";
import { file, sums } from "../kit/sums.ts";

const BEFORE = "# Where things are\n\nSums are made in `src/add.js#add`.\n";
const said = (line: string) => file("agents/CONTEXT.md", `# Where things are\n\n${line}\n`);

test("the documenter brings the context page up to date, and is refused there too when it invents", async () => {
  const target = sums({ "agents/CONTEXT.md": BEFORE });
  await within(target, {}, (mill) => mill.wiki.init());
  const answers = [
    said("Sums are made in `src/sums/all.js#addAll`."),
    said("Sums are made in `src/add.js#add`, of two numbers, and nowhere else."),
  ];
  let at = 0;
  const script = ({ role }: { readonly role: string }) => (role === "documenter" ? (answers[at++] ?? "") : "{}");
  const end = await within(target, { script }, async (mill) => {
    const told = await mill.wiki.document({}, silent());
    if (told.kind === "nothing") throw new Error(told.since);
    return { ...told, entries: await mill.entries(told.run) };
  });
  expect(end.outcome.kind, refusalText(end)).toBe("done");
  expect(refusals(end)).toContain("wiki: wiki/dead-link");
  const branch = end.outcome.kind === "done" ? end.outcome.branch : "";
  const page = target.git("show", `${branch}:agents/CONTEXT.md`);
  expect(page).toContain("of two numbers, and nowhere else");
  expect(page).not.toContain("addAll");
  expect(target.git("show", "HEAD:agents/CONTEXT.md").trim()).toBe(BEFORE.trim());
  target.remove();
}, 60_000);
