import { namedChildren, type SyntaxNode } from "./syntax-node.ts";

/** A name that an import binds. */
export interface BoundImport {
  readonly module: string;
  /** As the module offers it; for `default` and `module` the name that is bound here. */
  readonly name: string;
  /** The name that is bound here. */
  readonly local: string;
  readonly style: "named" | "default" | "module";
}

/** What the imports at the top of a file bind, in order. */
export function importsOf(root: SyntaxNode): readonly BoundImport[] {
  return root.children.flatMap((statement) => {
    if (statement.kind === "import_from_statement") return fromImports(statement);
    if (statement.kind !== "import_statement") return [];
    const clause = statement.children.find((child) => child.kind === "import_clause");
    return clause ? scriptImports(statement, clause) : moduleImports(statement);
  });
}

function fromImports(statement: SyntaxNode): readonly BoundImport[] {
  const [module, ...names] = namedChildren(statement);
  if (module === undefined) return [];
  return names
    .filter(({ kind }) => kind === "dotted_name" || kind === "aliased_import")
    .map((node) => ({ module: plain(module), ...aliased(node), style: "named" as const }));
}

function moduleImports(statement: SyntaxNode): readonly BoundImport[] {
  return namedChildren(statement)
    .filter(({ kind }) => kind === "dotted_name" || kind === "aliased_import")
    .map((node) => {
      const { name, local } = aliased(node);
      return { module: name, name: local, local, style: "module" as const };
    });
}

function aliased(node: SyntaxNode): { readonly name: string; readonly local: string } {
  const [name, alias] = node.kind === "aliased_import" ? namedChildren(node) : [node];
  return { name: plain(name), local: plain(alias ?? name) };
}

function scriptImports(statement: SyntaxNode, clause: SyntaxNode): readonly BoundImport[] {
  const source = statement.children.find(({ kind }) => kind === "string");
  const module = source?.tokens.slice(1, -1) ?? "";
  if (module === "") return [];
  return namedChildren(clause).flatMap((node): readonly BoundImport[] => {
    if (node.kind === "identifier") return [{ module, name: node.tokens, local: node.tokens, style: "default" }];
    if (node.kind === "namespace_import") {
      const local = plain(namedChildren(node)[0]);
      return [{ module, name: local, local, style: "module" }];
    }
    return namedChildren(node).map((specifier) => {
      const [name, alias] = namedChildren(specifier);
      return { module, name: plain(name), local: plain(alias ?? name), style: "named" as const };
    });
  });
}

function plain(node: SyntaxNode | undefined): string {
  return node?.tokens.replaceAll(" ", "") ?? "";
}
