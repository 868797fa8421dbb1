import type { Suite } from "../../domain/config.ts";

/** One suite that was found, and the sentence that says why. */
export interface DetectedSuite {
  readonly suite: Omit<Suite, "name">;
  readonly why: string;
}

/** The files of a repository, as far as detection looks at them. */
export interface Sources {
  readonly paths: ReadonlySet<string>;
  /** Text of a file inside the repository; undefined when missing. */
  read(path: string): Promise<string | undefined>;
}
