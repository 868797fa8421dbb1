/** What one file offers to those who import it. */
export interface ModuleFacts {
  /** Written with `import` and `export`. */
  readonly isModule: boolean;
  readonly names: ReadonlySet<string>;
  /** Modules that are passed on whole. */
  readonly stars: readonly string[];
  /** Names that come from another module: where, and what they are called there. */
  readonly passed: ReadonlyMap<string, { readonly specifier: string; readonly name: string }>;
  /** Names that it imports itself, by what they are called inside. */
  readonly imported: ReadonlyMap<string, { readonly specifier: string; readonly name: string }>;
  /** What an exported name is called inside. */
  readonly locals: ReadonlyMap<string, string>;
  /** It may offer what cannot be seen here. */
  readonly isOpen: boolean;
}

export const OPEN: ModuleFacts = {
  isModule: false,
  names: new Set(),
  stars: [],
  passed: new Map(),
  imported: new Map(),
  locals: new Map(),
  isOpen: true,
};
