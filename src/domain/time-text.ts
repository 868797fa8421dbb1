const DAY = 86_400;
const DAYS_OF_400_YEARS = 146_097;
/** Days from 0000-03-01 to 1970-01-01. */
const TO_1970 = 719_468;

/** `2026-11-21T16:20:18Z` for milliseconds since 1970, from there to the year 9999. */
export function timeText(at: number): string {
  const seconds = Math.floor(at / 1000);
  const { year, month, day } = dateOf(Math.floor(seconds / DAY));
  const left = seconds % DAY;
  const date = [String(year).padStart(4, "0"), two(month), two(day)].join("-");
  return `${date}T${two(Math.floor(left / 3600))}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)}Z`;
}

/** The date of a count of days since 1970-01-01, in the proleptic Gregorian calendar; years are counted from March. */
function dateOf(days: number): { year: number; month: number; day: number } {
  const since = days + TO_1970;
  const era = Math.floor(since / DAYS_OF_400_YEARS);
  const inEra = since - era * DAYS_OF_400_YEARS;
  const years = Math.floor(
    (inEra - Math.floor(inEra / 1460) + Math.floor(inEra / 36_524) - Math.floor(inEra / 146_096)) / 365,
  );
  const inYear = inEra - (365 * years + Math.floor(years / 4) - Math.floor(years / 100));
  const fromMarch = Math.floor((5 * inYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return {
    year: years + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: inYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  };
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
