import { plain, plainJson, plainLine } from "../../../views/plain.ts";
import { EXIT } from "../exit-code.ts";
import { type Session, say } from "../session.ts";

export async function installUnit(session: Session, options: { readonly print?: boolean }): Promise<number> {
  const { installUnit: install } = await session.doors();
  const unit = await install(session.dir, { config: session.config, print: options.print ?? false });
  if (session.json) say(session, plainJson(unit));
  else if (unit.written)
    say(session, [`Wrote ${plainLine(unit.path, 400)}. Next:`, ...unit.next.map((line) => `  ${line}`)].join("\n"));
  else say(session, plain(unit.text));
  return EXIT.done;
}
