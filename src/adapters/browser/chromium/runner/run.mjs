// Runs the checks that standard input names, and tells one JSON line an end on standard output.
import { pathToFileURL } from "node:url";
import { runCheck } from "./check.mjs";
import { serve } from "./serve.mjs";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const job = JSON.parse(Buffer.concat(chunks).toString("utf8"));
const { chromium } = (await import(pathToFileURL(job.playwright).href)).default;

const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const launch = () =>
  chromium.launch({
    executablePath: job.executable,
    headless: true,
    // The sandbox around it is ours; its own needs rights that are not there.
    chromiumSandbox: false,
    args: ["--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"],
    timeout: 60_000,
  });

const origin = await serve(job.pages, job.fallback);
let browser = await launch();
tell({ kind: "start", version: browser.version() });
for (const named of job.checks) {
  const started = performance.now();
  const { late, ...end } = await runCheck(browser, named, { ...job, origin }).catch(broken);
  tell({ kind: "check", end: { id: named.id, seconds: (performance.now() - started) / 1000, ...end } });
  if (!late && browser.isConnected()) continue;
  // A page that does not stop keeps its browser busy.
  await closed();
  browser = await launch();
}
await closed();
tell({ kind: "end" });
process.exit(0);

/** A page can take its browser down with it. */
function broken(error) {
  const seen = String(error.message ?? error).split("\n")[0];
  return { late: true, failed: { step: 0, kind: "cannot", expected: "the browser goes on", seen }, console: [] };
}

function closed() {
  const late = new Promise((resolve) => setTimeout(resolve, 3000));
  return Promise.race([browser.close().catch(() => undefined), late]);
}
