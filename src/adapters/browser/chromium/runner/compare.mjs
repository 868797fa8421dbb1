// What is seen and what is expected, written alike. Also run by unit tests: nothing here needs a browser.

/** White space collapsed, as people read a text. */
export function collapsed(text) {
  return text.replace(/\s+/g, " ").trim();
}

/** A computed style, or an expected one, with its colours as hex, its quotes and doubled blanks gone. */
export function plainStyle(value) {
  return collapsed(value)
    .toLowerCase()
    .replace(/\btransparent\b/g, "#00000000")
    .replace(/rgba?\(([^()]*)\)/g, (whole, inside) => hexOf(inside) ?? whole)
    .replace(/#([0-9a-f]{3,4})(?![0-9a-f])/g, (_, digits) => `#${[...digits].map((digit) => digit + digit).join("")}`)
    .replace(/#([0-9a-f]{6})ff(?![0-9a-f])/g, "#$1")
    .replace(/["']/g, "")
    .replace(/\s*,\s*/g, ", ")
    .replace(/(?<![\w.#%-])0(?![\w.%])/g, "0px");
}

function hexOf(inside) {
  const parts = inside.split(/[\s,/]+/).filter((part) => part !== "");
  if (parts.length < 3 || parts.length > 4 || parts.some((part) => !/^[\d.]+%?$/.test(part))) return undefined;
  const [alpha = "1"] = parts.slice(3);
  const opacity = alpha.endsWith("%") ? Number.parseFloat(alpha) / 100 : Number(alpha);
  const channels = [...parts.slice(0, 3).map(channel), Math.round(opacity * 255)];
  return `#${channels.map((value) => Math.min(255, value).toString(16).padStart(2, "0")).join("")}`;
}

function channel(part) {
  const value = Number.parseFloat(part);
  return Math.round(part.endsWith("%") ? value * 2.55 : value);
}

/** A value as a message shows it: in quotes, short. */
export function shown(value) {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
