export type Currency = "EUR" | "USD" | "GBP";

const SYMBOLS: Record<Currency, string> = { EUR: "€", USD: "$", GBP: "£" };

export function bulkPercent(quantity: number): number {
  if (quantity >= 100) return 15;
  if (quantity >= 50) return 10;
  if (quantity >= 10) return 5;
  return 0;
}

export function calculateDiscount(price: number, percent: number): number {
  if (percent < 0 || percent > 100) {
    throw new RangeError("percent must be between 0 and 100");
  }
  return Math.round(price * (100 - percent)) / 100;
}

export function orderTotal(unitPrice: number, quantity: number): number {
  return Math.round(calculateDiscount(unitPrice, bulkPercent(quantity)) * quantity * 100) / 100;
}

export function formatCurrency(amount: number, currency: Currency = "EUR"): string {
  return `${SYMBOLS[currency]}${amount.toFixed(2)}`;
}

export function convertCurrency(amount: number, rate: number): number {
  return Math.round(amount * rate * 100) / 100;
}
