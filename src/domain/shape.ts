/** Checks a value that comes back from the journal or the world; throws when it is not what was promised. Every Zod type is one. */
export interface Shape<Value> {
  parse(value: unknown): Value;
}
