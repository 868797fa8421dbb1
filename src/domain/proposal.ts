/** One change that a maker proposes. Nothing is written until the door says yes. */
export type Edit =
  | { readonly kind: "replace"; readonly path: string; readonly search: string; readonly replace: string }
  | { readonly kind: "write"; readonly path: string; readonly content: string }
  | { readonly kind: "delete"; readonly path: string };

/** A maker's own word on one criterion, kept beside the judge's. */
export interface SelfAssessment {
  readonly criterion: string;
  readonly met: boolean;
  readonly because: string;
}

/** What a maker answers. */
export type Proposal =
  | {
      readonly kind: "edits";
      readonly edits: readonly Edit[];
      readonly notes: string;
      readonly selfAssessment: readonly SelfAssessment[];
    }
  | { readonly kind: "impossible"; readonly reason: string }
  /** Nothing to change: what was asked makes no difference that a criterion tells apart. */
  | { readonly kind: "equivalent"; readonly reason: string };

/** A reply read by the parser: a proposal, or what exactly was wrong with it. */
export type ParsedReply =
  | { readonly kind: "proposal"; readonly proposal: Proposal }
  | { readonly kind: "unusable"; readonly problems: readonly string[] };
