import { stringify } from "yaml";
import type { BrowserSettings } from "./browser-config.ts";
import { browserChecks, type Task } from "./task.ts";

/** How a planner writes criteria that are seen in a browser. */
export function browserGuide(settings: BrowserSettings): string {
  const pages = settings.dir === "." ? "the repository itself" : `\`${settings.dir}\``;
  const built = settings.build === undefined ? "as they stand" : `after \`${settings.build}\``;
  return `The pages in ${pages}, ${built}, can be looked at in a browser. Whatever a person does or sees at a page is such a criterion: that a function is right says nothing about a button that calls it. A criterion of that kind keeps its \`text\` and gets \`browser\` beside it; it needs no test, and a task that has only such criteria needs no \`tests\`.

${EXAMPLE}

- A step does one thing: \`open: /page.html\`, \`click\`, \`doubleClick\`, \`hover\`, \`focus\`, \`check\`, \`uncheck\` (an element), \`fill\` or \`select\` (an element) \`with: text\`, \`type: text\`, \`press: Enter\`, \`store: { key: text }\` (localStorage), \`resize: 375x667\`, \`reload: true\`.
- Or it looks: \`see\` (an element) with any of \`count\`, \`visible\`, \`text\`, \`texts\`, \`contains\`, \`value\`, \`checked\`, \`enabled\`, \`focused\`, \`role\` and \`name\`, \`attributes\`, \`styles\`; \`stored: key\` with \`text\`, \`contains\` or \`absent: true\`; \`title: text\`. The last step looks.
- An element is a CSS selector, or one of \`{ role, name }\`, \`{ label }\`, \`{ text }\`, \`{ css }\`, with \`inside: selector\` and \`nth\` where it helps. Names and texts are whole and exact. Every selector that you write is a promise: say ids, classes, labels and names in the criteria's texts, so that the developer knows them.
- Styles are computed ones: colours as #rrggbb, lengths in px, property names with hyphens.
- Each check starts at \`page\` (default \`index.html\`) with an empty localStorage, and none may leave an error in the console (\`console: any\` lets them be).
- A check of a feature or bug has to fail before the work. Where it guards what is there already, write \`holds: always\` beside \`steps\`. "Nothing is added" holds at a dead page: begin such a check with a step that works only when the page lives.`;
}

const EXAMPLE = `\`\`\`yaml
accept:
  - id: AC1
    text: 'Clicking the button "Add" with "Buy milk" in the field "New task" adds one item "Buy milk" to the list with the id tasks'
    browser:
      steps:
        - fill: { label: New task }
          with: Buy milk
        - click: { role: button, name: Add }
        - see: "#tasks li"
          texts: [Buy milk]
        - see: { label: New task }
          value: ""
          focused: true
\`\`\``;

/** A task's checks as the plan writes them. */
export function writtenChecks(task: Task): string {
  const written = browserChecks(task).map(({ id, check }) => ({ id, browser: check }));
  return written.length === 0 ? "" : stringify(written, { lineWidth: 120 });
}
