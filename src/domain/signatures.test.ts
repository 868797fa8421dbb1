import { expect, test } from "vitest";
import { signaturesOf } from "./signatures.ts";

test("what a file offers, never how it is done", () => {
  const text = `import { x } from "./x.ts";

export interface Price {
  readonly cents: number;
}

/** Takes off. */
export function discount(price: number, { percent = 10 }: { percent?: number } = {}): number {
  return price * (1 - percent / 100);
}

export const half = (price: number): number => price / 2;
export const LIMIT = 17;
const secret = 3;

export class Basket {
  private hidden = 1;
  constructor(readonly owner: string) {
    this.hidden = 2;
  }
  async total(rate: number): Promise<number> {
    if (rate > 1) return 0;
    return rate;
  }
}
`;
  expect(signaturesOf("src/price.ts", text)).toEqual([
    "export interface Price {\n  readonly cents: number;\n}",
    "export function discount(price: number, { percent = 10 }: { percent?: number } = {}): number",
    "export const half = (price: number): number",
    "export const LIMIT",
    "export class Basket",
    "  constructor(readonly owner: string)",
    "  async total(rate: number): Promise<number>",
  ]);
});

test("CommonJS and Python", () => {
  const common = "function subtract(left, right) {\n  return left - right;\n}\nmodule.exports = { subtract };\n";
  expect(signaturesOf("src/subtract.js", common)).toEqual(["function subtract(left, right)"]);
  const python = `LIMIT = 3


class Basket:
    """Holds things."""

    def __init__(self, owner: str):
        self.owner = owner

    def total(self, rate: float = 1.0) -> float:
        return rate * 2

    def _secret(self):
        return 7


async def fetch(
    key: str,
    other: int = 3,
) -> dict:
    return {}
`;
  expect(signaturesOf("app/basket.py", python)).toEqual([
    "LIMIT",
    "class Basket",
    "    def __init__(self, owner: str)",
    "    def total(self, rate: float = 1.0) -> float",
    "async def fetch(\n    key: str,\n    other: int = 3,\n) -> dict",
  ]);
});
