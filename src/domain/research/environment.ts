import { z } from "zod";
import { AcceleratorWish } from "./accelerator.ts";

export const ENVIRONMENT_KINDS = ["conda", "micromamba", "uv", "venv", "system"] as const;
export type EnvironmentKind = (typeof ENVIRONMENT_KINDS)[number];

const PACKAGE = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const VERSION = /^\d+(?:!\d+)?(?:\.\d+)*(?:[A-Za-z0-9._+-]*)$/;

const Packages = z.record(
  z.string().regex(PACKAGE, "the name of a package"),
  z.string().refine((version) => version === "any" || VERSION.test(version), 'one version in quotes, e.g. "1.24.2"'),
);

/** The Python that everything of the project runs in. */
export const EnvironmentWish = z
  .strictObject({
    kind: z.enum(ENVIRONMENT_KINDS),
    python: z
      .string()
      .regex(/^3(\.\d+){0,2}$/, 'a version in quotes, such as "3.11"')
      .optional()
      .meta({
        description: "Version of Python; for conda and micromamba it is installed, for the others it must be there.",
      }),
    interpreter: z.string().min(1).optional().meta({
      description: "For system, venv and uv: the interpreter as the sandbox sees it, e.g. /usr/bin/python3.",
    }),
    packages: Packages.default({}).meta({
      description:
        "Each with one version. For system, `1.13` means any 1.13.x and `any` whatever is there: it is locked as found.",
    }),
    channels: z
      .array(z.string().regex(/^[A-Za-z0-9._/-]+$/, "a channel's name"))
      .default([])
      .meta({
        description: "For conda and micromamba; default conda-forge.",
      }),
    accelerator: AcceleratorWish.default({ device: "cpu" }),
  })
  .check(({ value, issues }) => {
    for (const { path, message } of contradictions(value))
      issues.push({ code: "custom", input: value, path: [...path], message });
  });
export type EnvironmentWish = z.infer<typeof EnvironmentWish>;

interface Contradiction {
  readonly path: readonly string[];
  readonly message: string;
}

function contradictions(wish: {
  readonly kind: EnvironmentKind;
  readonly interpreter?: string | undefined;
  readonly packages: Readonly<Record<string, string>>;
  readonly channels: readonly string[];
}): readonly Contradiction[] {
  const isConda = wish.kind === "conda" || wish.kind === "micromamba";
  const unpinned = Object.entries(wish.packages).filter(([, version]) => version === "any" && wish.kind !== "system");
  return [
    ...unpinned.map(([name]) => ({
      path: ["packages", name],
      message: "`any` is for kind: system alone; pin one version",
    })),
    ...(wish.channels.length > 0 && !isConda
      ? [{ path: ["channels"], message: `only conda and micromamba have channels, kind is ${wish.kind}` }]
      : []),
    ...(wish.interpreter !== undefined && isConda
      ? [{ path: ["interpreter"], message: `${wish.kind} brings its own Python; write python: "3.11" instead` }]
      : []),
  ];
}

/** True when a found version is the wanted one, or begins with all its parts. */
export function satisfies(found: string, wanted: string): boolean {
  return (
    wanted === "any" || found === wanted || (found.startsWith(wanted) && /^[^0-9]/.test(found.slice(wanted.length)))
  );
}

/** PyPI's rule: case, dashes, dots and underscores do not tell names apart. */
export function packageKey(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}
