import type { Andon, AndonShown } from "../../../compose/andon/andon-door.ts";
import type { Incident } from "../../../domain/incident-record.ts";
import { InputError } from "../../../domain/step-failure.ts";
import { agoText } from "../../../views/amounts.ts";
import { plain, plainJson, plainLine } from "../../../views/plain.ts";
import { EXIT } from "../exit-code.ts";
import { paintWith } from "../paint.ts";
import { type Session, say } from "../session.ts";

async function opened(session: Session): Promise<Andon> {
  const { openAndon } = await session.doors();
  return openAndon(session.dir, { config: session.config });
}

export async function status(session: Session): Promise<number> {
  const { stopped, incidents } = await (await opened(session)).state();
  if (session.json) {
    say(session, plainJson({ stopped, incidents: incidents.map(summaryOf) }));
    return EXIT.done;
  }
  const paint = paintWith(session.terminal.colors);
  const open = incidents.filter(({ closing }) => closing === undefined);
  const head =
    stopped.length === 0
      ? paint.tone("good", "The line runs.")
      : paint.tone(
          "bad",
          `The line is stopped by ${stopped.length} incident(s): nothing lands, is pushed or published.`,
        );
  const broken = stopped.filter(({ id }) => !incidents.some((incident) => incident.id === id));
  say(
    session,
    [
      head,
      ...broken.map(({ problem }) => `  ${plainLine(problem, 300)}`),
      ...open.map((incident) => rowText(incident, session)),
      ...(incidents.length > open.length
        ? [`${incidents.length - open.length} closed: millwright andon status --json`]
        : []),
      ...(open.length > 0 ? ["", "What is missing: millwright andon show ID"] : []),
    ].join("\n"),
  );
  return EXIT.done;
}

function summaryOf({ id, evidence, analysis, actions, closing }: Incident) {
  const { kind, stops, at, run, task, problem, opened: since } = evidence;
  const { category, confidence, type, signature, whys } = analysis;
  const about = { id, kind, stops, at, run, task, problem, opened: since };
  return { ...about, category, confidence, type, signature, whys: whys.length, actions: actions.length, closing };
}

function rowText({ id, evidence }: Incident, session: Session): string {
  const age = agoText(session.terminal.now() - evidence.openedAt);
  const mark = evidence.stops ? "stops" : "filed";
  return `  ${[plainLine(id), mark, evidence.kind.padEnd(12), age.padEnd(15), plainLine(evidence.problem, 100)].join("  ")}`;
}

/** Exit code 3 while the line is stopped: for hooks and build servers. Loads nothing else of the mill. */
export async function check(session: Session): Promise<number> {
  const { checkLine } = await import("../../../compose/andon/check.ts");
  const stopped = await checkLine(session.dir);
  const exit = stopped.length === 0 ? EXIT.done : EXIT.waiting;
  if (session.json) say(session, plainJson({ stopped, exit }));
  else
    for (const { id, kind, problem } of stopped)
      session.terminal.stderr.write(`the line is stopped: ${plainLine(id)} (${kind}): ${plainLine(problem, 200)}\n`);
  return exit;
}

export async function show(session: Session, wanted: string | undefined): Promise<number> {
  return told(session, await (await opened(session)).show(wanted), "report");
}

function told(session: Session, shown: AndonShown, what: "report" | "change"): number {
  const { incident, folder, missing } = shown;
  if (session.json) {
    say(session, plainJson({ ...summaryOf(incident), incident, folder, missing }));
    return EXIT.done;
  }
  const left =
    incident.closing !== undefined
      ? [`Closed ${incident.closing.closed}.`]
      : [
          missing.length === 0
            ? `Nothing is missing: millwright andon close ${incident.id}`
            : "Missing until it may be closed:",
        ];
  const lines = [
    ...(what === "report"
      ? [plain(incident.documents["report.md"] ?? "").trimEnd(), "", `Files: ${plainLine(folder, 400)}`, ""]
      : []),
    ...left,
    ...missing.map((line) => `- ${plainLine(line, 400)}`),
  ];
  say(session, lines.join("\n"));
  return EXIT.done;
}

