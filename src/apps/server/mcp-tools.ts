import type { CallToolResult, ToolAnnotations } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { APPROVAL_STAGES } from "../../domain/approvals.ts";
import { normalisePath } from "../../domain/paths.ts";
import { InputError } from "../../domain/step-failure.ts";
import type { Doors, Mill, Watch } from "../../mill.ts";
import { costOf } from "../../views/cost.ts";
import { foldRun } from "../../views/fold-run.ts";
import { plain, plainJson } from "../../views/plain.ts";
import { reportOf } from "../../views/report.ts";

/** Where the tools work, and for whom. */
export interface ToolGround {
  readonly dir: string;
  readonly config: string | undefined;
  readonly doors: Doors;
  /** Name that the client gave itself: written down with an approval. */
  client(): string;
}

/** A tool of the mill's MCP server. */
export interface MillTool {
  readonly name: string;
  readonly description: string;
  readonly shape: z.ZodRawShape;
  readonly annotations: ToolAnnotations;
  answer(given: Readonly<Record<string, unknown>>, ground: ToolGround): Promise<CallToolResult>;
}

const READS: ToolAnnotations = { readOnlyHint: true, openWorldHint: false };
const WRITES: ToolAnnotations = { readOnlyHint: false, destructiveHint: false, openWorldHint: true };
const UNWATCHED: Watch = {
  entry: () => undefined,
  glimpse: () => undefined,
  signal: new AbortController().signal,
};
const LONGEST_TEXT = 100_000;

const run = z.string().max(80).optional().describe("id of a run, or its beginning; default: the newest");

/** A tool whose words are checked by its shape before they arrive. */
function tool<Shape extends z.ZodRawShape>(
  named: Pick<MillTool, "name" | "description" | "annotations">,
  shape: Shape,
  answer: (given: z.infer<z.ZodObject<Shape>>, ground: ToolGround) => Promise<CallToolResult>,
): MillTool {
  return {
    ...named,
    shape,
    answer: (given, ground) => answer(z.object(shape).parse(given), ground),
  };
}

function text(said: string): CallToolResult {
  return { content: [{ type: "text", text: plain(said) }] };
}

function json(value: object): CallToolResult {
  return { content: [{ type: "text", text: plainJson(value) }] };
}

async function withMill<Result>(ground: ToolGround, work: (mill: Mill) => Promise<Result>): Promise<Result> {
  const mill = await ground.doors.openMill(ground.dir, { config: ground.config });
  try {
    return await work(mill);
  } finally {
    await mill.close();
  }
}

/** The run with this id or the one beginning of it; undefined: the newest. @throws InputError */
async function oneRun(mill: Mill, wanted: string | undefined): Promise<string> {
  const rows = await mill.runs();
  const found = wanted === undefined ? rows.slice(-1) : rows.filter(({ id }) => id.startsWith(wanted));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.id;
  throw new InputError([found.length > 1 ? `"${wanted}" may be several runs.` : "There is no such run; see status."]);
}

