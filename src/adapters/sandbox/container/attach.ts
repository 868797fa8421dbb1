import { request } from "node:http";
import type { Socket } from "node:net";

/**
 * A connection to a container's streams, before it starts. Asked for here and not through dockerode, whose request has a
 * body that Podman hands to the container as its first input.
 */
export function attach(socketPath: string, container: string, streams: { readonly stdin: boolean }): Promise<Socket> {
  const path = `/containers/${container}/attach?stream=1&stdout=1&stderr=1&stdin=${streams.stdin ? 1 : 0}`;
  return new Promise((resolve, reject) => {
    const asked = request({
      socketPath,
      path,
      method: "POST",
      headers: { Host: "localhost", Connection: "Upgrade", Upgrade: "tcp", "Content-Length": "0" },
    });
    asked.once("upgrade", (_response, socket, first) => {
      if (first.length > 0) socket.unshift(first);
      resolve(socket as Socket);
    });
    asked.once("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.once("end", () => reject(new Error(`attaching failed with ${response.statusCode}: ${text.trim()}`)));
    });
    asked.once("error", reject);
    asked.end();
  });
}
