/** JSON Schemas of everything a user or an agent writes for us, from the Zod schemas in src/domain/schemas.ts. */
import { z } from "zod";

export const owns = ["schemas/"];

export async function generate({ load }) {
  const schemas = await load("domain/schemas.js");
  if (schemas === undefined) return {};
  const entries = Object.entries(schemas.published).map(([fileName, schema]) => {
    const json = z.toJSONSchema(schema, { io: "input" });
    return [`schemas/${fileName}`, `${JSON.stringify(json, null, 2)}\n`];
  });
  return Object.fromEntries(entries);
}
