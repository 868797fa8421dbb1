import { canaryText } from "./canary-text.ts";
import type { Runner } from "./config.ts";
import { kindOfPath } from "./paths.ts";
import type { ToolProfile } from "./tool-profile.ts";

/** The canary's name, in every runner that allows spaces. */
export const canaryName = "millwright canary must fail";

export interface PlacedCanary {
  /** Where the canary is written: a path that the suite's runner collects. */
  readonly file: string;
  /** The test file whose imports it copies, so that it sees what the tests see. */
  readonly beside: string;
  /** The canary's text, given the text of `beside`. */
  text(neighbour: string): string;
}

/**
 * A test that asserts something false and imports what its neighbour imports: if a run does not report it as failed,
 * something makes failures invisible. Undefined when no suite's runner knows one, or none of its globs admits a new file.
 */
export function canaryBeside(
  preferred: readonly string[],
  listed: readonly string[],
  profile: ToolProfile,
): PlacedCanary | undefined {
  const known = new Set(listed);
  const wanted = preferred.filter((path) => known.has(path));
  return placedIn(wanted, listed, profile) ?? placedIn(listed, listed, profile);
}

function placedIn(
  candidates: readonly string[],
  listed: readonly string[],
  profile: ToolProfile,
): PlacedCanary | undefined {
  return placeBeside("canary", { candidates, listed, profile }, ({ file, beside, runner }) => {
    const text = canaryText(runner, beside);
    return text && { file, beside, text };
  });
}

/** A free path that a suite's runner collects, and the test file that it lies beside. */
export interface Place {
  readonly file: string;
  readonly beside: string;
  readonly runner: Runner;
}

/** Makes something of the first place for a planted test beside one of `candidates`; `stem` is part of its name. */
export function placeBeside<Made>(
  stem: string,
  among: {
    readonly candidates: readonly string[];
    readonly listed: readonly string[];
    readonly profile: ToolProfile;
  },
  make: (place: Place) => Made | undefined,
): Made | undefined {
  const { candidates, listed, profile } = among;
  return firstOf(profile.suites, (suite) => {
    const isTest = (path: string) => kindOfPath(path, { suites: [suite], manifests: profile.manifests }) === "test";
    const beside = candidates.find(isTest);
    if (beside === undefined) return undefined;
    const file = pathsBeside(beside, stem).find((path) => isTest(path) && !listed.includes(path));
    return file === undefined ? undefined : make({ file, beside, runner: suite.runner });
  });
}

function firstOf<Item, Result>(items: readonly Item[], find: (item: Item) => Result | undefined): Result | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Names for a new file that the globs which admit `beside` may admit too, the likeliest first. */
function pathsBeside(beside: string, stem: string): readonly string[] {
  const slash = beside.lastIndexOf("/") + 1;
  const name = beside.slice(slash);
  const ending = name.slice(name.lastIndexOf("."));
  const canary = ending === ".py" ? `millwright_${stem}` : `millwright-${stem}`;
  const dotted = name.indexOf(".", 1) < 0 ? "" : name.slice(name.indexOf(".", 1));
  const before = /^[A-Za-z]+[._-]/.exec(name)?.[0] ?? "";
  const after = /[._-][A-Za-z]+(?=\.\w+$)/.exec(name)?.[0] ?? "";
  const names = [
    `${canary}${dotted}`,
    `${canary}${after}${ending}`,
    `${before}${canary}${ending}`,
    `test_${canary}${ending}`,
    `${canary}.test${ending}`,
    `${canary}.spec${ending}`,
  ];
  return names.map((path) => beside.slice(0, slash) + path);
}

/** True when a test is the canary: nothing else is in its file. */
export function isCanaryCase(canary: { readonly file: string } | undefined, test: { readonly file: string }): boolean {
  return canary !== undefined && test.file === canary.file;
}
