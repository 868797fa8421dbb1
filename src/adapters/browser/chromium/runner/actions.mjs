// What a step does at the page, as a person would.
import { find } from "./find.mjs";

/** Does the step; throws what the browser says when it cannot. */
export async function act(step, place) {
  const [key] = Object.keys(ACTIONS).filter((name) => step[name] !== undefined);
  await ACTIONS[key](step, place);
}

const ACTIONS = {
  open: (step, place) => open(step.open, place),
  click: (step, { page }) => find(page, step.click).click(),
  doubleClick: (step, { page }) => find(page, step.doubleClick).dblclick(),
  hover: (step, { page }) => find(page, step.hover).hover(),
  focus: (step, { page }) => find(page, step.focus).focus(),
  fill: (step, { page }) => find(page, step.fill).fill(step.with),
  select: (step, { page }) => find(page, step.select).selectOption(step.with),
  check: (step, { page }) => find(page, step.check).check(),
  uncheck: (step, { page }) => find(page, step.uncheck).uncheck(),
  type: (step, { page }) => page.keyboard.type(step.type),
  press: (step, { page }) => page.keyboard.press(step.press),
  store: (step, { page }) =>
    page.evaluate((entries) => {
      for (const [name, value] of entries) localStorage.setItem(name, value);
    }, Object.entries(step.store)),
  resize: (step, { page }) => page.setViewportSize(size(step.resize)),
  reload: (_, { page }) => page.reload(),
};

/** Opens a page of the folder. */
export async function open(path, { page, origin }) {
  const answer = await page.goto(new URL(path.replace(/^\/?/, "/"), origin).href);
  if (answer && answer.status() >= 400) throw new Error(`${path} is not there: the answer is ${answer.status()}`);
}

/** `1280x720` as width and height. */
export function size(text) {
  const [width, height] = text.split("x").map(Number);
  return { width, height };
}
