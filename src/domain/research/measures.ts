import { z } from "zod";

// What is no finite number comes as null.
const number = z.number().nullable();
const numbers = z.array(number);
const names = z.array(z.string());

/** What the probes measure, by name. A program wrote it beside code that nobody trusts: it is read strictly. */
export const MEASURES = {
  subject: z.strictObject({ missing: names }),
  forward: z.strictObject({
    inputs: z.array(z.int()),
    targets: z.array(z.int()),
    mask: z.array(z.int()).nullable(),
    outputs: z.array(z.int()),
    largest_target: z.int(),
    finite: z.boolean(),
    future: number,
    others: number,
  }),
  loss: z.strictObject({
    cases: z.array(z.strictObject({ case: z.string(), scalar: z.boolean(), reported: number, recomputed: number })),
  }),
  gradients: z.strictObject({
    parameters: z.int(),
    without: names,
    zero: names,
    not_finite: names,
    frozen: names,
    left_out: names,
  }),
  training: z.strictObject({
    steps: z.int(),
    rates: numbers,
    losses: numbers,
    log: z.strictObject({ lines: z.int(), problems: names, steps: z.array(z.json()), rates: z.array(z.json()) }),
    state: names,
    seconds: z.number(),
    gradient: z.strictObject({ apart: number, size: number, theirs: number }).nullable(),
  }),
  schedule: z.strictObject({ rates: numbers, named: z.record(z.string(), number) }),
  checkpoint: z.strictObject({
    again: numbers,
    before: number,
    after: number,
    fresh: z.strictObject({ loss: number, error: z.string().nullable() }),
    takes_state: z.boolean(),
    steps: z.strictObject({ count: z.int(), losses: numbers, next: number, fifth: number }).nullable(),
  }),
  evaluation: z.strictObject({
    reported: z.strictObject({ loss: number, perplexity: number, tokens: number }),
    nats: number,
    tokens: z.number(),
    training_nats: number,
  }),
  order: z.strictObject({ train: z.int().nullable(), validation: z.int().nullable() }),
  overlap: z.strictObject({ windows: z.int(), shared: z.int(), length: z.int(), tokens: z.int() }),
  throughput: z.strictObject({
    pretended: numbers,
    tokens: z.number(),
    warmup: z.int(),
    passes: z.int(),
    repeats: numbers,
    own: number,
  }),
  memory: z.strictObject({ of: z.enum(["gpu", "rss"]), megabytes: z.number() }),
  seeds: z.strictObject({
    seeds: z.array(z.strictObject({ seed: z.int(), before: number, after: number, losses: numbers })),
  }),
  keep: z.strictObject({ bytes: z.int() }),
} as const;

export type MeasureName = keyof typeof MEASURES;
export type MeasureOf<Name extends MeasureName> = z.infer<(typeof MEASURES)[Name]>;

/** What the code of the subject threw while it was measured, and where in the repository. */
export const SubjectError = z.strictObject({
  error: z.string(),
  path: z.string().nullable(),
  line: z.int().nullable(),
});
export type SubjectError = z.infer<typeof SubjectError>;

export type MeasureLook<Name extends MeasureName = MeasureName> =
  | { readonly kind: "seen"; readonly values: MeasureOf<Name> }
  | { readonly kind: "failed"; readonly failed: SubjectError };

/** Measures by name; one that is not there was not come to. */
export type Measures = { readonly [Name in MeasureName]?: MeasureLook<Name> };

/** Everything that one run of the probes told. */
export interface Probed {
  readonly measures: Measures;
  /** False when the report ends before its end: the subject killed the process, or ran out of time. */
  readonly isWhole: boolean;
  /** How the process ended, and the end of what it printed. */
  readonly ended: string;
  readonly versions: Readonly<Record<string, string>>;
}
