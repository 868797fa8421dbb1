import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Where the embedded engine and its models lie: in the user's own data folder, never in a repository. */
export interface EmbeddedPlaces {
  /** Holds `node_modules/node-llama-cpp`. */
  readonly engine: string;
  /** Holds fetched models as `<owner>/<repo>/<file>.gguf`. */
  readonly models: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `$XDG_DATA_HOME/millwright` or `~/.local/share/millwright`; `MILLWRIGHT_LLAMA` names another folder for the engine. */
export function embeddedPlaces(env: Environment): EmbeddedPlaces {
  const xdg = env.XDG_DATA_HOME;
  const home = env.HOME || homedir();
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, ".local", "share");
  return {
    engine: env.MILLWRIGHT_LLAMA || join(base, "millwright", "llama"),
    models: join(base, "millwright", "models"),
  };
}
