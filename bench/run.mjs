/**
 * Runs a bench and keeps its numbers in bench/results/.
 *
 *   node bench/run.mjs <name> [arguments of the bench]
 *   node bench/run.mjs all
 *
 * A bench is a program bench/<name>.mjs that writes CSV to its standard output, and comments as lines that begin with `#`.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { machineLines, product, root } from "./kit/house.mjs";

const bench = join(root, "bench");
const names = readdirSync(bench)
  .filter((file) => file.endsWith(".mjs") && file !== "run.mjs")
  .map((file) => file.slice(0, -4));

/** Runs one bench; its lines are shown as they come and kept when it ends well. */
async function measure(name, args) {
  const head = [`# node bench/run.mjs ${[name, ...args].join(" ")}`, ...machineLines()];
  const start = performance.now();
  const child = spawn(process.execPath, [join(bench, `${name}.mjs`), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (piece) => {
    text += piece;
    process.stdout.write(piece);
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`${name} ended with exit code ${code}; its results are not kept`);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  const end = `# took ${seconds} s; load average at the end ${loadavg()[0].toFixed(1)}`;
  mkdirSync(join(bench, "results"), { recursive: true });
  writeFileSync(join(bench, "results", `${name}.csv`), `${[...head, end, text.trimEnd()].join("\n")}\n`);
  console.error(`kept in bench/results/${name}.csv after ${seconds} s`);
}

const [wanted, ...args] = process.argv.slice(2);
if (wanted !== "all" && !existsSync(join(bench, `${wanted}.mjs`))) {
  console.error(`Usage: node bench/run.mjs all|${names.join("|")} [arguments]`);
  process.exitCode = 2;
} else {
  await product();
  for (const name of wanted === "all" ? names : [wanted]) await measure(name, wanted === "all" ? [] : args);
}
