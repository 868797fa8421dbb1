import type { Shape } from "./class-facts.ts";
import type { ModuleExports } from "./module-exports.ts";
import type { ModuleFiles } from "./module-files.ts";
import type { ResolveModule } from "./resolve-module.ts";
import type { SaidElsewhere } from "./said-elsewhere.ts";
import type { SourceFacts } from "./source-model.ts";

/** What is known of one tree's JavaScript and TypeScript. */
export interface JavaScriptWorld {
  readonly files: ModuleFiles;
  readonly resolve: ResolveModule;
  readonly modules: ModuleExports;
  readonly said: SaidElsewhere;
  /** The shapes that a file declares, by name. */
  readonly shapes: (path: string) => Promise<ReadonlyMap<string, Shape>>;
}

/** One file that is looked at. */
export interface LookedAt {
  readonly path: string;
  readonly facts: SourceFacts;
  readonly shapes: ReadonlyMap<string, Shape>;
  /** Written with `import` and `export`, or with `require`: nobody else's globals are meant to reach it. */
  readonly isModule: boolean;
}
