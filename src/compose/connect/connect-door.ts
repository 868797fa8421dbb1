import type { Forge } from "../../domain/forge/forge.ts";

/** A branch of a run that shall become a pull request. */
export interface PullRequestWish {
  /** `loop/<plan>` */
  readonly head: string;
  readonly base: string | undefined;
  readonly remote: string;
  /** Undefined: as the remote's address says. */
  readonly forge: Forge | undefined;
  readonly draft: boolean;
  readonly title: string;
  readonly body: string;
}

export interface PullRequestEnd {
  readonly kind: "opened" | "updated";
  readonly url: string;
  readonly branch: string;
  readonly forge: Forge;
}
