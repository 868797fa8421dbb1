import { ROLES_OF_ARIA } from "./aria-roles.ts";
import {
  ACTIONS,
  type BrowserCheck,
  type BrowserStep,
  type ElementName,
  EXPECTATIONS,
  FOUND_BY,
  LOOKS,
} from "./browser-check.ts";
import { didYouMean } from "./nearest-word.ts";
import { normalisePath } from "./paths.ts";

/** What is wrong with a check, one sentence each, so that its planner can mend it. */
export function browserProblems(check: BrowserCheck): readonly string[] {
  const steps = check.steps.flatMap((step, at) => stepProblems(step).map((problem) => `step ${at + 1}: ${problem}`));
  return [...pageProblems(check.page, "page"), ...steps, ...(steps.length === 0 ? shapeProblems(check) : [])];
}

/** A check ends with a look: whatever is done after the last one is never seen. */
function shapeProblems({ steps }: BrowserCheck): readonly string[] {
  const last = steps.at(-1);
  if (last === undefined || LOOKS.some((key) => last[key] !== undefined)) return [];
  return ["the last step does something and nothing is looked at after it; end with `see`, `stored` or `title`"];
}

function stepProblems(step: BrowserStep): readonly string[] {
  const actions = ACTIONS.filter((key) => step[key] !== undefined);
  const looks = LOOKS.filter((key) => step[key] !== undefined);
  const named = [...actions, ...looks];
  if (named.length === 0)
    return [`it neither does nor looks at anything; it needs one of ${[...ACTIONS, ...LOOKS].join(", ")}`];
  if (named.length > 1) return [`${named.join(" and ")} are several things; make a step of each`];
  return [
    ...(actions.length > 0 ? actionProblems(step) : lookProblems(step)),
    ...elementsOf(step).flatMap(elementProblems),
    ...(step.open === undefined ? [] : pageProblems(step.open, "open")),
  ];
}

function actionProblems(step: BrowserStep): readonly string[] {
  const takesText = step.fill !== undefined || step.select !== undefined;
  const extra = [...EXPECTATIONS, "absent" as const].filter((key) => step[key] !== undefined);
  return [
    ...(takesText && step.with === undefined ? ["`with` is missing: the text to put there"] : []),
    ...(!takesText && step.with !== undefined ? ["`with` belongs to fill and select"] : []),
    ...(extra.length > 0 ? [`${extra.join(", ")} belong(s) to a look: write \`see\` in a step of its own`] : []),
  ];
}

function lookProblems(step: BrowserStep): readonly string[] {
  const given = [...EXPECTATIONS, "absent" as const].filter((key) => step[key] !== undefined);
  const allowed: readonly string[] = allowedIn(step);
  const wrong = given.filter((key) => !allowed.includes(key));
  return [
    ...(step.with === undefined ? [] : ["`with` belongs to fill and select"]),
    ...wrong.map((key) => `${key} cannot be expected here; there is: ${allowed.join(", ") || "nothing more"}`),
    ...(step.stored !== undefined && given.length === 0 ? ["say what is stored: `text`, `contains` or `absent`"] : []),
    ...(step.name !== undefined && step.role === undefined ? ["`name` needs `role` beside it"] : []),
    ...roleProblems(step.role),
    ...Object.entries(step.styles ?? {}).flatMap(([name, value]) => styleProblems(name, value)),
  ];
}

function allowedIn(step: BrowserStep): readonly string[] {
  if (step.see !== undefined) return EXPECTATIONS;
  return step.stored === undefined ? [] : ["text", "contains", "absent"];
}

function elementsOf(step: BrowserStep): readonly ElementName[] {
  const { click, doubleClick, hover, focus, fill, select, check, uncheck, see } = step;
  return [click, doubleClick, hover, focus, fill, select, check, uncheck, see].filter((one) => one !== undefined);
}

function elementProblems(named: ElementName): readonly string[] {
  if (typeof named === "string") return [];
  const by = FOUND_BY.filter((key) => named[key] !== undefined);
  return [
    ...(by.length === 1
      ? []
      : [`an element is found by one of ${FOUND_BY.join(", ")}, not by ${by.join(" and ") || "none"}`]),
    ...(named.name !== undefined && named.role === undefined ? ["`name` of an element needs its `role`"] : []),
    ...roleProblems(named.role),
  ];
}

function roleProblems(role: string | undefined): readonly string[] {
  if (role === undefined || ROLES_OF_ARIA.includes(role)) return [];
  return [`${role} is no ARIA role.${didYouMean(role, ROLES_OF_ARIA)}`];
}

function pageProblems(page: string, key: "page" | "open"): readonly string[] {
  if (/^[a-z][a-z0-9+.-]*:/i.test(page) || page.startsWith("//"))
    return [`${key}: ${page} is an address; there is no network, so name a page inside the folder`];
  const path = page.replace(/[?#].*$/, "").replace(/^\//, "");
  const normal = path === "" ? undefined : normalisePath(path.replace(/\/$/, ""));
  return normal?.kind === "refused" ? [`${key}: ${normal.why}`] : [];
}

const COLOURED = /(?:^|-)colou?r$|^(?:fill|stroke|background)$/;
const LENGTHS =
  /^(?:(?:min-|max-)?(?:width|height)|font-size|(?:row-|column-)?gap|(?:margin|padding|border-(?:top-|bottom-)?(?:left-|right-)?radius|outline-width|border-width)(?:-.+)?|top|left|right|bottom)$/;

/** Computed styles are absolute: a name of a colour or a relative length would never be seen. */
function styleProblems(name: string, value: string): readonly string[] {
  if (COLOURED.test(name) && /^[a-z]+$/i.test(value.trim()) && !/^(?:none|transparent)$/i.test(value.trim()))
    return [`${name}: ${value} is a name; a computed colour is written as #rrggbb`];
  if (LENGTHS.test(name) && /\d(?:r?em|ex|ch|v[wh]|pt|cm|mm)\b/i.test(value))
    return [`${name}: ${value} is relative; a computed length is written in px`];
  return /[A-Z]/.test(name) ? [`${name} is written with hyphens in CSS`] : [];
}
