#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { answerCall } from "./call.ts";
import { processTerminal } from "./terminal.ts";

const own = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as { version: string };
const exit = await answerCall({
  words: process.argv.slice(2),
  version: own.version,
  terminal: processTerminal(),
  doors: () => import("../../compose.ts"),
});
// Connections that a server keeps alive must not keep the process alive; what was written must arrive first.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write("", done))));
process.exit(exit);
