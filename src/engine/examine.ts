import { derivationBrief, examBrief } from "../briefs/exam-briefs.ts";
import { digestOfValue } from "../domain/digest.ts";
import { derivationShape, examShape, readDerivation, readExam } from "../domain/held-out.ts";
import { answering } from "../domain/known-backends.ts";
import { mayBeOneModel } from "../domain/model-identity.ts";
import type { Need, Sights } from "../domain/need.ts";
import { firstQuestion } from "../domain/standing.ts";
import { ask } from "./ask.ts";
import type { JudgeLook } from "./judge.ts";

type NeedOf<Kind extends Need["see"]> = Extract<Need, { see: Kind }>;

/** What the examiner writes from the criteria, asked once; a reply that cannot be used is not asked for again. */
export async function exam(need: NeedOf<"exam">, look: JudgeLook): Promise<Sights["exam"]> {
  const brief = await examBrief(need, look);
  return readExam(await once("examiner", { need, brief, schema: examShape }, look), need.criteria, need.most);
}

/** What a second model derives for the same calls; null where it may be the examiner's. */
export async function derivation(need: NeedOf<"derivation">, look: JudgeLook): Promise<Sights["derivation"]> {
  const { config } = look.context;
  const others = answering(config, "second-examiner");
  if (answering(config, "examiner").some((one) => others.some((other) => mayBeOneModel(one, other)))) return null;
  const brief = await derivationBrief(need, look.context);
  return readDerivation(await once("second-examiner", { need, brief, schema: derivationShape }, look));
}

interface Asking {
  readonly need: Need;
  readonly brief: { readonly system: string; readonly user: string };
  readonly schema: unknown;
}

async function once(role: "examiner" | "second-examiner", asking: Asking, look: JudgeLook): Promise<string> {
  const { state, context, rounds } = look;
  const patch = digestOfValue(asking.need).slice(0, 16);
  const attempt = firstQuestion(role, patch, rounds);
  const { brief, schema } = asking;
  const reply = await ask({ task: state.task.id, role, attempt, ...brief, schema }, context);
  if (!rounds.some((round) => round.judge === role && round.patch === patch))
    rounds.push({ judge: role, patch, first: attempt, replies: 1 });
  return reply.text;
}
