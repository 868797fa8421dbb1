import picocolors from "picocolors";
import type { LaneState } from "../../views/run-view.ts";
import type { Tone } from "../../views/story.ts";

/** Colours by meaning; without colours, the text as it is. */
export interface Paint {
  tone(tone: Tone, text: string): string;
  lane(state: LaneState, text: string): string;
  strong(text: string): string;
  quiet(text: string): string;
}

export function paintWith(colors: boolean): Paint {
  const { green, red, cyan, dim, bold } = picocolors.createColors(colors);
  const same = (text: string) => text;
  const tones = { good: green, bad: red, note: same, quiet: dim } as const;
  const lanes = { passed: green, refused: red, active: cyan, waiting: dim } as const;
  return {
    tone: (tone, text) => tones[tone](text),
    lane: (state, text) => lanes[state](text),
    strong: bold,
    quiet: dim,
  };
}
