import { z } from "zod";
import { WrittenAssertions } from "./assertions.ts";

/** The deterministic tools that look at a tree without running it. */
export const DIAGNOSTIC_TOOLS = ["syntax", "lint", "symbols", "types"] as const;
export type DiagnosticTool = (typeof DIAGNOSTIC_TOOLS)[number];

/** One complaint of a tool about one place. */
export const Diagnostic = z.strictObject({
  path: z.string(),
  line: z.number().int(),
  /** The tool's code, e.g. `TS2339`, `F821`, `no-unused-vars`. */
  code: z.string(),
  message: z.string(),
  /** The offending line's text, trimmed: recognises the same complaint after lines have moved. */
  text: z.string(),
});
export type Diagnostic = z.infer<typeof Diagnostic>;

/** What a tool says of a tree. */
export const DiagnosticReport = z.strictObject({
  /** Tools and versions that looked, e.g. `tsc 5.9.3`; empty when there is none for these files. */
  tools: z.array(z.string()),
  diagnostics: z.array(Diagnostic),
});
export type DiagnosticReport = z.infer<typeof DiagnosticReport>;

/** A test case as it is written: its title path and the digest of its normalised syntax tree. */
export const WrittenCase = z.strictObject({
  title: z.string(),
  digest: z.string(),
  line: z.number().int(),
  /** `.only`, `.skip`, `.todo`, `@pytest.mark.skip` and the like. */
  modifier: z.enum(["only", "skip", "todo"]).optional(),
  /** Absent where nothing can be said. */
  asserts: WrittenAssertions.optional(),
});
export type WrittenCase = z.infer<typeof WrittenCase>;

/** A test file as it is written. */
export const WrittenCases = z.strictObject({
  /** False when the file could not be parsed, so nothing can be said. */
  parsed: z.boolean(),
  cases: z.array(WrittenCase),
  /** Digests of the top-level statements that are not cases: imports, hooks, fixtures, constants. */
  rest: z.array(z.string()),
  /** Module specifiers the file imports, as written. */
  imports: z.array(z.string()),
  /** Number of assertions (expect/assert) in the whole file. */
  assertions: z.number().int(),
});
export type WrittenCases = z.infer<typeof WrittenCases>;
