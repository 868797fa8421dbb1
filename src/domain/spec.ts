import type { Digest } from "./digest.ts";

/** What the user wants, in their own words. */
export interface Spec {
  /** Path inside the repository, when it came from a file. */
  readonly path?: string;
  readonly title: string;
  readonly text: string;
  readonly digest: Digest;
}
