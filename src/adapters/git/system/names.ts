import { InputError } from "../../../domain/step-failure.ts";

const LONGEST_COMPONENT = 200;
const LAST_CONTROL = 0x20;
const DELETE = 0x7f;
const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const SHORT_ID = /^[0-9a-f]{4,64}$/;

function hasControl(text: string): boolean {
  return [...text].some((character) => {
    const code = character.charCodeAt(0);
    return code < LAST_CONTROL || code === DELETE;
  });
}

function isComponent(component: string): boolean {
  if (component === "" || component.startsWith(".") || component.endsWith(".lock")) return false;
  return Buffer.byteLength(component) <= LONGEST_COMPONENT;
}

/** True for what `git check-ref-format --branch` allows, less names that are too long for a file. */
export function isRefName(name: string): boolean {
  if (name === "" || name === "@" || name === "HEAD" || name.startsWith("-") || name.endsWith(".")) return false;
  if (hasControl(name) || /[ ~^:?*[\\]|\.\.|@\{/.test(name)) return false;
  return name.split("/").every(isComponent);
}

/** @throws InputError when git would not allow the name. */
export function checkedRefName(name: string, what: string): string {
  if (isRefName(name)) return name;
  throw new InputError([
    `${JSON.stringify(name)} cannot be the name of ${what}: use letters, digits, "-", "_" and "/", and begin with a letter.`,
  ]);
}

/** A ref, HEAD or a commit id, perhaps with `~1` or `^` behind it. */
export function isRevision(text: string): boolean {
  const start = text.replace(/(?:[~^]\d*)+$/, "");
  return start === "HEAD" || SHORT_ID.test(start) || isRefName(start);
}

export function isObjectId(text: string): boolean {
  return OBJECT_ID.test(text);
}

/** An object id as an argument: whatever else is a bug of the caller, and never reaches a command line. */
export function idOf(text: string): string {
  if (!isObjectId(text)) throw new Error(`not an object id: ${JSON.stringify(text)}`);
  return text;
}
