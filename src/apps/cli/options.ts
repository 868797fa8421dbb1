import { InvalidArgumentError } from "commander";
import type { Budget } from "../../domain/limits.ts";

const WHOLE = ["attempts", "tokens"] as const;
const PARTS = ["minutes", "money"] as const;
const KEYS: readonly string[] = [...WHOLE, ...PARTS];

/** `attempts=20,minutes=30,tokens=1e6,money=2`; `task.attempts=5` for one task, `day.tokens=1e6` for a day. */
export function parseBudget(text: string): Budget {
  const ceilings: Record<"run" | "task" | "day", Record<string, number>> = { run: {}, task: {}, day: {} };
  for (const part of text.split(",").map((piece) => piece.trim())) {
    const [name = "", value = ""] = part.split("=").map((piece) => piece.trim());
    const [, scope = "run", key = ""] = /^(?:(task|day)[.])?(.*)$/.exec(name) ?? [];
    if (!KEYS.includes(key))
      throw new InvalidArgumentError(
        `"${part}": one of ${KEYS.join(", ")} = a number; with \`task.\` or \`day.\` before it for one task or a day.`,
      );
    ceilings[scope as keyof typeof ceilings][key] = amountOf(key, value);
  }
  const { run, task, day } = ceilings;
  const some = (one: Record<string, number>) => Object.keys(one).length > 0;
  return { ...run, ...(some(task) ? { task } : {}), ...(some(day) ? { day } : {}) };
}

function amountOf(key: string, value: string): number {
  const amount = value === "" ? Number.NaN : Number(value);
  const isWhole = (WHOLE as readonly string[]).includes(key);
  if (!Number.isFinite(amount) || amount <= 0 || (isWhole && !Number.isInteger(amount))) {
    throw new InvalidArgumentError(
      `"${key}=${value}": a ${isWhole ? "whole number of at least 1" : "number above 0"}.`,
    );
  }
  return amount;
}

/** Collects repeated `role=model`; a model without a role is for all roles. */
export function parseModel(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf("=");
  const [role, model] = at < 0 ? ["default", text] : [text.slice(0, at), text.slice(at + 1)];
  if (role === "" || model === "")
    throw new InvalidArgumentError(`"${text}": role=model, like developer=ollama/qwen2.5-coder.`);
  return { ...before, [role]: model };
}

/** `a,b,c`; what is wrong with a list is said where it is read. */
export function parseNames(text: string): readonly string[] {
  return text.trim() === "" ? [] : text.split(",").map((name) => name.trim());
}
