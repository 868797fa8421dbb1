// What a step expects of the page: each look answers with what differs, or with nothing.
import { collapsed, plainStyle, shown } from "./compare.mjs";
import { find, withRole } from "./find.mjs";

/** Looks once. Undefined: all is as expected; else { expected, seen } of the first thing that is not. */
export async function look(step, place) {
  if (step.title !== undefined) return same("the title", step.title, collapsed(await place.page.title()));
  if (step.stored !== undefined) return stored(step, place);
  return element(step, place);
}

async function stored(step, { page, context }) {
  // Not through the page's own localStorage, which its scripts may have replaced.
  const { origins } = await context.storageState();
  const own = origins.find(({ origin }) => origin === new URL(page.url()).origin);
  const value = own?.localStorage.find(({ name }) => name === step.stored)?.value;
  const what = `localStorage ${shown(step.stored)}`;
  if (step.absent) return value === undefined ? undefined : { expected: `no ${what}`, seen: shown(value) };
  if (value === undefined) return { expected: what, seen: "there is no such key" };
  return text(what, step, value);
}

function text(what, step, seen) {
  if (step.contains !== undefined && !seen.includes(step.contains))
    return { expected: `${what} contains ${shown(step.contains)}`, seen: shown(seen) };
  return step.text === undefined ? undefined : same(what, collapsed(step.text), collapsed(seen));
}

function same(what, expected, seen) {
  return expected === seen ? undefined : { expected: `${what} ${shown(expected)}`, seen: shown(seen) };
}

async function element(step, place) {
  const found = find(place.page, step.see);
  const count = await found.count();
  const ofOne = ONE.filter((key) => step[key] !== undefined);
  const isBare = ofOne.length === 0 && step.count === undefined && step.texts === undefined;
  const differs = numbered(step, count) ?? (await listed(step, found));
  if (differs) return differs;
  const seen = await visible(step.visible ?? (isBare ? true : undefined), found, count);
  if (seen || step.visible === false || ofOne.length === 0) return seen;
  return single(step, { found, count, ofOne: ofOne.filter((key) => key !== "visible") }, place);
}

function numbered({ count: expected }, count) {
  if (expected === undefined || count === expected) return undefined;
  return { expected: `${expected} element(s)`, seen: `${count} element(s)` };
}

async function listed({ texts }, found) {
  if (texts === undefined) return undefined;
  const seen = (await found.allInnerTexts()).map(collapsed);
  const isSame = JSON.stringify(seen) === JSON.stringify(texts.map(collapsed));
  return isSame ? undefined : { expected: `the texts ${shown(texts)}`, seen: shown(seen) };
}

async function single(step, { found, count, ofOne }, place) {
  if (ofOne.length > 0 && count !== 1) return { expected: "one element", seen: `${count} elements` };
  for (const key of ofOne) {
    const differs = await SEEN[key](step, found, place);
    if (differs) return differs;
  }
  return undefined;
}

async function visible(expected, found, count) {
  if (expected === undefined) return undefined;
  const seen = count > 0 && (await found.first().isVisible());
  if (seen === expected) return undefined;
  const hidden = count === 0 ? "there is no such element" : "it is hidden";
  return expected ? { expected: "it is visible", seen: hidden } : { expected: "it is hidden", seen: "it is visible" };
}

const ONE = ["visible", "text", "contains", "value", "checked", "enabled", "focused", "role", "attributes", "styles"];

const SEEN = {
  text: async (step, found) => text("the text", { text: step.text }, await found.innerText()),
  contains: async (step, found) => text("the text", { contains: step.contains }, collapsed(await found.innerText())),
  value: async (step, found) => same("the value", step.value, await found.inputValue()),
  checked: async (step, found) => same("checked:", step.checked, await found.isChecked()),
  enabled: async (step, found) => same("enabled:", step.enabled, await found.isEnabled()),
  focused: async (step, found, { page }) =>
    same("focused:", step.focused, (await found.and(page.locator("css=:focus")).count()) === 1),
  role: accessible,
  attributes,
  styles,
};

async function accessible(step, found, { page }) {
  if ((await found.and(withRole(page, step)).count()) === 1) return undefined;
  const [seen = ""] = (await found.ariaSnapshot()).split("\n");
  const name = step.name === undefined ? "" : ` ${shown(step.name)}`;
  return { expected: `role and name ${step.role}${name}`, seen: seen.replace(/^- /, "") || "neither" };
}

async function attributes(step, found) {
  for (const [name, value] of Object.entries(step.attributes)) {
    const seen = await found.getAttribute(name);
    if (seen !== value) return { expected: `the attribute ${name} ${shown(value)}`, seen: shown(seen) };
  }
  return undefined;
}

async function styles(step, found, { secret }) {
  const names = Object.keys(step.styles);
  const values = await found.evaluate((node, [key, wanted]) => window[key](node, wanted), [secret, names]);
  for (const [at, name] of names.entries()) {
    const seen = plainStyle(values[at]);
    if (seen !== plainStyle(step.styles[name]))
      return { expected: `${name}: ${step.styles[name]}`, seen: seen || "nothing" };
  }
  return undefined;
}
