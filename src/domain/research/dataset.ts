import { z } from "zod";
import { type PlacedProblem, twice } from "./placed-problem.ts";

const HTTP = /^https?:\/\//;
const FILE = /^file:\/\/\//;

/** A file that the experiment reads, and how to tell that it is the right one. */
export const DatasetWish = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,60}$/, "small letters, digits, dots and dashes")
    .meta({
      description: "Its file name below the folder that MILLWRIGHT_DATASETS names inside the sandbox.",
    }),
  source: z.string().min(1).meta({ description: "A path in the repository, a file:/// URL or an http(s) URL." }),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "64 small hexadecimal digits (sha256sum FILE)"),
  bytes: z.int().positive(),
  licence: z
    .string()
    .refine((text) => text.trim() !== "", "the licence that the data is under, e.g. CC-BY-4.0 or public domain")
    .meta({ description: "An SPDX name or the words of the source." }),
  prepare: z
    .strictObject({
      run: z.string().min(1).meta({
        description:
          "Shell command in the sandbox: reads the file that RAW names, writes the file that PREPARED names.",
      }),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/, "64 small hexadecimal digits (sha256sum FILE)")
        .optional(),
    })
    .optional()
    .meta({ description: "Makes of the file what the experiment reads; done once, without a network." }),
});
export type DatasetWish = z.infer<typeof DatasetWish>;

export type DatasetSource =
  | { readonly kind: "repository"; readonly path: string }
  | { readonly kind: "file"; readonly url: string }
  | { readonly kind: "http"; readonly url: string };

export function sourceOf({ source }: Pick<DatasetWish, "source">): DatasetSource {
  if (HTTP.test(source)) return { kind: "http", url: source };
  if (FILE.test(source)) return { kind: "file", url: source };
  return { kind: "repository", path: source };
}

/** What can be read of a dataset that may be wrong elsewhere. */
export interface DatasetSketch {
  readonly name?: string | undefined;
  readonly source?: string | undefined;
}

/** What of the datasets cannot be meant. */
export function datasetProblems(datasets: readonly DatasetSketch[]): readonly PlacedProblem[] {
  return [
    ...twice(datasets.map(({ name }) => name)).map(({ name, at }) => ({
      path: ["datasets", at, "name"],
      message: `datasets: ${name} is there twice; give each a name of its own.`,
    })),
    ...datasets.flatMap(({ name = "one of them", source }, at) =>
      source === undefined || sourceOf({ source }).kind !== "repository" || !isStrange(source)
        ? []
        : [
            {
              path: ["datasets", at, "source"],
              message: `datasets: ${name} comes from ${source}, which is neither a path in the repository nor a file:/// or http(s) URL.`,
            },
          ],
    ),
  ];
}

function isStrange(path: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(path) || path.startsWith("/") || path.split("/").includes("..");
}

/** What was fetched, against what was promised: nothing, or the refusal. */
export function wrongDataset(
  wish: DatasetWish,
  got: { readonly bytes: number; readonly sha256: string },
): string | undefined {
  if (got.bytes !== wish.bytes)
    return `Dataset ${wish.name} has ${got.bytes} bytes, the plan says ${wish.bytes} (${wish.source}). Correct bytes and sha256 in the plan if the source is right, or name the right source.`;
  if (got.sha256 !== wish.sha256)
    return `Dataset ${wish.name} has the checksum ${got.sha256}, the plan says ${wish.sha256} (${wish.source}). The source has changed or is another one: nothing of it is used. Correct the plan only if you know why.`;
  return undefined;
}
