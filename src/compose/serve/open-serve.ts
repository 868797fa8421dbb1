import { join } from "node:path";
import { systemClock } from "../../adapters/clock/system.ts";
import { inspectRepository } from "../../adapters/git/system/inspection.ts";
import { acquireLock, isHeld, ownerPid } from "../../adapters/lock/lock.ts";
import { LOOPS, type Loop } from "../../domain/schedule/schedule-config.ts";
import type { LoggedNote, ServeNote, WorkEnd } from "../../domain/schedule/serve-log.ts";
import type { Hold, Timetable } from "../../domain/schedule/tick.ts";
import type { Clock } from "../../engine/ports.ts";
import type { Mill, MillFlags } from "../../mill.ts";
import { openLine } from "../open-line.ts";
import { openMill } from "../open-mill.ts";
import { loadConfig, packageDir } from "../read-config.ts";
import { prepareStateDir } from "../state-dir.ts";
import { type Look, runDaemon } from "./daemon.ts";
import { newestWorth } from "./newest-worth.ts";
import { pendingPlans } from "./pending-plans.ts";
import type { PassEnd, Serve, ServeStatus, ServeWatch } from "./serve-door.ts";
import { loopbackToken, type ServeFiles, serveFiles } from "./serve-files.ts";
import { timetableOf } from "./timetable.ts";
import { endOf, type WorkPlace, workOn } from "./work.ts";