const READING: readonly MillTool[] = [
  tool(
    {
      name: "status",
      annotations: READS,
      description:
        "The newest runs with their outcomes, whether one is at work, what stops the line, and what waits for a person. Poll this after run or plan.",
    },
    { run },
    (given, ground) =>
      withMill(ground, async (mill) => {
        const { stopped } = await (await ground.doors.openAndon(ground.dir, { config: ground.config })).state();
        const rows = await mill.runs();
        if (rows.length === 0) return json({ runs: [], atWork: mill.atWork(), stopped });
        const id = await oneRun(mill, given.run);
        const { state, reason, tasks, landed } = foldRun(await mill.entries(id));
        const { waiting } = await mill.approvals.look(id);
        const tasksNow = tasks.map((task) => ({ id: task.id, title: task.title, state: task.state }));
        const look = { id, state, reason, tasks: tasksNow, landed, waiting };
        return json({ runs: rows.slice(-20), atWork: mill.atWork(), stopped, run: look });
      }),
  ),
  tool(
    {
      name: "show",
      annotations: READS,
      description:
        "The report of a run as Markdown: what landed, what was refused and why, what it cost; with diff, the change itself.",
    },
    { run, diff: z.boolean().optional().describe("the unified diff instead of the report") },
    (given, ground) =>
      withMill(ground, async (mill) => {
        const id = await oneRun(mill, given.run);
        if (given.diff) return text((await mill.diff(id)) || "Nothing has changed.");
        const view = foldRun(await mill.entries(id));
        return text(reportOf(view, costOf(view, mill.config.prices)));
      }),
  ),
  tool(
    {
      name: "andon",
      annotations: READS,
      description:
        "What stops the line here; with the id of an incident, its report and what is missing until it may be closed.",
    },
    { incident: z.string().max(120).optional().describe("id of an incident; default: all open ones") },
    async (given, ground) => {
      const andon = await ground.doors.openAndon(ground.dir, { config: ground.config });
      if (given.incident !== undefined) {
        const { incident, missing } = await andon.show(given.incident);
        return json({ id: incident.id, report: incident.documents["report.md"], missing });
      }
      const { stopped, incidents } = await andon.state();
      const open = incidents.filter(({ closing }) => closing === undefined);
      return json({ stopped, open: open.map(({ evidence }) => evidence) });
    },
  ),
  tool(
    {
      name: "wiki_query",
      annotations: { ...READS, openWorldHint: true },
      description:
        "Ask the repository's wiki. Every statement has a citation that was looked up; a model of the config answers.",
    },
    { question: z.string().min(3).max(4_000) },
    (given, ground) =>
      withMill(ground, async (mill) => json(await mill.wiki.query(given.question, { file: false }, UNWATCHED))),
  ),
];

const wish = {
  path: z.string().max(400).optional().describe("path of a spec or plan file inside the repository"),
  text: z.string().max(LONGEST_TEXT).optional().describe("instead of a path: what is wanted, in a sentence or more"),
};

/** The one word that the command line is given; it comes after `--`, so that it is never an option. */
function wishOf(given: { readonly path?: string | undefined; readonly text?: string | undefined }): string {
  const { path, text: said } = given;
  if ((path === undefined) === (said === undefined)) throw new InputError(["Give either path or text."]);
  if (path === undefined) {
    const sentence = (said ?? "").trim();
    if (!/\s/.test(sentence)) throw new InputError(["text is what is wanted, in more than one word."]);
    return sentence;
  }
  const normal = normalisePath(path);
  if (normal.kind !== "ok") throw new InputError([`path: ${normal.why}.`]);
  return normal.path;
}

function beginning(name: "run" | "plan", description: string): MillTool {
  return tool({ name, description, annotations: WRITES }, wish, async (given, ground) => {
    const flags = ground.config === undefined ? [] : ["--config", ground.config];
    const words = [name, "--json", ...flags, "--", wishOf(given)];
    const begun = await ground.doors.startInBackground(ground.dir, words);
    return json({ ...begun, next: "poll status with this run" });
  });
}

const WRITING: readonly MillTool[] = [
  beginning("plan", "Ask the architect for a plan and write it to plans/; runs in the background, poll status."),
  beginning("run", "Implement a spec, a plan or a sentence on loop/<plan>; runs in the background, poll status."),
  tool(
    {
      name: "approve",
      annotations: WRITES,
      description:
        "Say yes or no to what waits in a run; status lists what waits, with the digest that has to be named.",
    },
    {
      run: z.string().max(80),
      digest: z.string().min(7).max(80).describe("the beginning of the digest of what was looked at"),
      decision: z.enum(["approved", "rejected"]).default("approved"),
      stage: z.enum(APPROVAL_STAGES).optional(),
      task: z.string().max(80).optional(),
      note: z.string().max(4_000).optional(),
    },
    (given, ground) =>
      withMill(ground, async (mill) => {
        const { decision, note, stage, task, digest } = given;
        const choice = { run: await oneRun(mill, given.run), stage, task, digest };
        const by = `${ground.client()} (MCP client)`;
        return json({ by, ...(await mill.approvals.say(choice, { decision, by, note })) });
      }),
  ),
];

/** What is offered: nothing that changes anything, unless it is allowed. */
export function toolsOf(allowed: "read" | "write"): readonly MillTool[] {
  return allowed === "read" ? READING : [...READING, ...WRITING];
}
