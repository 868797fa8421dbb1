import type { TreeId } from "../../../domain/work.ts";
import type { Analysis, Git, Retrieval } from "../../../engine/ports.ts";

/** What `quick-fix` looks at trees with; other corrections need nothing but the texts. */
export interface CorrectionTools {
  readonly git: Pick<Git, "layOver" | "writeBlob" | "read">;
  readonly analysis: Pick<Analysis, "diagnose">;
  readonly retrieval?: Pick<Retrieval, "outline"> | undefined;
}

/** A file that one correction has changed, or had to leave. */
export type Touched =
  | { readonly kind: "changed"; readonly path: string; readonly text: string; readonly times: number }
  | { readonly kind: "left"; readonly path: string; readonly why: string };

export interface Ground {
  readonly tree: TreeId;
  readonly tools: CorrectionTools | undefined;
  /** True where `files` of the correction does not count: an example that names no path. */
  readonly anywhere?: boolean;
}
