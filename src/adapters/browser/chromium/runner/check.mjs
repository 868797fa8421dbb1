// One check: a fresh profile, the page, its steps, and a last look when everything has settled.
import { randomUUID } from "node:crypto";
import { stripVTControlCharacters } from "node:util";
import { act, open, size } from "./actions.mjs";
import { look } from "./looks.mjs";

const SETTLE_MILLISECONDS = 150;
const POLL_MILLISECONDS = 40;
const MOST_ERRORS = 20;
const LOOKS = ["see", "stored", "title"];

/** Runs a check; answers with how it failed, or with nothing, and with what stood in the console. */
export async function runCheck(browser, { check }, { origin, waitMilliseconds, seconds }) {
  const context = await browser.newContext({
    viewport: size(check.viewport),
    locale: "en-US",
    timezoneId: "UTC",
    colorScheme: "light",
    reducedMotion: "reduce",
    serviceWorkers: "block",
    acceptDownloads: false,
  });
  context.setDefaultTimeout(waitMilliseconds);
  // A first start of the browser may be slow without anybody's fault.
  context.setDefaultNavigationTimeout(Math.max(waitMilliseconds, 10_000));
  const secret = `_${randomUUID().replaceAll("-", "")}`;
  await context.addInitScript(keepStyles, secret);
  const page = await context.newPage();
  const said = listen(page);
  const place = { page, context, origin, secret, waitMilliseconds };
  const steps = walk(check, place, said);
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, seconds * 1000, {
      failed: { step: said.step, kind: "cannot", expected: `an end within ${seconds} s`, seen: "it is still busy" },
      late: true,
    });
  });
  try {
    return { ...(await Promise.race([steps, late])), console: inOrder(said.lines).slice(0, MOST_ERRORS) };
  } finally {
    clearTimeout(timer);
    await Promise.race([context.close().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 3000))]);
  }
}

/** Taken before any script of the page can put its own in their place. */
function keepStyles(secret) {
  const { apply } = Reflect;
  const styleOf = window.getComputedStyle;
  const read = CSSStyleDeclaration.prototype.getPropertyValue;
  const value = (node, names) => {
    const values = [];
    for (let at = 0; at < names.length; at += 1) values[at] = apply(read, apply(styleOf, window, [node]), [names[at]]);
    return values;
  };
  Object.defineProperty(window, secret, { value });
}

function listen(page) {
  const said = { lines: [], errors: [], step: 0 };
  const error = (line) => {
    said.lines.push(line);
    said.errors.push(line);
  };
  page.on("pageerror", (thrown) => error(`nobody caught ${short(thrown.stack ?? String(thrown))}`));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    const { url } = message.location();
    error(short(`${message.text()}${url ? ` (${pathOf(url)})` : ""}`));
  });
  page.on("dialog", (dialog) => {
    said.lines.push(`a dialog was opened, and dismissed: ${dialog.type()} ${short(dialog.message())}`);
    dialog.dismiss().catch(() => undefined);
  });
  return said;
}

/** Two files that are missing are told of in either order: the same page has to give the same answer. */
function inOrder(lines) {
  return [...new Set(lines)].sort();
}

function pathOf(url) {
  return url.replace(/^http:\/\/localhost:\d+\//, "/");
}

function short(text) {
  return text
    .replaceAll(/http:\/\/localhost:\d+\//g, "/")
    .split("\n")
    .slice(0, 4)
    .join(" ")
    .slice(0, 400);
}

async function walk(check, place, said) {
  const opened = await attempt(() => open(check.page, place), `the page ${check.page}`);
  if (opened) return { failed: { step: 0, ...opened } };
  for (const [at, step] of check.steps.entries()) {
    said.step = at + 1;
    const failed = isLook(step) ? await lookFor(step, place) : await attempt(() => act(step, place), "it can be done");
    if (failed) return { failed: { step: at + 1, ...failed } };
  }
  return settled(check, place, said);
}

/** What held for a moment has to hold when timers and promises have run. */
async function settled(check, place, said) {
  await place.page.waitForTimeout(SETTLE_MILLISECONDS);
  const last = check.steps.findLastIndex((step) => !isLook(step));
  for (const [at, step] of check.steps.entries()) {
    if (at <= last) continue;
    const differs = await lookOnce(step, place);
    if (differs) return { failed: { step: at + 1, ...differs, seen: `${differs.seen}, a moment after it was right` } };
  }
  const [first] = inOrder(said.errors);
  if (check.console !== "clean" || first === undefined) return {};
  const step = check.steps.length;
  return { failed: { step, kind: "differs", expected: "no error in the console", seen: first } };
}

function isLook(step) {
  return LOOKS.some((key) => step[key] !== undefined);
}

async function lookFor(step, place) {
  const end = performance.now() + place.waitMilliseconds;
  for (;;) {
    const differs = await lookOnce(step, place);
    if (!differs || differs.kind === "unusable" || performance.now() > end) return differs;
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
}

async function lookOnce(step, place) {
  try {
    const differs = await look(step, place);
    return differs && { kind: "differs", ...differs };
  } catch (error) {
    return { expected: "it can be looked at", ...failureOf(error) };
  }
}

async function attempt(work, expected) {
  try {
    await work();
    return undefined;
  } catch (error) {
    return { expected, ...failureOf(error) };
  }
}

const UNUSABLE =
  /not a valid selector|Unexpected token|Unsupported token|Unknown engine|Unknown key|while parsing|Unknown attribute/i;

/** What Playwright tells of its tries that is the same each time: not how often it tried. */
const TELLING = /resolved to|not visible|not enabled|not editable|intercepts pointer events|Did you mean/;

function failureOf(error) {
  // It colours its messages, and tells below them what it has tried.
  const lines = stripVTControlCharacters(String(error.message ?? error)).split("\n");
  const [first = "", ...told] = lines.map((line) => line.trim()).filter((line) => line !== "");
  const telling = told.filter((line) => TELLING.test(line)).map((line) => line.replace(/^-? ?(?:\d+ × )?/, ""));
  const seen = short([plain(first, telling.length > 0), ...new Set(telling)].slice(0, 4).join("; "));
  return { kind: UNUSABLE.test(lines.join(" ")) ? "unusable" : "cannot", seen };
}

function plain(message, isThere) {
  const why = isThere ? "it cannot be done" : "there is no such element";
  return message
    .replace(/^\w+\.\w+: /, "")
    .replace(/^Timeout (\d+)ms exceeded\.?/, (_, limit) => `${why}, for ${limit / 1000} s`);
}
