const TOOLS: readonly { readonly gate: "lint" | "types"; readonly tool: string; readonly file: RegExp }[] = [
  { gate: "lint", tool: "eslint", file: /(?:^|\/)(?:eslint\.config\.[cm]?[jt]s|\.eslintrc(?:\.[a-z]+)?)$/ },
  { gate: "lint", tool: "biome", file: /(?:^|\/)biome\.jsonc?$/ },
  { gate: "lint", tool: "oxlint", file: /(?:^|\/)\.oxlintrc\.json$/ },
  { gate: "lint", tool: "ruff", file: /(?:^|\/)\.?ruff\.toml$/ },
  { gate: "types", tool: "TypeScript", file: /(?:^|\/)tsconfig\.json$/ },
  { gate: "types", tool: "mypy", file: /(?:^|\/)\.?mypy\.ini$/ },
  { gate: "types", tool: "pyright", file: /(?:^|\/)pyrightconfig\.json$/ },
];

/** What `init` says of the linters and type checkers whose configs lie in the repository, one line a gate. */
export function toolNotes(paths: readonly string[]): readonly string[] {
  return (["lint", "types"] as const).map((gate) => {
    const found = TOOLS.filter((tool) => tool.gate === gate).flatMap(({ tool, file }) => {
      const path = paths.find((candidate) => file.test(candidate));
      return path === undefined ? [] : [`${tool} (${path})`];
    });
    if (found.length > 0) return `${gate}: the repository's own, ${found.join(", ")}`;
    return gate === "lint"
      ? "lint: no config found; oxlint and ruff's certain faults are used"
      : "types: no config found; the gate has nothing to say";
  });
}