/** What a test puts in place of a part of the world. */
export interface ServeWiring {
  readonly clock?: Clock;
  readonly program?: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

interface Opened {
  readonly root: string;
  readonly stateDir: string;
  readonly flags: MillFlags;
  readonly files: ServeFiles;
  readonly clock: Clock;
  readonly wiring: ServeWiring;
}

/** The mill's command line as this package ships it. */
export const ownProgram: readonly [string, string] = [process.execPath, join(packageDir, "dist/apps/cli/main.js")];

/** Opens the schedule of a repository. Nothing is locked until it serves. @throws InputError */
export async function openServe(dir: string, flags: MillFlags, wiring: ServeWiring = {}): Promise<Serve> {
  const { root, sharedDir } = await inspectRepository(dir);
  const stateDir = await prepareStateDir(root, sharedDir);
  const files = serveFiles(stateDir);
  const clock = wiring.clock ?? systemClock();
  const opened: Opened = { root, stateDir, flags, files, clock, wiring };
  return {
    root,
    token: () => loopbackToken(stateDir),
    run: (watch) => serve(opened, watch),
    pass: (loops, signal) => pass(opened, loops, signal),
    pause: (reason) => files.setPause({ since: clock.now(), reason }),
    async resume() {
      const paused = (await files.pause()) !== undefined;
      await files.setPause(undefined);
      return paused;
    },
    status: () => statusOf(opened),
  };
}

async function serve(opened: Opened, watch: ServeWatch): Promise<void> {
  const { root, files, clock } = opened;
  // A wrong schedule is told before anything begins; later, the last good one goes on.
  let good = await timetableOf((await loadConfig(root, opened.flags.config)).schedule);
  const lock = await acquireLock(files.dir, { command: "serve" }, clock);
  const note = async (said: ServeNote) => {
    const logged: LoggedNote = { ...said, at: clock.now() };
    watch.note(logged);
    await files.note(logged);
  };
  const place = workPlace(opened, note);
  try {
    const url = await watch.listening();
    await files.setAddress(url === undefined ? undefined : { url, pid: process.pid });
    await note({ kind: "up", pid: process.pid });
    await runDaemon({
      clock,
      signal: watch.signal,
      read: files.state,
      keep: files.keep,
      note,
      async look() {
        good = await freshTimetable(opened, good, note);
        return lookAt(opened, good);
      },
      work: (begun, signal) => workOn(begun, place, signal),
      ended: (begun) => endOf(begun, place),
    });
    await note({ kind: "down", reason: "asked to end" });
  } finally {
    await files.setAddress(undefined);
    lock.release();
  }
}

const complained = new WeakMap<Timetable, string>();

/** The schedule as the config says it now; while that is broken, the last good one. */
async function freshTimetable(
  { root, flags }: Opened,
  good: Timetable,
  note: (said: ServeNote) => Promise<void>,
): Promise<Timetable> {
  try {
    return await timetableOf((await loadConfig(root, flags.config)).schedule);
  } catch (error) {
    const message = `The schedule stays as it was: ${error instanceof Error ? error.message : String(error)}`;
    if (complained.get(good) !== message) await note({ kind: "problem", message });
    complained.set(good, message);
    return good;
  }
}

async function lookAt(opened: Opened, timetable: Timetable): Promise<Look> {
  const wantsHead = Object.values(timetable.loops).some(({ kind }) => kind === "after-merge");
  const head = wantsHead ? await newestWorth(opened.root) : undefined;
  return { timetable, hold: await holdOf(opened), head };
}

async function holdOf({ root, stateDir, files }: Opened): Promise<Hold | undefined> {
  if ((await files.pause()) !== undefined) return "paused";
  if ((await openLine(root, stateDir).stopped()).length > 0) return "line-stopped";
  return isHeld(stateDir) ? "busy" : undefined;
}

function workPlace(opened: Opened, note: WorkPlace["note"]): WorkPlace {
  const { root, stateDir, flags, wiring, clock } = opened;
  return {
    root,
    config: flags.config,
    program: wiring.program ?? ownProgram,
    env: wiring.env ?? process.env,
    isBusy: () => isHeld(stateDir),
    note,
    plans: () => withMill(opened, (mill) => pendingPlans(mill, clock.now())),
    runs: () => withMill(opened, (mill) => mill.runs()),
  };
}

async function withMill<Result>({ root, flags }: Opened, work: (mill: Mill) => Promise<Result>): Promise<Result> {
  const mill = await openMill(root, flags);
  try {
    return await work(mill);
  } finally {
    await mill.close();
  }
}

async function pass(opened: Opened, loops: readonly Loop[], signal: AbortSignal): Promise<readonly PassEnd[]> {
  const { files, clock } = opened;
  const place = workPlace(opened, (said) => files.note({ ...said, at: clock.now() }));
  const ends: PassEnd[] = [];
  for (const loop of loops) {
    const at = clock.now();
    const hold = await holdOf(opened);
    const end: WorkEnd =
      hold === undefined
        ? await workOn({ loop, tick: at, at, times: 1 }, place, signal)
        : { kind: "waiting", reason: `nothing begins: ${hold}` };
    await place.note({ kind: "end", loop, tick: at, end });
    ends.push({ loop, ...end });
    if (end.kind !== "done" && end.kind !== "idle") break;
  }
  return ends;
}

async function statusOf(opened: Opened): Promise<ServeStatus> {
  const { root, files, clock, flags } = opened;
  const { schedule } = await loadConfig(root, flags.config);
  const timetable = await timetableOf(schedule);
  const pid = isHeld(files.dir) ? ownerPid(files.dir) : undefined;
  const [state, pause, address, log] = [
    await files.state(),
    await files.pause(),
    await files.address(),
    await files.log(20),
  ];
  const hold = await holdOf(opened);
  return {
    root,
    pid,
    state: pid === undefined ? "off" : standing(state?.begun, hold),
    pause,
    address: pid === undefined ? undefined : address,
    begun: state?.begun,
    missed: schedule.missed,
    log,
    loops: LOOPS.map((loop) => {
      const when = timetable.loops[loop];
      return { loop, when: schedule[loop], next: when.kind === "ticks" ? when.ticks.next(clock.now()) : undefined };
    }),
  };
}

function standing(begun: ServeStatus["begun"], hold: Hold | undefined): ServeStatus["state"] {
  if (begun !== undefined) return "working";
  return hold === "paused" || hold === "line-stopped" ? hold : "idle";
}
