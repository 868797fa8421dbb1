import type { Diagnostic } from "./diagnostic.ts";

/** A name that does not exist, and the one that a tool suggests for it. */
export interface SuggestedName {
  readonly wrong: string;
  readonly right: string;
}

const NAME = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;

/** What a complaint with "did you mean" says; undefined for one about modules and paths, or without a suggestion. */
export function suggestedName({ message }: Pick<Diagnostic, "message">): SuggestedName | undefined {
  const [said = "", meant = ""] = message.split(/Did you mean /, 2);
  const right = /^[`'"]?([^\s`'"?]+)[`'"]?\?/.exec(meant)?.[1] ?? "";
  // TypeScript names the wrong one first, the type that lacks it behind; ours names it last.
  const quoted = [...said.matchAll(/[`'"]([^`'"]+)[`'"]/g)]
    .map(([, name]) => name ?? "")
    .filter((name) => NAME.test(name));
  const wrong = said.includes("`") ? quoted.at(-1) : quoted[0];
  return wrong !== undefined && NAME.test(right) && wrong !== right ? { wrong, right } : undefined;
}

/** The name that nothing binds, of a complaint about one. */
export function undefinedName({ code, message }: Pick<Diagnostic, "code" | "message">): string | undefined {
  if (!/^(name-undefined|F821|TS2304|TS2552)$/.test(code)) return undefined;
  const name = /[`'"]([^`'"]+)[`'"]/.exec(message)?.[1] ?? "";
  return NAME.test(name) ? name : undefined;
}
