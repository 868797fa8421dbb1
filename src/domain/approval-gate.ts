/** Whose word lets a stage pass: a person's, a model's, or nobody's. */
export const APPROVAL_GATES = ["human", "auto-judge", "auto"] as const;
export type ApprovalGate = (typeof APPROVAL_GATES)[number];
