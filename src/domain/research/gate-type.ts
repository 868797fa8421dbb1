import { z } from "zod";
import { APPROVAL_GATES } from "../approval-gate.ts";

/** Whose word lets a stage pass: the words of `approvals:`. */
export const GateType = z.enum(APPROVAL_GATES);
export type GateType = z.infer<typeof GateType>;
