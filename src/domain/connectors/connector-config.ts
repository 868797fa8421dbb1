import { z } from "zod";
import { ROLES } from "../model-call.ts";

/** Who may call a tool: a role, or the mill itself (comments and messages). */
export const CALLERS = [...ROLES, "mill"] as const;
export type Caller = (typeof CALLERS)[number];

const VariableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "the name of an environment variable");
const ArgumentName = z.string().min(1).max(100);

/** The tools of a tracker that read an issue and comment on it. */
const IssueTools = z.strictObject({
  read: z.string().min(1).meta({ description: "Tool that answers with an issue; allowed to the architect." }),
  key: ArgumentName.default("id").meta({ description: "Its argument that takes the issue's key." }),
  comment: z.string().min(1).optional().meta({
    description: "Tool that comments on an issue once its run has ended; allowed to `mill`. Absent: no comment.",
  }),
  commentKey: ArgumentName.default("id"),
  commentText: ArgumentName.default("body"),
  with: z.record(z.string(), z.unknown()).default({}).meta({ description: "Further arguments of both tools." }),
});

/** One MCP server that the mill is a client of: a program, or an address. */
export const Connector = z
  .strictObject({
    command: z.array(z.string().min(1)).min(1).optional().meta({ description: "How the server is started (stdio)." }),
    url: z.url().optional().meta({ description: "Its address (streamable HTTP), instead of a command." }),
    key: VariableName.optional().meta({
      description: "For `url`: name of the environment variable that holds the bearer token; never the token.",
    }),
    env: z.array(VariableName).default([]).meta({
      description: "For `command`: names of the environment variables that it gets, beside PATH and HOME.",
    }),
    roles: z
      .partialRecord(z.enum(CALLERS), z.array(z.string().min(1)))
      .default({})
      .meta({ description: "Which tools each role, or `mill` itself, may call; all others are refused." }),
    issue: IssueTools.optional(),
    seconds: z.int().min(1).max(600).default(30).meta({ description: "Longest time of one call." }),
  })
  .refine(({ command, url }) => (command === undefined) !== (url === undefined), {
    message: "a connector has either `command` or `url`",
  });
export type Connector = z.infer<typeof Connector>;

/** What a person may want to hear of. */
export const OCCASIONS = ["line-stopped", "waiting", "finished"] as const;
export type Occasion = (typeof OCCASIONS)[number];

/** One message: a tool, the argument that takes the text, and what else it needs. */
export const Notice = z.union([
  z.string().regex(/^[^.\s]+[.]\S+$/, "connector.tool"),
  z.strictObject({
    tool: z.string().regex(/^[^.\s]+[.]\S+$/, "connector.tool"),
    text: ArgumentName.default("text"),
    with: z.record(z.string(), z.unknown()).default({}),
  }),
]);
export type Notice = z.infer<typeof Notice>;

export const Connectors = z
  .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "lower-case letters, digits and hyphens"), Connector)
  .default({})
  .meta({ description: "MCP servers by name: trackers, chats. Only the tools under `roles` are ever called." });

export const Notify = z
  .partialRecord(z.enum(OCCASIONS), z.array(Notice))
  .default({})
  .meta({ description: "Tools (`connector.tool`, allowed to `mill`) that are told when something happens." });
