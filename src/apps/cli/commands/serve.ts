import { appendFile } from "node:fs/promises";
import type { PassEnd, Serve, ServeStatus } from "../../../compose/serve/serve-door.ts";
import { LOOPS, type Loop } from "../../../domain/schedule/schedule-config.ts";
import { InputError } from "../../../domain/step-failure.ts";
import { agoText } from "../../../views/amounts.ts";
import { costOf } from "../../../views/cost.ts";
import { foldRun } from "../../../views/fold-run.ts";
import { plainJson, plainLine } from "../../../views/plain.ts";
import { noteText } from "../../../views/serve-note.ts";
import { type PassedLoop, stepSummaryOf } from "../../../views/step-summary.ts";
import { listenForHealth } from "../../server/health.ts";
import type { Loopback } from "../../server/loopback.ts";
import { EXIT } from "../exit-code.ts";
import { paintWith } from "../paint.ts";
import { type Session, say, withMill } from "../session.ts";

async function opened(session: Session): Promise<Serve> {
  const { openServe } = await session.doors();
  return openServe(session.dir, { config: session.config });
}

interface ServeOptions {
  readonly port?: number;
  /** True without a list: all loops. */
  readonly once?: string | true;
}

export async function serve(session: Session, options: ServeOptions): Promise<number> {
  const schedule = await opened(session);
  const { signal, leave } = stopping(session);
  try {
    if (options.once !== undefined) return await onePass(session, schedule, loopsOf(options.once), signal);
    await daemon(session, schedule, options.port ?? 0, signal);
    return EXIT.done;
  } finally {
    leave();
  }
}

/** The first wish to stop ends the current step, the second the process. */
function stopping({ terminal }: Session): { readonly signal: AbortSignal; leave(): void } {
  const controller = new AbortController();
  const leave = terminal.onStop(() => {
    if (controller.signal.aborted) return terminal.exit(EXIT.interrupted);
    controller.abort();
    terminal.stderr.write("\nEnding after the current step; once more ends at once.\n");
  });
  return { signal: controller.signal, leave };
}

async function daemon(session: Session, schedule: Serve, port: number, signal: AbortSignal): Promise<void> {
  let server: Loopback | undefined;
  try {
    await schedule.run({
      signal,
      note: (note) => say(session, session.json ? plainJson(note) : noteText(note, timeText)),
      async listening() {
        server = await listenForHealth(schedule, port);
        const { url } = server;
        if (!session.json) say(session, `Serves ${plainLine(schedule.root, 400)}; health: ${url}/health`);
        return url;
      },
    });
  } finally {
    await server?.close();
  }
}

/** @throws InputError with every loop that there is not */
function loopsOf(once: string | true): readonly Loop[] {
  if (once === true) return ["audit", "execute", "document"];
  const names = once.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !(LOOPS as readonly string[]).includes(name));
  if (unknown.length > 0)
    throw new InputError(unknown.map((name) => `--once: there is no loop "${name}". Loops: ${LOOPS.join(", ")}.`));
  return names as Loop[];
}

const EXIT_OF: Readonly<Record<PassEnd["kind"], number>> = {
  done: EXIT.done,
  idle: EXIT.done,
  stuck: EXIT.stuck,
  waiting: EXIT.waiting,
  stopped: EXIT.environment,
  busy: EXIT.environment,
  failed: EXIT.usage,
  cancelled: EXIT.interrupted,
};

async function onePass(
  session: Session,
  schedule: Serve,
  loops: readonly Loop[],
  signal: AbortSignal,
): Promise<number> {
  const ends = await schedule.pass(loops, signal);
  const last = ends.at(-1);
  const exit = last === undefined ? EXIT.done : EXIT_OF[last.kind];
  await writeStepSummary(session, ends);
  if (session.json) say(session, plainJson({ ends, exit }));
  else
    say(
      session,
      ends.map(({ loop, kind, reason }) => plainLine(`${loop.padEnd(9)} ${kind}: ${reason}`, 300)).join("\n"),
    );
  return exit;
}

/** Where a build server wants to be told, in the file that it named. */
async function writeStepSummary(session: Session, ends: readonly PassEnd[]): Promise<void> {
  const path = process.env.GITHUB_STEP_SUMMARY;
  if (path === undefined || path === "") return;
  const loops = await withMill(session, (mill) =>
    Promise.all(
      ends.map(async ({ run, ...end }): Promise<PassedLoop> => {
        const known = run !== undefined && (await mill.runs()).some(({ id }) => id === run);
        if (!known) return end;
        const view = foldRun(await mill.entries(run));
        return { ...end, view, cost: costOf(view, mill.config.prices) };
      }),
    ),
  );
  await appendFile(path, stepSummaryOf(loops));
}

export async function pause(session: Session, reason: string): Promise<number> {
  const schedule = await opened(session);
  await schedule.pause(reason);
  if (session.json) say(session, plainJson({ paused: true, reason }));
  else say(session, "Paused: nothing begins until `millwright serve resume`. What is under way goes on to its end.");
  return EXIT.done;
}

export async function resume(session: Session): Promise<number> {
  const was = await (await opened(session)).resume();
  if (session.json) say(session, plainJson({ paused: false, was }));
  else say(session, was ? "The schedule goes on." : "It was not paused.");
  return EXIT.done;
}

export async function status(session: Session): Promise<number> {
  const found = await (await opened(session)).status();
  if (session.json) say(session, plainJson(found));
  else say(session, statusText(found, session));
  return EXIT.done;
}

function statusText(status: ServeStatus, session: Session): string {
  const now = session.terminal.now();
  const paint = paintWith(session.terminal.colors);
  const { pid, pause, begun, address } = status;
  const head = pid === undefined ? "Nobody serves here." : `Process ${pid} serves: ${status.state}.`;
  const paused =
    pause && `Paused ${agoText(now - pause.since)}${pause.reason ? `: ${plainLine(pause.reason, 200)}` : ""}.`;
  return [
    paint.tone(pid === undefined ? "bad" : "good", head),
    ...(paused === undefined ? [] : [paused]),
    ...(address === undefined ? [] : [`Health: ${address.url}/health`]),
    ...(begun === undefined ? [] : [`Begun: ${begun.loop}, ${agoText(now - begun.at)}`]),
    "",
    ...status.loops.map(({ loop, when, next }) => {
      const then = next === undefined ? "" : `  next ${timeText(next)}`;
      return `  ${loop.padEnd(9)} ${plainLine(when, 60)}${then}`;
    }),
    ...(status.log.length === 0
      ? []
      : ["", "Last:", ...status.log.slice(-8).map((line) => `  ${noteText(line, timeText)}`)]),
  ].join("\n");
}

/** UTC, to the minute. */
function timeText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")}Z`;
}
