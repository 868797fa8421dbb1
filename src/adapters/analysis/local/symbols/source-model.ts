/** One name that a file asks another module for. */
export interface Wanted {
  readonly name: string;
  readonly start: number;
  /** Only its type is asked for. */
  readonly isType: boolean;
  readonly local: string | undefined;
}

/** One import, require or re-export. */
export interface Import {
  readonly specifier: string;
  readonly start: number;
  readonly style: "import" | "require";
  readonly wanted: readonly Wanted[];
  /** What the whole module is called in the file. */
  readonly whole: string | undefined;
  /** It may fail without harm: it stands in a `try`. */
  readonly isTried: boolean;
}

/** `object.name`, used. */
export interface MemberUse {
  readonly object: string;
  readonly name: string;
  readonly start: number;
  readonly use: "called" | "read" | "asked" | "written";
}

/** What a file declares, asks for and uses. */
export interface SourceFacts {
  readonly imports: Import[];
  /** How often each name is declared, in whatever scope. */
  readonly declared: Map<string, number>;
  /** Places where a value of that name is used. */
  readonly used: { readonly name: string; readonly start: number }[];
  /** Names that the file itself asks about before it uses them, or gives a value. */
  readonly asked: Set<string>;
  readonly members: MemberUse[];
  /** `const a = new B()`: the class by the name of the constant. */
  readonly instances: Map<string, string>;
  /** Names that are used as whole values: somebody else may write to them. */
  readonly loose: Set<string>;
  /** `with`, a direct `eval`: nothing is certain. */
  isMoving: boolean;
}
