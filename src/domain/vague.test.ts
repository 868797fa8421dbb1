import { describe, expect, test } from "vitest";
import { vagueIn } from "./vague.ts";

/** As people and models write them when they mean something. */
const GOOD = [
  'Clicking Add with the text "Buy milk" appends a list item that shows "Buy milk"',
  '`calculateDiscount(-0.01, 10)` throws a RangeError with the message "price must be >= 0"',
  "`POST /todos` with an empty title answers 422 and stores nothing",
  '`GET /todos/42` answers 404 with the body `{"detail": "Todo 42 not found"}` when no such todo exists',
  "The header's background is #2563eb",
  "The card has a border radius of 8px and a padding of 16px",
  '`parseColour("#2563eb")` returns `{ r: 37, g: 99, b: 235 }`',
  "After a reload, the three todos that were added are listed in the same order",
  "A title of 200 characters is accepted, one of 201 answers 422",
  "`add(2, 3)` correctly returns 5",
  "Pressing Escape closes the dialog and moves the focus back to the button",
  "Search responds quickly: within 200 ms for 10,000 entries",
  'The command exits with status 2 and prints "unknown flag --colour" to stderr',
  "Deleting a todo that does not exist answers 404",
  "When the file already exists, `write` throws an Error with code EEXIST",
  "An upload of 11 MB is refused with 413",
  "`limit: 3` emits the first three calls and returns false for the fourth",
  "`bulkPercent(9)` is 0 and `bulkPercent(10)` is 5",
  "`orderTotal(-1, 0)` refuses the negative price with the same RangeError as `calculateDiscount`",
  "`src/pricing.ts` re-exports `formatCurrency` and it is the very same function as in `src/currency.ts`",
  "The list shows the newest entry first",
  "Invalid JSON in the body answers 400 and leaves the database unchanged",
  "A login with the wrong password answers 401; after the fifth the account is locked for 15 minutes",
  "`docs/pricing.md` holds the headings `## bulkPercent` and `## orderTotal`",
  '`formatCurrency(0, "USD")` returns "$0.00"',
  "The total of an empty cart is 0",
  '`slugify("Ünïcode Works!")` returns "unicode-works"',
  "The button stays disabled until a title is typed",
  "Two requests with the same key create one order only",
  "The page has no horizontal scroll bar at a width of 320px",
  "Clicking Clear empties the list and hides the counter",
  "The worker retries a failed call 3 times, 1 s, 2 s and 4 s after the failure",
  "`npm run build` exits 0 and writes dist/index.js",
  'With the network off, saving shows the text "Saved on this device"',
  "The tooltip appears 300 ms after the pointer rests on the icon",
  "`median([])` returns undefined",
  "Sorting by price lists 1.50 before 12.00",
  "The response of `GET /health` includes the header `Cache-Control: no-store`",
  'A date like "2026-02-30" is refused with "no such day"',
  "The log line holds the request id and the duration in ms, and no password",
  "The first run creates the table; a second run leaves its 5 rows as they are",
  "Filtering with `?done=true` lists only todos that are done",
  "The exported CSV starts with the line `id;title;done`",
  "A correct PIN opens the door for 5 s",
  'The counter says "1 item left" for one open todo and "2 items left" for two',
  "Undo brings back the deleted todo at its old position",
  "Every amount is rounded to whole cents: 16.9915 becomes 16.99",
  "Clicking Add adds a task",
  "When Add is clicked, a task is added to the list",
  "The session cookie is HttpOnly and Secure",
  "Sorting is stable: todos of equal priority keep their order",
  "A correct password logs the user in",
  "`pwd` prints the working directory",
  "`--fast` skips the slow checks",
  "A transfer without sufficient funds is refused and both balances stay as they were",
  "The file is readable by its owner only",
  "A completed todo is struck through",
  "An account is created once, however often the link is clicked",
  "The form works without a mouse: Tab moves through the fields from first to last and Enter sends it",
];

/** As they come when nobody has thought about them. */
const VAGUE = [
  "The feature works",
  "The login works correctly",
  "Works as expected",
  "The `parse` function exists",
  "A settings page exists",
  "Input is validated properly",
  "Errors are handled gracefully",
  "The API should be fast",
  "The page loads quickly",
  "The interface is user-friendly",
  "The code is robust",
  "Handles errors",
  "The component handles edge cases",
  "Good performance",
  "The endpoint is implemented",
  "Dark mode is supported",
  "The todo list is displayed correctly",
  "Returns the correct result",
  "`GET /todos` returns the correct data",
  "Clicking `Add` works",
  "`POST /todos` handles errors gracefully",
  "An appropriate error message is shown",
  "Shows a clear error message",
  "The layout looks good",
  "The design is responsive",
  "The migration runs without problems",
  "Everything behaves as specified",
  "The cache is efficient",
  "Tests are added",
  "All tests pass",
  "The module has unit tests",
  "The README is documented properly",
  "Input validation",
  "Error handling",
  "Login",
  "The system is secure",
  "The `save` button functions properly",
  "Data is stored appropriately",
  "The form is easy to use",
  "Follows best practices",
  "The refactoring is done",
  "Handles invalid input, missing fields, etc.",
  "The import is reliable",
  "The counter updates accurately",
];

describe("criteria", () => {
  test("there are enough of both", () => {
    expect(GOOD.length).toBeGreaterThanOrEqual(40);
    expect(VAGUE.length).toBeGreaterThanOrEqual(40);
  });

  test.each(GOOD)("%s: can be observed", (text) => {
    expect(vagueIn(text)).toBeUndefined();
  });

  test("those that say nothing are caught, with the reason", () => {
    const missed = VAGUE.filter((text) => vagueIn(text) === undefined);
    expect(missed).toEqual([]);
    expect(vagueIn("The `save` button functions properly")).toEqual({
      phrase: "functions properly",
      why: "does not say what is seen: write the input and the output, message or status",
    });
  });
});
