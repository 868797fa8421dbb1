import { z } from "zod";

export const CORRECTION_LANGUAGES = ["python", "typescript", "javascript"] as const;

/** What a correction can rewrite: `typescript` is .ts, .mts, .cts, .tsx; `javascript` is .js, .mjs, .cjs, .jsx. */
export type CorrectionLanguage = (typeof CORRECTION_LANGUAGES)[number];

const Text = z.string().min(1, "it is empty");
/** A dotted name; `$NAME` stands for any expression. */
const Callee = z
  .string()
  .regex(
    /^[$\w]+(\.[$\w]+)*$/,
    "a dotted name such as router.post, in which a $NAME in capitals stands for any expression",
  );
const Name = z.string().regex(/^[\p{L}_$][\p{L}\p{N}_$]*$/u, "a name without dots or spaces");
const Variable = z.string().regex(/^[A-Z_][A-Z0-9_]*$/, "the name of a metavariable without its $, in capitals");

/** A text, number, truth value or nothing as the language writes it; or any expression, as `{ code: … }`. */
const Literal = z.union([z.string(), z.number(), z.boolean(), z.null(), z.strictObject({ code: Text })]);
export type Literal = z.infer<typeof Literal>;

/** `decorator`: the place stands in a decorator; `class` and `function`: in the body of one. */
const Inside = z.enum(["decorator", "class", "function"]);

/** What is done where a rule matches. `target` is a metavariable of the rule; without it, the whole match. */
const Operation = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("replace"),
    target: Variable.optional(),
    /** `$NAME` and `$$$NAMES` stand for what the rule captured, as it is written there. */
    with: z.string(),
  }),
  /** Takes the node away; an argument, element, import name or statement goes with its comma or line. */
  z.strictObject({ kind: z.literal("remove"), target: Variable.optional() }),
  /** Python: `name=value`. TypeScript, JavaScript: a property of the object at `position` (1-based; default: the last argument). */
  z.strictObject({
    kind: z.literal("insert-argument"),
    target: Variable.optional(),
    name: Name,
    value: Literal,
    position: z.number().int().min(1).max(20).optional(),
  }),
  z.strictObject({
    kind: z.literal("insert-element"),
    target: Variable.optional(),
    value: Literal,
    at: z.enum(["first", "last"]).default("last"),
  }),
  z.strictObject({ kind: z.literal("add-import"), from: Text, name: Name.optional(), as: Name.optional() }),
]);
export type Operation = z.infer<typeof Operation>;

const Does = z.discriminatedUnion("kind", [
  /** An ast-grep rule object, and what is done where it matches. */
  z.strictObject({
    kind: z.literal("rule"),
    rule: z.record(z.string(), z.unknown()),
    constraints: z.record(z.string(), z.unknown()).optional(),
    utils: z.record(z.string(), z.unknown()).optional(),
    operations: z.array(Operation).min(1, "it needs at least one operation"),
  }),
  /** Takes names from another module: all of `from`, or only those in `names` (old name: new name). */
  z.strictObject({
    kind: z.literal("rewrite-import"),
    from: Text,
    to: Text,
    names: z.record(Name, Name).optional(),
  }),
  /** Gives calls of `call` an argument by name that they do not have. */
  z.strictObject({
    kind: z.literal("add-argument"),
    call: Callee,
    inside: Inside.optional(),
    name: Name,
    value: Literal,
    position: z.number().int().min(1).max(20).optional(),
  }),
  /** Writes `to` where one of `from` stands; with `call` and `argument`, only as that argument (or property) of such a call. */
  z.strictObject({
    kind: z.literal("replace-literal"),
    from: z.array(Literal).min(1, "it needs at least one value"),
    to: Literal,
    call: Callee.optional(),
    argument: Name.optional(),
    inside: Inside.optional(),
  }),
  /**
   * Imports a name where it is used and nothing binds it. Without `from`, the module of that name is imported as a whole.
   * `default` is for TypeScript and JavaScript.
   */
  z.strictObject({
    kind: z.literal("add-import"),
    name: Name,
    from: Text.optional(),
    style: z.enum(["named", "default", "module"]).optional(),
  }),
  /** Refuses files by the path alone. */
  z.strictObject({ kind: z.literal("reject-path"), message: Text, only: z.enum(["new", "deleted"]).optional() }),
  /**
   * Writes what the project's own tools suggest: `spelling`, the name behind "did you mean"; `import`, the one module of
   * the project that offers a name which nothing binds.
   */
  z.strictObject({
    kind: z.literal("quick-fix"),
    fixes: z.array(z.enum(["spelling", "import"])).min(1, "it needs at least one fix"),
    /** Only diagnostics with these codes. */
    codes: z.array(Text).optional(),
  }),
]);
export type Does = z.infer<typeof Does>;

const Example = {
  /** Where it stands; default: a name in the first language. `files` counts only where a path is named. */
  path: Text.optional(),
  text: z.string().optional(),
  /** Other files that have to be there: for `quick-fix`. */
  beside: z.record(z.string(), z.string()).optional(),
};

/** A correction: `corrections/<id>.yaml` of the target. */
export const CorrectionFile = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case words with hyphens, like session-import"),
  title: Text.max(120, "at most 120 characters"),
  /** The evidence that it was born from. */
  why: z.strictObject({
    reason: Text,
    runs: z.array(Text).default([]),
    /** Signatures of the failures that it prevents. */
    signatures: z.array(Text).default([]),
    /** The cases, like `r20261121-101500-ab12/T3/developer/1`. */
    cases: z.array(Text).default([]),
  }),
  languages: z.array(z.enum(CORRECTION_LANGUAGES)).default([]),
  /** Globs of the files that it may change or refuse; one that starts with `!` takes files away. */
  files: z.array(Text).default(["**"]),
  state: z.enum(["on", "off"]).default("on"),
  does: Does,
  examples: z.strictObject({
    /** Stay as they are. */
    valid: z.array(z.strictObject(Example)).min(1, "it needs at least one example that stays as it is"),
    /** Become `expected`; a path that is refused has none. */
    invalid: z
      .array(z.strictObject({ ...Example, expected: z.string().optional() }))
      .min(1, "it needs at least one example that is corrected"),
  }),
});
export type CorrectionFile = z.infer<typeof CorrectionFile>;
export type CorrectionExample = CorrectionFile["examples"]["invalid"][number];
