import type { Backend } from "../backend.ts";
import { type ServerBackend, serverBackend } from "../server-backend.ts";

/** A model behind Google's generateContent. Its prompt cache needs no marks. */
export function google(options: ServerBackend): Backend {
  const { access, model } = options;
  return serverBackend(options, {
    address: "the address of Google's API (it ends in /v1beta)",
    async open(fetch) {
      const { createGoogleGenerativeAI } = await import("@ai-sdk/google");
      const settings = { name: access.name, baseURL: access.url, apiKey: "in the headers" };
      return { model: createGoogleGenerativeAI({ ...settings, fetch })(model), counts: "from-start" };
    },
  });
}
