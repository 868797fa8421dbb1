import { InvalidArgumentError } from "commander";
import type { Budget } from "../../domain/limits.ts";

const WHOLE = ["attempts", "tokens"] as const;
const PARTS = ["minutes", "money"] as const;
const KEYS: readonly string[] = [...WHOLE, ...PARTS];

/** `attempts=20,minutes=30,tokens=1e6,money=2` */
export function parseBudget(text: string): Budget {
  const budget: Record<string, number> = {};
  for (const part of text.split(",").map((piece) => piece.trim())) {
    const [key = "", value = ""] = part.split("=").map((piece) => piece.trim());
    if (!KEYS.includes(key)) throw new InvalidArgumentError(`"${part}": one of ${KEYS.join(", ")} = a number.`);
    budget[key] = amountOf(key, value);
  }
  return budget;
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
