import type { McpOptions } from "../../server/mcp-server.ts";
import { EXIT } from "../exit-code.ts";
import type { Session } from "../session.ts";

interface Options {
  readonly http?: number;
  readonly allowWrite?: boolean;
}

/** Serves until the client leaves or somebody stops it. Standard output belongs to the protocol. */
export async function mcp(session: Session, version: string | undefined, options: Options): Promise<number> {
  const { listenForMcp, serveStdio } = await import("../../server/mcp-server.ts");
  const doors = await session.doors();
  const { dir, config, terminal } = session;
  const schedule = await doors.openServe(dir, { config });
  const served: McpOptions = {
    dir: schedule.root,
    config,
    doors,
    version: version ?? "0",
    allowed: options.allowWrite ? "write" : "read",
  };
  const controller = new AbortController();
  const leave = terminal.onStop(() => controller.abort());
  try {
    if (options.http === undefined) await serveStdio(served, controller.signal);
    else {
      const server = await listenForMcp(served, options.http, await schedule.token());
      terminal.stderr.write(`MCP at ${server.url}/mcp; bearer token in .millwright/token\n`);
      await new Promise((done) => controller.signal.addEventListener("abort", done, { once: true }));
      await server.close();
    }
    return EXIT.done;
  } finally {
    leave();
  }
}
