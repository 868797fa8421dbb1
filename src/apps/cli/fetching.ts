import type { Fetching, FetchProgress } from "../../mill.ts";
import { plainLine } from "../../views/plain.ts";
import type { Terminal } from "./terminal.ts";

/** Shows on standard error what is fetched: a bar where lines may be rewritten, else a line for each tenth. Ctrl-C ends it. */
export function fetchingOn(terminal: Terminal): { readonly fetching: Fetching; close(): void } {
  const controller = new AbortController();
  const leave = terminal.onStop(() => controller.abort());
  let tenth = "";
  let open = false;
  const progress = (seen: FetchProgress) => {
    const line = progressLine(seen);
    if (terminal.redraws) {
      terminal.stderr.write(`\r\u001b[K${line}`);
      open = true;
      return;
    }
    const now = `${seen.name} ${Math.floor((10 * seen.bytes) / Math.max(1, seen.total))}`;
    if (now !== tenth) terminal.stderr.write(`${line}\n`);
    tenth = now;
  };
  return {
    fetching: {
      signal: controller.signal,
      installing: (dir) => terminal.stderr.write(`Installing llama.cpp into ${plainLine(dir)} ...\n`),
      progress,
    },
    close() {
      leave();
      if (open) terminal.stderr.write("\n");
    },
  };
}

const CELLS = 20;

/** `qwen.gguf [####----] 42 % 2.0 of 4.7 GB, 11.2 MB/s, 4 min left` */
export function progressLine({ name, bytes, total, rate, left }: FetchProgress): string {
  const share = Math.min(1, bytes / Math.max(1, total));
  const bar = "#".repeat(Math.floor(share * CELLS)).padEnd(CELLS, "-");
  const unit = total < 1e9 ? { divisor: 1e6, name: "MB" } : { divisor: 1e9, name: "GB" };
  const amount = (value: number) => (value / unit.divisor).toFixed(1);
  const speed = `${(rate / 1e6).toFixed(1)} MB/s`;
  const rest = left === undefined ? "" : `, ${timeText(left)} left`;
  return `${plainLine(name, 40)} [${bar}] ${Math.floor(share * 100)} % ${amount(bytes)} of ${amount(total)} ${unit.name}, ${speed}${rest}`;
}

function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
