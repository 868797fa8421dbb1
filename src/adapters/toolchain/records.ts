import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";

const Thrown = z.object({
  name: z.string().nullish(),
  message: z.string().default(""),
  stack: z.string().nullish(),
  code: z.string().nullish(),
  diff: z.string().nullish(),
  /** The runner says that an expectation was not met. */
  assertion: z.boolean().nullish(),
  /** The runner says that its own time limit was passed. */
  timeout: z.boolean().nullish(),
  /** The message is what a process printed, not what was thrown. */
  output: z.boolean().nullish(),
  missing: z.string().nullish(),
  line: z.number().nullish(),
  /** The file that threw, where the reporter knows it better than the stack does. */
  at: z.string().nullish(),
});
/** Something thrown, as a reporter tells it. */
export type Thrown = z.infer<typeof Thrown>;

const place = { file: z.string().nullish(), path: z.array(z.string()) };
const phase = z.literal("hook").nullish();

const ReporterRecord = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("start"), runner: z.string(), version: z.string().nullish() }),
  z.object({ kind: z.literal("file"), file: z.string().nullish() }),
  z.object({ kind: z.literal("collected"), ...place }),
  z.object({ kind: z.literal("begin"), ...place }),
  z.object({ kind: z.literal("done"), ...place }),
  z.object({
    kind: z.literal("result"),
    ...place,
    outcome: z.enum(["passed", "failed", "skipped"]),
    phase,
    errors: z.array(Thrown).default([]),
  }),
  z.object({ kind: z.literal("error"), file: z.string().nullish(), phase, error: Thrown }),
  z.object({ kind: z.literal("end"), reason: z.string().nullish() }),
]);
/** One line of a reporter. */
export type ReporterRecord = z.infer<typeof ReporterRecord>;

export interface ReporterRecords {
  readonly records: readonly ReporterRecord[];
  /** Nothing is missing between the first record and the end record. */
  readonly whole: boolean;
}

/** The records in `text` that were written with `key`, in order. Other lines (forged, cut off, foreign) do not count. */
export function readRecords(text: string, key: string): ReporterRecords {
  const records: ReporterRecord[] = [];
  let unbroken = true;
  for (const line of text.split("\n")) {
    const signed = signedJson(line, key);
    if (signed === undefined) continue;
    const record = ReporterRecord.safeParse(signed);
    unbroken &&= record.success && signed.sequence === records.length;
    if (record.success) records.push(record.data);
  }
  return { records, whole: unbroken && records.at(-1)?.kind === "end" };
}

function signedJson(line: string, key: string): { sequence?: unknown } | undefined {
  const [mac, json] = [line.slice(0, 64), line.slice(65)];
  // Anything else may be longer in bytes than in characters, and cannot be compared.
  if (!/^[0-9a-f]{64}$/.test(mac)) return undefined;
  const right = createHmac("sha256", key).update(json).digest("hex");
  if (!timingSafeEqual(Buffer.from(mac), Buffer.from(right))) return undefined;
  const value: unknown = JSON.parse(json);
  return value !== null && typeof value === "object" ? value : undefined;
}
