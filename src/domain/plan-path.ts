/** `plans/YYYY-MM-<name>.md`, by the month (UTC) in which the run began; `startedAt` in seconds since 1970. */
export function planPath(plan: string, startedAt: number): string {
  const { year, month } = monthOf(Math.floor(startedAt / 86_400));
  return `plans/${year}-${String(month).padStart(2, "0")}-${plan}.md`;
}

/** Year and month of a count of days since 1970-01-01, in the proleptic Gregorian calendar. */
function monthOf(days: number): { year: number; month: number } {
  let left = days;
  let year = 1970;
  while (left >= daysIn(year)) left -= daysIn(year++);
  const lengths = [31, daysIn(year) - 337, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  let month = 0;
  while (left >= (lengths[month] ?? 31)) left -= lengths[month++] ?? 31;
  return { year, month: month + 1 };
}

function daysIn(year: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return leap ? 366 : 365;
}
