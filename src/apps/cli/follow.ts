import type { Watch } from "../../mill.ts";
import { EXIT } from "./exit-code.ts";
import { openScreen } from "./screen/open-screen.ts";
import type { Session } from "./session.ts";

/**
 * Shows work while it happens. The first Ctrl-C asks it to stop and says how to go on; the second ends the process at
 * once, which loses nothing that the journal has.
 */
export async function follow<End>(
  session: Session,
  work: (watch: Watch) => Promise<End>,
  goOn = (run: string) => `millwright resume${run ? ` ${run}` : ""}`,
): Promise<End> {
  const { terminal } = session;
  const screen = await openScreen(terminal, session);
  const controller = new AbortController();
  let run = "";
  const leave = terminal.onStop(() => {
    if (controller.signal.aborted) {
      screen.close();
      terminal.exit(EXIT.interrupted);
      return;
    }
    controller.abort();
    terminal.stderr.write(`\nStopping. Nothing is lost; go on with: ${goOn(run)}\nCtrl-C again ends at once.\n`);
  });
  const watch: Watch = {
    entry(entry) {
      run = entry.run;
      screen.entry(entry);
    },
    glimpse: (seen) => screen.glimpse(seen),
    signal: controller.signal,
  };
  try {
    return await work(watch);
  } finally {
    leave();
    screen.close();
  }
}
