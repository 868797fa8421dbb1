import type { Baseline } from "./baseline.ts";
import type { ComparedMetric } from "./baseline-report.ts";
import { deviationOf, USUAL_TOLERANCE } from "./tolerance.ts";

/** The numbers that a program printed, by name; or why there are none. */
export type Measured =
  | { readonly kind: "measured"; readonly values: Readonly<Record<string, number | string>> }
  | { readonly kind: "nothing"; readonly why: string };

const NOT_JSON = /(?<=[[:,{]\s*)(NaN|-?Infinity|nan|-?inf)(?=\s*[,}\]])/g;

/**
 * The last line of an output that is one JSON object. `NaN` and `Infinity`, which Python writes and JSON has not, come back
 * as texts.
 */
export function measuredIn(output: string): Measured {
  const lines = output.split(/\r?\n/).map((line) => line.trim());
  for (const line of lines.reverse()) {
    if (!line.startsWith("{") || !line.endsWith("}")) continue;
    const value = parsed(line.replace(NOT_JSON, '"$1"'));
    if (value !== undefined) return { kind: "measured", values: value };
  }
  return { kind: "nothing", why: "it printed no line that is one JSON object with its metrics" };
}

function parsed(line: string): Readonly<Record<string, number | string>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
    const entries = Object.entries(value).filter(([, one]) => typeof one === "number" || typeof one === "string");
    return Object.fromEntries(entries);
  } catch {
    return undefined;
  }
}

/** Every reported metric against what was measured: a missing one, a text, NaN and infinity are flagged as such. */
export function comparedWith(baseline: Pick<Baseline, "metrics">, measured: Measured): readonly ComparedMetric[] {
  return Object.entries(baseline.metrics).map(([name, { reported, tolerance = USUAL_TOLERANCE }]) => {
    const found = numberOf(name, measured);
    if (typeof found === "string") return { name, reported, tolerance, within: false, problem: found };
    const deviation = deviationOf(reported, found, tolerance);
    const within = deviation.kind === "within";
    const relative = reported === 0 ? {} : { deviation: (found - reported) / Math.abs(reported) };
    return { name, reported, measured: found, tolerance, within, ...relative };
  });
}

/** The number, or why there is none. */
function numberOf(name: string, measured: Measured): number | string {
  if (measured.kind === "nothing") return measured.why;
  const value = Object.hasOwn(measured.values, name) ? measured.values[name] : undefined;
  if (value === undefined) return missingText(name, measured.values);
  if (typeof value === "number" && Number.isFinite(value)) return value;
  return `${name} is ${String(value).slice(0, 40)}, which is no number`;
}

function missingText(name: string, values: Readonly<Record<string, unknown>>): string {
  const there = Object.keys(values).slice(0, 12).join(", ");
  return `the output has no metric ${name}; it has: ${there || "none"}`;
}
