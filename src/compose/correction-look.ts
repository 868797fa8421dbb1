import type { CorrectionFile } from "../domain/correction-file.ts";

/** A correction as it stands in the checkout. */
export interface CorrectionLook {
  readonly id: string;
  /** Inside the repository. */
  readonly path: string;
  readonly text: string;
  /** `broken`: it cannot be read, or one of its examples does not come out as it says. */
  readonly state: "on" | "off" | "broken";
  readonly problems: readonly string[];
  /** False when the next run would not see the file as it is. */
  readonly committed: boolean;
  readonly title?: string;
  readonly languages?: readonly string[];
  /** Kind of rewrite. */
  readonly does?: string;
  readonly why?: CorrectionFile["why"];
}
