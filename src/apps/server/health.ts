import type { Serve } from "../../compose/serve/serve-door.ts";
import { type Loopback, listenLoopback, send } from "./loopback.ts";

/** `GET /health` of a daemon: where its schedule stands, and how much memory it takes. */
export async function listenForHealth(serve: Serve, port: number): Promise<Loopback> {
  return listenLoopback({
    port,
    token: await serve.token(),
    async answer(request, response) {
      const path = new URL(request.url ?? "/", "http://127.0.0.1").pathname;
      if (path !== "/health") return send(response, 404, { error: "there is only /health" });
      if (request.method !== "GET" && request.method !== "HEAD") return send(response, 405, { error: "only GET" });
      const { log: _log, ...status } = await serve.status();
      send(response, 200, {
        ...status,
        residentBytes: process.memoryUsage.rss(),
        upSeconds: Math.floor(process.uptime()),
      });
    },
  });
}
