import { randomBytes } from "node:crypto";

/** `r`, the UTC time to the second, and four random letters: sorts by time, easy to type a prefix of. */
export function runId(now: number): string {
  const stamp = new Date(now).toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `r${stamp}-${randomBytes(2).toString("hex")}`;
}
