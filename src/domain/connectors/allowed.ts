import type { Caller, Connector, Notice } from "./connector-config.ts";

/** The part of the config that says what may be called. */
export interface ConnectorSettings {
  readonly connectors: Readonly<Record<string, Connector>>;
  readonly notify: Readonly<Partial<Record<string, readonly Notice[]>>>;
}

export interface ConnectorProblem {
  readonly path: readonly string[];
  readonly message: string;
}

/** True when the config lets this caller use this tool; nothing is allowed that is not written there. */
export function mayCall(connector: Connector, caller: Caller, tool: string): boolean {
  return connector.roles[caller]?.includes(tool) ?? false;
}

/** A message as the mill sends it. */
export interface Message {
  readonly connector: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** The call that says `text` as a notice of the config wants it. */
export function messageOf(notice: Notice, text: string): Message {
  const {
    tool,
    text: argument,
    with: more,
  } = typeof notice === "string" ? { tool: notice, text: "text", with: {} } : notice;
  const dot = tool.indexOf(".");
  return { connector: tool.slice(0, dot), tool: tool.slice(dot + 1), arguments: { ...more, [argument]: text } };
}

/** Everything that the config wants to call and does not allow, or does not know. */
export function connectorProblems({ connectors, notify }: ConnectorSettings): readonly ConnectorProblem[] {
  return [
    ...Object.entries(connectors).flatMap(([name, connector]) => issueProblems(name, connector)),
    ...Object.entries(notify).flatMap(([occasion, notices = []]) =>
      notices.flatMap((notice) => noticeProblems(occasion, notice, connectors)),
    ),
  ];
}

function issueProblems(name: string, connector: Connector): readonly ConnectorProblem[] {
  const { issue } = connector;
  if (issue === undefined) return [];
  const path = ["connectors", name, "issue"];
  const missing = (caller: Caller, tool: string) =>
    mayCall(connector, caller, tool)
      ? []
      : [{ path, message: `connectors.${name}.issue: add ${tool} to connectors.${name}.roles.${caller}.` }];
  return [...missing("architect", issue.read), ...(issue.comment === undefined ? [] : missing("mill", issue.comment))];
}

function noticeProblems(
  occasion: string,
  notice: Notice,
  connectors: ConnectorSettings["connectors"],
): readonly ConnectorProblem[] {
  const { connector: name, tool } = messageOf(notice, "");
  const connector = connectors[name];
  const path = ["notify", occasion];
  if (connector === undefined) return [{ path, message: `notify.${occasion}: there is no connector ${name}.` }];
  if (mayCall(connector, "mill", tool)) return [];
  return [{ path, message: `notify.${occasion}: add ${tool} to connectors.${name}.roles.mill.` }];
}
