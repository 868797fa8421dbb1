import { z } from "zod";

/** How far a measured number may be from the one it is compared with. */
export const Tolerance = z.union([
  z.number().min(0).max(1).meta({ description: "Relative to the expected number: 0.05 is 5 %." }),
  z.strictObject({
    absolute: z
      .number()
      .min(0)
      .meta({ description: "In the metric's own unit; needed where the expected number is 0." }),
  }),
]);
export type Tolerance = z.infer<typeof Tolerance>;

/** Of what is reported, unless a metric says otherwise: 5 %. */
export const USUAL_TOLERANCE: Tolerance = 0.05;

/** How two numbers stand to each other. */
export type Deviation =
  | {
      readonly kind: "within" | "outside";
      /** Relative, with its sign; undefined where 0 was expected. */
      readonly relative: number | undefined;
      readonly absolute: number;
    }
  | { readonly kind: "not-a-number" };

// What is 5 % of a decimal number is seldom so in binary.
const ROUNDING = 1e-9;

/** Both ways: what is better than reported was not reproduced either. */
export function deviationOf(expected: number, measured: number, tolerance: Tolerance): Deviation {
  if (!Number.isFinite(expected) || !Number.isFinite(measured)) return { kind: "not-a-number" };
  const absolute = measured - expected;
  const relative = expected === 0 ? undefined : absolute / Math.abs(expected);
  const most = typeof tolerance === "number" ? tolerance * Math.abs(expected) : tolerance.absolute;
  const isWithin = Math.abs(absolute) <= most + ROUNDING * Math.max(1, Math.abs(expected));
  return { kind: isWithin ? "within" : "outside", relative, absolute };
}

/** `5 %`, `0.2 absolute`. */
export function toleranceText(tolerance: Tolerance): string {
  return typeof tolerance === "number" ? `${percent(tolerance)} %` : `${tolerance.absolute} absolute`;
}

/** `+12.3 %`, `-0.4 absolute`. */
export function deviationText(deviation: Deviation): string {
  if (deviation.kind === "not-a-number") return "not a number";
  const { relative, absolute } = deviation;
  const sign = absolute < 0 ? "-" : "+";
  if (relative === undefined) return `${sign}${Number(Math.abs(absolute).toPrecision(6))} absolute`;
  return `${sign}${percent(Math.abs(relative))} %`;
}

function percent(share: number): number {
  return Number((100 * share).toPrecision(3));
}
