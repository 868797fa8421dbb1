// Elements as a check names them.

/** A locator for an element's name: a CSS selector, or a mapping with css, role, label or text. */
export function find(page, named) {
  if (typeof named === "string") return page.locator(`css=${named}`);
  const around = named.inside === undefined ? page : page.locator(`css=${named.inside}`);
  const found = located(around, named);
  return named.nth === undefined ? found : found.nth(named.nth - 1);
}

function located(around, named) {
  if (named.css !== undefined) return around.locator(`css=${named.css}`);
  if (named.label !== undefined) return around.getByLabel(named.label, { exact: true });
  if (named.text !== undefined) return around.getByText(named.text, { exact: true });
  return withRole(around, named);
}

/** Elements with an ARIA role and, if it is given, exactly this accessible name. */
export function withRole(around, { role, name }) {
  return around.getByRole(role, name === undefined ? {} : { name, exact: true });
}
