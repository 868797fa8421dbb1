import type { AgentWorld } from "../adapters/models/agent/agent-world.ts";
import type { Backend } from "../adapters/models/backend.ts";
import type { Waiting } from "../adapters/models/mailbox/mailbox.ts";
import type { Config } from "../domain/config.ts";
import type { Clock } from "../engine/ports.ts";
import type { ToolDesk } from "./connect/tool-desk.ts";

/** All that the models of a run need to be opened. */
export interface ModelWorld {
  readonly config: Config;
  readonly run: string;
  /** What the run is about, for the recording's header. Default: the run's id. */
  readonly title?: string;
  /** Absolute folder that paths of model files are relative to. Default: the current one. */
  readonly root?: string;
  /** Absolute folder where requests to people lie. */
  readonly mailboxDir: string;
  /** Absolute folder of this run's recording; every run records. */
  readonly recordingDir: string;
  /** Replies come from here and from nowhere else. */
  readonly replay?: { readonly dir: string; readonly strict: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Tokens written so far by the answer in progress; an estimate. */
  readonly onTokens?: (task: string, outputTokens: number) => void;
  /** Tells a person which file to answer, and where. */
  readonly onWaiting?: (message: string, waiting: Waiting) => void;
  /** Tells a person what they should know of a server, once. */
  readonly onNotice?: (message: string) => void;
  /** What a server has loaded so far, each time that it loaded something. */
  readonly onLoads?: (server: string, message: string) => void;
  /** What agent programs need of a run beside a model. */
  readonly agents?: AgentWorld;
  /** Where roles have tools of connectors called. */
  readonly tools?: ToolDesk;
  /** Further backends by name, such as a scripted one; `name` or `name/model` in the config reaches them. */
  readonly backends?: Readonly<Record<string, Backend>>;
}
