import { z } from "zod";

/** Keys by which an element can be found. */
export const FOUND_BY = ["css", "role", "label", "text"] as const;

const ElementKeys = z.strictObject({
  css: z.string().min(1).optional().meta({ description: "A CSS selector." }),
  role: z.string().min(1).optional().meta({ description: "Its ARIA role, such as button, textbox, checkbox, list." }),
  name: z.string().min(1).optional().meta({ description: "With `role`: its accessible name, whole and exact." }),
  label: z.string().min(1).optional().meta({ description: "The whole text of its label or its aria-label." }),
  text: z.string().min(1).optional().meta({ description: "The whole text of the element." }),
  inside: z.string().min(1).optional().meta({ description: "A CSS selector of the element that it is looked for in." }),
  nth: z.int().min(1).max(1000).optional().meta({ description: "Which of several, from 1." }),
});

/** An element of a page: a CSS selector, or one of css, role (and name), label, text. */
export const ElementName = z.union([z.string().min(1), ElementKeys]);
export type ElementName = z.infer<typeof ElementName>;

const Size = z.string().regex(/^[1-9]\d{1,3}x[1-9]\d{1,3}$/, "width and height in pixels, like 1280x720");
const element = (description: string) => ElementName.optional().meta({ description });
const text = (description: string) => z.string().optional().meta({ description });

/** Keys that do something: a step has exactly one of them, or one of `LOOKS`. */
export const ACTIONS = [
  ...["open", "click", "doubleClick", "hover", "focus", "fill", "select", "check", "uncheck"],
  ...["type", "press", "store", "resize", "reload"],
] as const;
/** Keys that name what is looked at. */
export const LOOKS = ["see", "stored", "title"] as const;
/** What may be expected of a seen element. */
export const EXPECTATIONS = [
  ...["count", "visible", "text", "texts", "contains", "value", "checked", "enabled", "focused"],
  ...["role", "name", "attributes", "styles"],
] as const;

/** One thing that a person would do at the page, or would look at. Nothing of a page is waited for but by looking. */
export const BrowserStep = z.strictObject({
  open: text("A page of the folder, like `/done.html#today`."),
  click: element("Clicks an element."),
  doubleClick: element("Clicks an element twice."),
  hover: element("Moves the pointer over an element."),
  focus: element("Gives an element the focus."),
  fill: element("Replaces what stands in a field by `with`."),
  select: element("Chooses the option `with` of a select element, by its value or its label."),
  check: element("Ticks a checkbox or radio button."),
  uncheck: element("Takes a tick away."),
  with: text("For fill and select."),
  type: text("Types a text into whatever has the focus, key by key."),
  press: text("Presses a key in whatever has the focus: `Enter`, `Tab`, `Shift+Tab`, `Escape`, `Delete`, `a`."),
  store: z
    .record(z.string(), z.string())
    .optional()
    .meta({ description: "Writes into localStorage, as an earlier visit might have." }),
  resize: Size.optional().meta({ description: "Makes the window another size, like `375x667`." }),
  reload: z.literal(true).optional().meta({ description: "Loads the page anew; localStorage stays." }),

  see: element("Looks at an element; alone, it has to be there and visible."),
  stored: text("Looks at this key of localStorage; with `text`, `contains` or `absent`."),
  title: text("The title of the page, whole."),
  count: z.int().min(0).max(10_000).optional().meta({ description: "How many elements there are." }),
  visible: z.boolean().optional(),
  text: text("The whole text of the element, with white space collapsed."),
  texts: z.array(z.string()).optional().meta({ description: "The texts of all the elements, in order." }),
  contains: text("A part of its text."),
  value: text("What stands in a field."),
  checked: z.boolean().optional(),
  enabled: z.boolean().optional(),
  focused: z.boolean().optional(),
  role: text("Its ARIA role."),
  name: text("Its accessible name, whole and exact."),
  attributes: z
    .record(z.string(), z.string().nullable())
    .optional()
    .meta({ description: "Attributes with their values; null: the element does not have it." }),
  styles: z.record(z.string(), z.string()).optional().meta({
    description: "Computed styles: colours as #rrggbb (or #rrggbbaa), lengths in px.",
  }),
  absent: z.literal(true).optional().meta({ description: "With `stored`: there is no such key." }),
});
export type BrowserStep = z.infer<typeof BrowserStep>;

/** What a person would see and do at the built pages; run in a browser, in a fresh profile without a network. */
export const BrowserCheck = z.strictObject({
  page: z
    .string()
    .min(1)
    .default("index.html")
    .meta({ description: "The page that is opened first, inside the folder of the config's `browser.dir`." }),
  viewport: Size.default("1280x720").meta({ description: "Size of the window." }),
  console: z.enum(["clean", "any"]).default("clean").meta({
    description: "`clean`: an error in the console, or one that nobody caught, fails the check.",
  }),
  holds: z.enum(["after", "always"]).default("after").meta({
    description: "`after`: must fail on the base of a feature or bug. `always`: a guard, which may hold before.",
  }),
  steps: z.array(BrowserStep).min(1).max(60),
});
export type BrowserCheck = z.infer<typeof BrowserCheck>;

/** A criterion's check, as the browser is given it. */
export interface NamedCheck {
  readonly id: string;
  readonly check: BrowserCheck;
}
