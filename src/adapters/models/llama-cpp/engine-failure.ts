import { StepFailure } from "../../../domain/step-failure.ts";
import type { FromEngine } from "./engine-messages.ts";
import { unusableFile } from "./model-file.ts";

/** How a model's process ended. */
export interface Died {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly said: string;
}

/** The process of a model ended by itself: a native crash, or the system took its memory back. */
export function diedAs({ exit, signal, said }: Died): StepFailure {
  const how = signal === null ? `with exit code ${exit}` : `by ${signal}`;
  const last = said.trim().split("\n").at(-1) ?? "";
  return new StepFailure(
    `the process of the embedded model ended ${how}${last === "" ? "" : `: ${last.slice(0, 300)}`}`,
    {
      code: "model-unreachable",
      remedy: "retry",
      hint: "It is started anew when it is asked again. SIGKILL often means that memory ran out: use a smaller model.",
    },
  );
}

type Failed = Extract<FromEngine, { kind: "failed" }>;

/** What the engine said, in words that say what to do. `file`: the model that could not be loaded. */
export function failedAs({ name, message, logs }: Failed, file: string | undefined): StepFailure {
  const said = [message, ...logs].join("\n");
  if (/too large for the available|InsufficientMemory|failed to allocate|unable to allocate/i.test(`${name} ${said}`))
    return outOfMemory(message);
  if (file === undefined)
    return new StepFailure(`the embedded model could not answer: ${message}`, {
      code: "model-unusable",
      remedy: "retry",
      hint: "If it happens again, use another model or quantisation.",
    });
  return unloadable(file, said);
}

function unloadable(file: string, said: string): StepFailure {
  const architecture = /unknown model architecture: '([^']*)'/.exec(said)?.[1];
  if (architecture !== undefined)
    return unusableFile(
      `${file} has the architecture ${architecture}, which this llama.cpp does not know`,
      "Use a model of another family, or remove the engine's folder and fetch again for a newer engine.",
    );
  if (/not within the file bounds|incomplete|failed to read|unexpectedly reached end/i.test(said))
    return unusableFile(
      `${file} is cut off or damaged: its tables promise more than the file holds`,
      "Remove the file and fetch it again.",
    );
  if (/NoBinaryFound|Cannot find module|ERR_MODULE_NOT_FOUND|ERR_DLOPEN/i.test(said))
    return unusableFile(
      `the embedded engine does not start on this machine: ${firstLine(said)}`,
      "Remove the engine's folder and fetch again; llama.cpp's ready-made builds need glibc on Linux.",
    );
  return unusableFile(`${file} could not be loaded: ${said.slice(0, 400)}`, "Try another file or quantisation.");
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}

/** There is not enough memory for a model or for the context that a prompt needs. */
export function outOfMemory(message: string): StepFailure {
  return new StepFailure(`not enough memory for the embedded model: ${message}`, {
    code: "environment",
    remedy: "ask",
    hint: "Close other programs, or use a smaller model or quantisation; docs/guides/embedded.md says what fits.",
  });
}
