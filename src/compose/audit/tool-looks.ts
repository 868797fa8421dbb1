import { z } from "zod";
import { coverageCommand, lcovOf } from "../../domain/audit/coverage-command.ts";
import { type LineDates, marksIn } from "../../domain/audit/find-in-code.ts";
import { type Coverage, readLcov } from "../../domain/audit/find-untested.ts";
import type { SourceFile } from "../../domain/audit/source.ts";
import { Diagnostic } from "../../domain/diagnostic.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import type { SuiteProfile } from "../../domain/tool-profile.ts";
import type { RunContext } from "../../engine/context.ts";
import { step } from "../../engine/step.ts";

/** What the target's own tools and its history say. */
export interface ToolLooks {
  readonly coverage:
    | { readonly kind: "ran"; readonly coverage: Coverage; readonly how: string }
    | { readonly kind: "none"; readonly why: string };
  readonly types:
    | { readonly kind: "ran"; readonly diagnostics: readonly Diagnostic[]; readonly how: string }
    | { readonly kind: "none"; readonly why: string };
  readonly marks: LineDates;
  /** When lines of a file were last written. */
  readonly dates: (path: string, lines: readonly number[]) => Promise<ReadonlyMap<number, number>>;
}

interface Asked extends Pick<ToolLooks, "dates"> {
  readonly tree: string;
  readonly sources: readonly SourceFile[];
  readonly declared: ReadonlySet<string>;
  readonly runsTools: boolean;
}

const AT_LEVEL = "not run at level quick";

/** Runs each tool once, as a step; one that cannot run is told with its reason and stops nothing. */
export async function toolLooks(asked: Asked, context: RunContext): Promise<Omit<ToolLooks, "dates">> {
  const marks = await marksOf(asked, context);
  if (!asked.runsTools) {
    const none = { kind: "none", why: AT_LEVEL } as const;
    return { coverage: { kind: "none", why: `coverage is ${AT_LEVEL}` }, types: none, marks };
  }
  return { coverage: await coverageOf(asked, context), types: await typesOf(asked, context), marks };
}

const CoverageLook = z.object({
  blobs: z.array(z.object({ blob: z.string(), dir: z.string() })),
  how: z.string(),
  why: z.string(),
});

async function coverageOf(asked: Asked, context: RunContext): Promise<ToolLooks["coverage"]> {
  const { ports } = context;
  const { profile } = ports.repository(undefined).toolchain;
  const look = await step(ports, { key: "audit/coverage", shape: CoverageLook }, async () => {
    const found: z.infer<typeof CoverageLook> = { blobs: [], how: "", why: "" };
    for (const suite of profile.suites) {
      const told = await suiteCoverage(suite, asked, context);
      if ("why" in told) found.why = told.why;
      else {
        found.blobs.push({ blob: await ports.journal.putBlob(told.lcov), dir: suite.dir });
        found.how = told.how;
      }
    }
    return found;
  });
  if (look.blobs.length === 0) return { kind: "none", why: look.why || "no test suite was found" };
  const coverage = new Map<string, ReadonlyMap<number, number>>();
  for (const { blob, dir } of look.blobs)
    for (const [path, lines] of readLcov(await ports.journal.getBlob(blob)))
      coverage.set(dir === "." || path.startsWith(`${dir}/`) ? path : `${dir}/${path}`, lines);
  return { kind: "ran", coverage, how: look.how };
}

async function suiteCoverage(
  suite: SuiteProfile,
  { tree, declared }: Asked,
  { ports, config }: RunContext,
): Promise<{ readonly lcov: string; readonly how: string } | { readonly why: string }> {
  const { toolchain } = ports.repository(undefined);
  const command = coverageCommand(suite, declared);
  if (command.kind === "none") return command;
  const seconds = config.limits.testSeconds;
  try {
    await toolchain.prepare(tree);
    const { stdout } = await toolchain.command({ tree, run: command.run, seconds }, ports.signal);
    const lcov = lcovOf(stdout);
    return /^SF:/m.test(lcov) ? { lcov, how: command.how } : { why: `${suite.runner} wrote no coverage` };
  } catch (error) {
    return reasonOf(error);
  }
}

/** A person's stop goes on; anything else that a tool met is a reason. */
function reasonOf(error: unknown): { readonly why: string } {
  if (!(error instanceof StepFailure) || error.code === "cancelled") throw error;
  return { why: error.message.split("\n")[0]?.slice(0, 200) ?? "it could not run" };
}

const TypesLook = z.object({ tools: z.array(z.string()), diagnostics: z.array(Diagnostic), why: z.string() });
const MOST_DIAGNOSTICS = 200;

async function typesOf({ tree, sources }: Asked, context: RunContext): Promise<ToolLooks["types"]> {
  const { ports } = context;
  const { analysis, toolchain } = ports.repository(undefined);
  const look = await step(ports, { key: "audit/types", shape: TypesLook }, async () => {
    const report = await toolchain
      .prepare(tree)
      .then(() =>
        analysis.diagnose(
          "types",
          tree,
          sources.map(({ path }) => path),
        ),
      )
      .catch(reasonOf);
    if ("why" in report) return { tools: [], diagnostics: [], why: report.why };
    return { tools: [...report.tools], diagnostics: report.diagnostics.slice(0, MOST_DIAGNOSTICS), why: "" };
  });
  if (look.tools.length === 0) return { kind: "none", why: look.why || "no type checker was found" };
  return { kind: "ran", diagnostics: look.diagnostics, how: look.tools.join(", ") };
}

const MarksLook = z.object({ dates: z.record(z.string(), z.array(z.tuple([z.number(), z.number()]))) });
const MOST_MARKED_FILES = 40;

async function marksOf({ sources, dates }: Asked, context: RunContext): Promise<LineDates> {
  const marked = sources.filter((file) => marksIn(file).length > 0).slice(0, MOST_MARKED_FILES);
  const look = await step(context.ports, { key: "audit/marks", shape: MarksLook }, async () => {
    const found = marked.map(async (file) => [file.path, [...(await dates(file.path, marksIn(file)))]] as const);
    return { dates: Object.fromEntries(await Promise.all(found)) };
  });
  return new Map(Object.entries(look.dates).map(([path, pairs]) => [path, new Map(pairs)]));
}
