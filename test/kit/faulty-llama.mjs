/** Speaks the messages of the embedded engine's process without any engine: what it is asked says how it goes wrong. */
process.on("message", (message) => {
  if (message.kind === "load") process.send({ kind: "loaded", context: 8192 });
  if (message.kind === "ask") answer(message);
});
process.on("disconnect", () => process.exit());

function answer({ id, user, ...asked }) {
  const reply = (text) => process.send({ kind: "reply", id, text, input: 3, output: 2, cached: 0, finish: "stop" });
  switch (user) {
    case "crash":
      process.stderr.write("llama.cpp: assertion failed\n");
      return process.kill(process.pid, "SIGSEGV");
    case "hang": // Deaf to every abort.
      for (;;);
    case "stall":
      return process.send({ kind: "progress", id, tokens: 1 });
    case "refuse":
      return process.send({ kind: "failed", id, name: "Error", message: "failed to decode", logs: [] });
    case "starve":
      return process.send({
        kind: "failed",
        id,
        name: "Error",
        message: "A context size of 9 is too large for the available RAM",
        logs: [],
      });
    case "flood":
      return reply("x".repeat(300_000));
    case "who":
      return reply(String(process.pid));
    default:
      return reply(JSON.stringify(asked));
  }
}
