/** What the benches share: the product compiled as it is now, throw-away folders, and the machine in words. */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "../../scripts/bundle.mjs";
import { compile, filesUnder, root } from "../../scripts/house.mjs";

export { root };

/** The package as it would be installed, compiled from src/ as it is now; one folder a state of the sources. */
export async function product() {
  // A series that takes hours is measured on one state of the sources, whatever is edited meanwhile.
  if (process.env.MILLWRIGHT_BENCH_PRODUCT) return process.env.MILLWRIGHT_BENCH_PRODUCT;
  const folder = join(root, "tmp/bench", stateOfSources());
  if (existsSync(folder)) return folder;
  mkdirSync(join(root, "tmp/bench"), { recursive: true });
  const fresh = mkdtempSync(join(root, "tmp/bench/fresh-"));
  const done = compile(join(fresh, "dist"), "--noCheck", "--declaration", "false");
  if (!existsSync(join(fresh, "dist"))) throw new Error(`the sources do not compile:\n${done.stdout}${done.stderr}`);
  const isScript = (path) => !/\.[^./]+$/.test(path) || /\.(?:mjs|cjs|py)$/.test(path);
  cpSync(join(root, "src"), join(fresh, "dist"), { recursive: true, filter: isScript });
  for (const shipped of ["roles", "workflows", "skills", "examples"])
    if (existsSync(join(root, shipped))) symlinkSync(join(root, shipped), join(fresh, shipped));
  cpSync(join(root, "package.json"), join(fresh, "package.json"));
  await bundle(join(fresh, "dist"));
  if (existsSync(folder)) rmSync(fresh, { recursive: true, force: true });
  else renameSync(fresh, folder);
  return folder;
}

function stateOfSources() {
  const state = createHash("sha256");
  for (const path of filesUnder("src")) {
    const { mtimeMs, size } = statSync(join(root, path));
    state.update(`${path} ${mtimeMs} ${size}\n`);
  }
  return state.digest("hex").slice(0, 16);
}

/** A module of the compiled product, by its path below src/ and with `.js`. */
export const load = async (path) => import(pathToFileURL(join(await product(), "dist", path)).href);

/** A new folder below the machine's temporary one. */
export function scratch() {
  return realpathSync(mkdtempSync(join(tmpdir(), "millwright-bench-")));
}

/** Where and when a bench ran, as comment lines of a CSV. */
export function machineLines() {
  const release = readText("/etc/os-release").match(/^PRETTY_NAME="?([^"\n]*)/m)?.[1] ?? process.platform;
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const load = loadavg()
    .map((one) => one.toFixed(1))
    .join(" ");
  return [
    `# machine: ${cpus().length} shared cores, ${memory}, ${release}, Node ${process.version}`,
    `# when: ${new Date().toISOString().slice(0, 16)}Z, load average at the start ${load} (1, 5, 15 minutes)`,
  ];
}

function readText(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

export function median(numbers) {
  return quantile(numbers, 0.5);
}

/** The value below which this share of the numbers lies. */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** One line of CSV. */
export function row(...cells) {
  console.log(cells.map(cell).join(","));
}

function cell(value) {
  const text = typeof value === "number" ? String(Math.round(value * 10) / 10) : String(value ?? "");
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""').replaceAll("\n", " ")}"` : text;
}
