import type { Terminal } from "../terminal.ts";
import type { Screen } from "./screen.ts";

/** NDJSON for programs, a live tree for a person at a terminal, else lines that are only ever appended. */
export async function openScreen(terminal: Terminal, options: { readonly json: boolean }): Promise<Screen> {
  if (terminal.redraws && !options.json) return (await import("./live.ts")).liveScreen(terminal);
  const { jsonScreen, lineScreen } = await import("./lines.ts");
  return options.json ? jsonScreen(terminal) : lineScreen(terminal);
}
