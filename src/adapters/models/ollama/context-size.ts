import type { ModelRequest } from "../../../domain/model-call.ts";
import { StepFailure } from "../../../domain/step-failure.ts";

/** Room for the reply, in tokens; a small model keeps a quarter of its context for it. */
const REPLY_TOKENS = 4096;

/** What a prompt takes. */
export interface PromptSize {
  /** Tokens, counted high: three characters each, or one outside ASCII. */
  readonly high: number;
  /** Tokens, as they usually are: four characters each, or one outside ASCII. */
  readonly usual: number;
  /** Tokens that no tokenizer goes below: a token never reaches from one word into the next. */
  readonly low: number;
}

export function promptSize({ system, user }: Pick<ModelRequest, "system" | "user">): PromptSize {
  const text = `${system}\n${user}`;
  const beyondAscii = text.match(/[^\0-\x7f]/gu)?.length ?? 0;
  const ascii = text.length - beyondAscii;
  return {
    high: Math.ceil(ascii / 3 + beyondAscii),
    usual: Math.ceil(ascii / 4 + beyondAscii),
    low: text.match(/[\p{L}\p{N}]\S*/gu)?.length ?? 0,
  };
}

/**
 * The context that a prompt needs with its reply: in steps that grow with it, so that a model is reloaded a few times at
 * most, and never above `most`.
 * @throws StepFailure `prompt-too-large` when the prompt leaves no room for a reply in `most`.
 */
export function contextFor(size: PromptSize, most: number | undefined, model: string): number {
  const reply = Math.min(REPLY_TOKENS, Math.floor((most ?? Number.POSITIVE_INFINITY) / 4));
  if (most !== undefined && size.usual + reply > most) throw tooLarge(size.usual, most, model);
  return Math.min(most ?? Number.POSITIVE_INFINITY, roundedUp(size.high + reply));
}

const STEPS = [
  { upTo: 16_384, step: 4096 },
  { upTo: 65_536, step: 16_384 },
];

function roundedUp(tokens: number): number {
  const step = STEPS.find(({ upTo }) => tokens <= upTo)?.step ?? 65_536;
  return Math.ceil(tokens / step) * step;
}

function tooLarge(tokens: number, most: number, model: string): StepFailure {
  return promptTooLarge(`the prompt of about ${tokens} tokens does not fit into the ${most} of \`${model}\``);
}

/** The prompt was not, or would not be, read whole. */
export function promptTooLarge(message: string): StepFailure {
  return new StepFailure(message, {
    code: "prompt-too-large",
    remedy: "ask",
    hint: "Point the role at a model with a longer context, or write a lower number for this model under `contexts` in millwright.yaml, so that the brief is cut to it.",
  });
}

/** True when the server read so few tokens that it must have dropped a part of the prompt. */
export function wasCut(size: PromptSize, readTokens: number): boolean {
  return size.low >= 200 && readTokens < size.low / 2;
}
