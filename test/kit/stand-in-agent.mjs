/** Stands in for Claude Code and misbehaves: `node stand-in-agent.mjs <behaviour> [its arguments]`. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

const filesIn = (folder) => (existsSync(folder) ? readdirSync(folder).length : 0);

const behaviour = process.argv[2];
const resumed = process.argv.includes("--resume");
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const text = (words) => say({ type: "assistant", message: { content: [{ type: "text", text: words }] } });
const usage = { input_tokens: 10, output_tokens: 3, cache_read_input_tokens: 5 };
const result = (words = "Done.") => say({ type: "result", subtype: "success", is_error: false, result: words, usage });
const begin = () => say({ type: "system", subtype: "init", session_id: "s1", model: "stand-in" });
const prompt = readFileSync(0, "utf8");
const forever = () => setInterval(() => undefined, 1000);

const BEHAVIOURS = {
  well() {
    begin();
    writeFileSync("src/new.js", "export const x = 1;\n");
    result("Made x.");
  },
  echo() {
    begin();
    result(prompt);
  },
  list() {
    begin();
    const found = readdirSync(".", { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const shown = found.map(({ parentPath, name }) => relative(".", join(parentPath, name))).sort();
    writeFileSync("src/new.js", `${JSON.stringify(shown)}\n`);
    result();
  },
  nothing() {},
  "nothing-but-success"() {
    begin();
    result("");
  },
  "only-words"() {
    begin();
    result("All is well already.");
  },
  impossible() {
    begin();
    writeFileSync("src/new.js", "half\n");
    result("IMPOSSIBLE: the spec names no rate");
  },
  blocks() {
    begin();
    result("### FILE src/new.js\n```\nexport const x = 2;\n```\n");
  },
  banner() {
    process.stdout.write("Welcome to Stand-in 3000!\n{ not json\n\u001b[31mhave fun\u001b[0m\n");
    BEHAVIOURS.well();
  },
  "only-a-banner"() {
    process.stdout.write("Welcome to Stand-in 3000! There is news: https://example.invalid\n");
  },
  login() {
    process.stderr.write("Invalid API key · Please run /login\n");
    process.exitCode = 1;
  },
  "fails-with-zero"() {
    begin();
    say({
      type: "result",
      subtype: "error_during_execution",
      is_error: true,
      result: "the model is overloaded",
      usage,
    });
  },
  "succeeds-with-one"() {
    BEHAVIOURS.well();
    process.exitCode = 1;
  },
  crash() {
    begin();
    writeFileSync("src/new.js", "export const x = 1;\n");
    process.kill(process.pid, "SIGSEGV");
    forever();
  },
  "crash-once"() {
    begin();
    if (!resumed) process.kill(process.pid, "SIGKILL");
    writeFileSync("src/new.js", `export const said = ${JSON.stringify(prompt)};\n`);
    result();
  },
  hang() {
    begin();
    process.on("SIGTERM", () => undefined);
    forever();
  },
  busy() {
    begin();
    let count = 0;
    const timer = setInterval(() => {
      writeFileSync("src/new.js", `export const x = ${count};\n`);
      count += 1;
      if (count < 5) return;
      clearInterval(timer);
      result();
    }, 2000);
  },
  daemon() {
    begin();
    const sleeper = "setInterval(() => undefined, 1000)";
    const child = spawn(process.execPath, ["-e", sleeper, process.env.STAND_IN_MARK ?? "x"], {
      detached: true,
      stdio: "ignore",
    });
    child.unref();
    writeFileSync("src/new.js", `export const left = ${child.pid};\n`);
    result();
  },
  outside() {
    begin();
    const tried = [process.env.STAND_IN_OUTSIDE ?? "/outside", "/usr/stand-in", "/etc/stand-in"].map((path) => {
      try {
        writeFileSync(path, "x");
        return `${path} written`;
      } catch (error) {
        return `${path} ${error.code}`;
      }
    });
    writeFileSync("src/new.js", `export const tried = ${JSON.stringify(tried)};\n`);
    result();
  },
  async network() {
    begin();
    const reached = async (url) => {
      try {
        return `${url} ${(await fetch(url, { method: "POST", body: "{}" })).status}`;
      } catch (error) {
        return `${url} ${error.cause?.code ?? error.message}`;
      }
    };
    const own = process.env.ANTHROPIC_BASE_URL;
    const tried = [
      await reached(process.env.STAND_IN_OTHER),
      await reached("http://example.invalid/"),
      await reached(`${own}/v1/messages`),
    ];
    writeFileSync("src/new.js", `export const tried = ${JSON.stringify(tried)};\n`);
    result();
  },
  surroundings() {
    begin();
    const seen = {
      env: Object.keys(process.env).sort(),
      cwd: process.cwd(),
      home: process.env.HOME,
      settings: existsSync(`${process.env.HOME}/settings.txt`),
      ownersFiles: filesIn(process.argv[3].replace("owner=", "")),
      args: process.argv.slice(3),
    };
    result(JSON.stringify(seen));
  },
  odd() {
    begin();
    writeFileSync("src/picture.js", Buffer.from([0, 1, 2]));
    symlinkSync("/etc/passwd", "src/link.js");
    writeFileSync("scratch.db", Buffer.from([0]));
    result();
  },
  litter() {
    begin();
    for (const folder of ["node_modules/a", "__pycache__", "built"]) mkdirSync(folder, { recursive: true });
    writeFileSync("node_modules/a/index.js", "x\n");
    writeFileSync("__pycache__/a.pyc", "x\n");
    writeFileSync("built/a.js", "x\n");
    BEHAVIOURS.well();
  },
  wide() {
    begin();
    writeFileSync("package.json", "{}\n");
    writeFileSync("src/new.js", "export const x = 1;\n");
    result();
  },
  endless() {
    begin();
    setInterval(() => text("again and again ".repeat(2000)), 1);
  },
};

await BEHAVIOURS[behaviour]();
