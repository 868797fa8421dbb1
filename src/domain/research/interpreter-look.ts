import { z } from "zod";
import { type EnvironmentWish, packageKey, satisfies } from "./environment.ts";

/** What an interpreter says of itself. */
export const InterpreterLook = z.strictObject({
  executable: z.string(),
  python: z.string(),
  implementation: z.string(),
  platform: z.string(),
  /** Versions by name, as PyPI compares names. */
  packages: z.record(z.string(), z.string()),
});
export type InterpreterLook = z.infer<typeof InterpreterLook>;

/** What of the wish the interpreter does not keep. */
export function interpreterProblems(
  wish: Pick<EnvironmentWish, "python" | "packages">,
  look: InterpreterLook,
): readonly string[] {
  const python =
    wish.python === undefined || satisfies(look.python, wish.python)
      ? []
      : [`Python is ${look.python} (${look.executable}), the plan wants ${wish.python}`];
  const packages = Object.entries(wish.packages).flatMap(([name, version]) => {
    const found = look.packages[packageKey(name)];
    if (found === undefined) return [`${name} is not installed for ${look.executable}`];
    return satisfies(found, version) ? [] : [`${name} is ${found}, the plan wants ${version}`];
  });
  return [...python, ...packages];
}

/** The lock of an environment that nobody installs: what the interpreter says that it has. Such packages carry no hashes. */
export function systemLock(look: InterpreterLook): string {
  const packages = Object.entries(look.packages).sort(([one], [two]) => (one < two ? -1 : 1));
  const head = `# python ${look.python} ${look.implementation} ${look.platform}; packages of the system carry no hashes`;
  return [head, ...packages.map(([name, version]) => `${name}==${version}`), ""].join("\n");
}

/** Packages of the wish, and the interpreter, that are no longer what was locked. */
export function driftFrom(
  lock: string,
  wish: Pick<EnvironmentWish, "packages">,
  look: InterpreterLook,
): readonly string[] {
  const locked = new Map(
    [...lock.matchAll(/^([^\s#=]+)==(\S+)/gm)].map(([, name = "", version]) => [packageKey(name), version]),
  );
  const python = /^# python (\S+)/m.exec(lock)?.[1];
  const changed = Object.keys(wish.packages).flatMap((name) => {
    const [before, now] = [locked.get(packageKey(name)), look.packages[packageKey(name)]];
    return before === undefined || before === now ? [] : [`${name} was locked at ${before} and is ${now ?? "gone"}`];
  });
  return python === undefined || python === look.python
    ? changed
    : [`Python was locked at ${python} and is ${look.python}`, ...changed];
}