export async function open(session: Session, problem: string, options: { readonly stop?: boolean }): Promise<number> {
  const end = await (await opened(session)).open(problem, { stop: options.stop ?? false });
  if (session.json) say(session, plainJson(end.kind === "routine" ? end : summaryOf(end.incident)));
  else if (end.kind === "routine") say(session, `Routine, no incident: ${plainLine(end.fix, 400)}`);
  else {
    const { id, evidence } = end.incident;
    const what = evidence.stops ? "The line is stopped" : "Filed; the next one that is reported stops the line";
    say(session, `${what}: ${id}\nNext: millwright andon why ${id} --answer … --verify-command …`);
  }
  return EXIT.done;
}

/** The options of `andon why`, as the command line gives them. */
export interface WhyOptions {
  readonly answer?: string;
  readonly verifyCommand?: string;
  readonly expectExit?: string;
  readonly verifyFile?: readonly string[];
  readonly proven?: boolean;
  readonly category?: string;
}

export async function why(session: Session, wanted: string | undefined, options: WhyOptions): Promise<number> {
  const verification = verificationOf(options);
  const { answer = "", proven = false, category } = options;
  const expectExit = Number(options.expectExit ?? 0);
  if (!Number.isInteger(expectExit)) throw new InputError(["--expect-exit is an exit code, like 1."]);
  const given = { answer, verification, proven, category, expectExit };
  return told(session, await (await opened(session)).why(wanted, given), "change");
}

function verificationOf({ verifyCommand, verifyFile }: WhyOptions) {
  if ((verifyCommand === undefined) === (verifyFile === undefined))
    throw new InputError([
      'An answer needs one thing that verifies it: --verify-command "npm test", or --verify-file path:line "the words that stand there".',
    ]);
  if (verifyCommand !== undefined) return { kind: "command", command: verifyCommand } as const;
  const [place = "", ...words] = verifyFile ?? [];
  const [, path, line] = /^(.+):(\d+)$/.exec(place) ?? [];
  if (path === undefined || line === undefined || words.length === 0)
    throw new InputError(['--verify-file takes a place and its words: --verify-file src/sum.ts:12 "return a - b"']);
  return { kind: "quote", path: path.replace(/^\.\//, ""), line: Number(line), quote: words.join(" ") } as const;
}

interface ActOptions {
  readonly level?: string;
  readonly what?: string;
  readonly artefact?: string;
}

export async function act(session: Session, wanted: string | undefined, options: ActOptions): Promise<number> {
  const { level = "", what = "", artefact = "" } = options;
  return told(session, await (await opened(session)).act(wanted, { level, what, artefact }), "change");
}

interface CloseOptions {
  readonly approvedBy?: string;
  readonly hypothesis?: string;
}

export async function close(session: Session, wanted: string | undefined, options: CloseOptions): Promise<number> {
  const andon = await opened(session);
  const incident = await andon.close(wanted, options);
  const { stopped } = await andon.state();
  if (session.json) say(session, plainJson({ ...summaryOf(incident), stopped }));
  else {
    const next =
      stopped.length === 0 ? "The line runs again: millwright resume" : `Still stopped by ${stopped[0]?.id}.`;
    say(session, `Closed ${incident.id}. ${next}`);
  }
  return EXIT.done;
}

export async function hook(session: Session, options: { readonly write?: boolean }): Promise<number> {
  const end = await (await opened(session)).hook({ write: options.write ?? false });
  if (end.reason !== undefined) throw new InputError([end.reason]);
  if (session.json) say(session, plainJson(end));
  else say(session, end.written ? `Wrote ${plainLine(end.path, 400)}` : end.text);
  return EXIT.done;
}
