/** Preloaded into a process: writes the most memory it held, in KiB, when it ends. */
import { writeFileSync } from "node:fs";

const place = process.env.MILLWRIGHT_BENCH_PEAK;
if (place) process.on("exit", () => writeFileSync(place, String(process.resourceUsage().maxRSS)));
