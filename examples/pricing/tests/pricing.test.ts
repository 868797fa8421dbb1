import { describe, expect, test } from "vitest";
import { bulkPercent, calculateDiscount, convertCurrency, formatCurrency, orderTotal } from "../src/pricing.ts";

describe("calculateDiscount", () => {
  test("takes the percentage off the price", () => {
    expect(calculateDiscount(200, 10)).toBe(180);
  });

  test("rounds to whole cents", () => {
    expect(calculateDiscount(19.99, 15)).toBe(16.99);
  });

  test("refuses more than 100 percent", () => {
    expect(() => calculateDiscount(200, 101)).toThrow(new RangeError("percent must be between 0 and 100"));
  });
});

describe("orders", () => {
  test("a big order earns a bulk discount", () => {
    expect(bulkPercent(1)).toBe(0);
    expect(bulkPercent(200)).toBe(15);
  });

  test("the total is the discounted price times the quantity", () => {
    expect(orderTotal(2.5, 20)).toBe(47.6);
  });
});

describe("currency", () => {
  test("formats euros unless told otherwise", () => {
    expect(formatCurrency(12.5)).toBe("€12.50");
  });

  test("formats dollars", () => {
    expect(formatCurrency(12.5, "USD")).toBe("$12.50");
  });

  test("formats zero", () => {
    expect(formatCurrency(0)).toBe("€0.00");
  });

  test("converts at a rate, to whole cents", () => {
    expect(convertCurrency(10, 1.0857)).toBe(10.86);
  });
});
