import type { YamlPath } from "../yaml-text.ts";

/** Something that is wrong, and where in its own file it stands. */
export interface PlacedProblem {
  readonly path: YamlPath;
  readonly message: string;
}

/** Every name that stands a second time, once, with the place where it does; what could not be read is no name. */
export function twice(
  names: readonly (string | undefined)[],
): readonly { readonly name: string; readonly at: number }[] {
  return [...new Set(names)].flatMap((name) => {
    if (name === undefined) return [];
    const at = names.indexOf(name, names.indexOf(name) + 1);
    return at < 0 ? [] : [{ name, at }];
  });
}
