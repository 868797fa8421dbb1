/**
 * Sees every program that this process starts: which, when, how long, and the processor time of those that have ended.
 * Import it before anything that starts programs.
 */
import { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** `{ program, args, start, end, cpu }`, times in milliseconds of performance.now(); `end` is undefined while it runs. */
export const spawned = [];

const TICK_MILLISECONDS = 10;

/** User and system time of all ended children so far, in milliseconds. */
function childrenTime() {
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1).split(" ");
  return (Number(fields[13]) + Number(fields[14])) * TICK_MILLISECONDS;
}

let counted = childrenTime();
const start = ChildProcess.prototype.spawn;
ChildProcess.prototype.spawn = function (options) {
  const one = {
    program: basename(options.file),
    args: options.args ?? [],
    start: performance.now(),
    end: undefined,
    cpu: 0,
  };
  spawned.push(one);
  this.on("exit", () => {
    one.end = performance.now();
    const now = childrenTime();
    one.cpu = now - counted;
    counted = now;
  });
  return start.call(this, options);
};

/** What a program was started for, in a word: the command of git, `sandbox`, else its name. */
export function purpose({ program, args }) {
  if (args.some((arg) => /(?:^|[/ ])bwrap(?: |$)/.test(arg))) return "sandbox";
  if (program !== "git") return program;
  const words = args.slice(1);
  return `git ${words.find((arg, at) => !arg.startsWith("-") && words[at - 1] !== "-c") ?? ""}`;
}

/** Milliseconds between `from` and `to` in which at least one of these programs ran. */
export function busy(programs, from, to) {
  const spans = programs
    .map((one) => [Math.max(from, one.start), Math.min(to, one.end ?? to)])
    .filter(([begin, end]) => end > begin)
    .sort((a, b) => a[0] - b[0]);
  let sum = 0;
  let reached = from;
  for (const [begin, end] of spans) {
    if (end <= reached) continue;
    sum += end - Math.max(begin, reached);
    reached = end;
  }
  return sum;
}
