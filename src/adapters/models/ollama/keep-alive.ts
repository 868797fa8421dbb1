import type { Role } from "../../../domain/model-call.ts";
import type { Server } from "../../../domain/model-config.ts";

/** How long a model stays loaded after a role's question: what the config says of the role, else by the server's mode. */
export function keepAliveOf(server: Pick<Server, "mode" | "keepAlive">, role: Role): string {
  const said = server.keepAlive[role] ?? server.keepAlive.default;
  return String(said ?? (server.mode === "as-is" ? "30m" : "24h"));
}
