import type { InitOptions } from "../../../compose/goal-files/init-end.ts";
import type { DoctorCheck } from "../../../mill.ts";
import { plain, plainJson, plainLine } from "../../../views/plain.ts";
import { EXIT } from "../exit-code.ts";
import { type Paint, paintWith } from "../paint.ts";
import { type Session, say, withMill } from "../session.ts";

export async function init(session: Session, options: Partial<InitOptions>): Promise<number> {
  const { initRepository } = await session.doors();
  const { yes = false, full, agents } = options;
  const end = await initRepository(session.dir, { yes, full, agents });
  if (session.json) say(session, plainJson(end));
  else {
    const files = end.files.map(({ path, state }) => `${state.padEnd(9)} ${plainLine(path, 400)}`);
    if (files.length > 0) {
      say(session, [...files, "", ...end.notes.map((note) => `- ${plainLine(note, 1_000)}`)].join("\n"));
      return EXIT.done;
    }
    const notes = end.notes.map((note) => `- ${plainLine(note, 1_000)}`);
    say(session, [`${plainLine(end.path)}:`, "", plain(end.text), ...notes, "", "Next: millwright doctor"].join("\n"));
  }
  return EXIT.done;
}

export async function doctor(session: Session): Promise<number> {
  const { diagnoseRepository } = await session.doors();
  const checks = await diagnoseRepository(session.dir, { config: session.config });
  const exit = checks.some(({ state }) => state === "bad") ? EXIT.environment : EXIT.done;
  const paint = paintWith(session.terminal.colors);
  if (session.json) say(session, plainJson({ checks, exit }));
  else say(session, checks.flatMap((check) => checkLines(check, paint)).join("\n"));
  return exit;
}

function checkLines({ name, state, detail, fix }: DoctorCheck, paint: Paint): readonly string[] {
  const mark = { ok: paint.lane("passed", "✓"), warn: paint.lane("active", "!"), bad: paint.lane("refused", "✗") }[
    state
  ];
  const line = `${mark} ${plainLine(name)}: ${plainLine(detail, 400)}`;
  return fix === undefined ? [line] : [line, `    fix: ${plainLine(fix, 400)}`];
}

export async function validateConfig(session: Session): Promise<number> {
  return withMill(session, async (mill) => {
    say(session, session.json ? plainJson({ valid: true, config: mill.config }) : "The config is valid.");
    return EXIT.done;
  });
}
