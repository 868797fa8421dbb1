import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import {
  MEASURES,
  type MeasureLook,
  type MeasureName,
  type Measures,
  SubjectError,
} from "../../../domain/research/measures.ts";

const ProbeRecord = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("start"), torch: z.string(), numpy: z.string(), python: z.string() }),
  z.object({
    kind: z.literal("measure"),
    name: z.string(),
    values: z.unknown().optional(),
    failed: SubjectError.optional(),
  }),
  z.object({ kind: z.literal("lacking"), what: z.string() }),
  z.object({ kind: z.literal("end") }),
]);

interface ReadReport {
  readonly measures: Measures;
  /** Nothing is missing between the first record and the last. */
  readonly isWhole: boolean;
  readonly versions: Readonly<Record<string, string>>;
  /** The package that the environment lacks, in Python's words; then nothing was measured. */
  readonly lacking: string | undefined;
}

/** What was written with `key`. Other lines (printed, forged, cut off) do not count. */
export function readReport(text: string, key: string): ReadReport {
  const signed = text.split("\n").flatMap((line) => signedJson(line, key) ?? []);
  const inOrder = signed.every((one, at) => Reflect.get(one, "sequence") === at);
  const parsed = signed.map((one) => ProbeRecord.safeParse(one));
  const records = parsed.flatMap(({ data }) => data ?? []);
  const start = records.find((record) => record.kind === "start");
  const isWhole = inOrder && parsed.every(({ success }) => success) && records.at(-1)?.kind === "end";
  const looks = records.flatMap((record) => (record.kind === "measure" ? [[record.name, lookOf(record)]] : []));
  return {
    measures: Object.fromEntries(looks) as Measures,
    isWhole,
    versions: start === undefined ? {} : { torch: start.torch, numpy: start.numpy, python: start.python },
    lacking: records.find((record) => record.kind === "lacking")?.what,
  };
}

function lookOf({
  name,
  values,
  failed,
}: {
  name: string;
  values?: unknown;
  failed?: SubjectError | undefined;
}): MeasureLook {
  if (failed) return { kind: "failed", failed };
  const shape: z.ZodType | undefined = MEASURES[name as MeasureName];
  const parsed = shape?.safeParse(values);
  if (parsed?.success) return { kind: "seen", values: parsed.data } as MeasureLook;
  const [issue] = parsed?.error?.issues ?? [];
  const error = `what was measured has not the expected form: ${issue?.path.join(".") ?? name} ${issue?.message ?? ""}`;
  return { kind: "failed", failed: { error: error.trim(), path: null, line: null } };
}

function signedJson(line: string, key: string): object | undefined {
  const [mac, json] = [line.slice(0, 64), line.slice(65)];
  if (!/^[0-9a-f]{64}$/.test(mac)) return undefined;
  const right = createHmac("sha256", key).update(json).digest("hex");
  if (!timingSafeEqual(Buffer.from(mac), Buffer.from(right))) return undefined;
  const value: unknown = JSON.parse(json);
  return value !== null && typeof value === "object" ? value : undefined;
}
