import type { TreeFiles } from "../tree-files.ts";

const MANIFEST =
  /(^|\/)(requirements[\w.-]*\.(txt|in)|requirements\/[\w.-]+\.txt|pyproject\.toml|setup\.cfg|setup\.py|Pipfile|environment\.ya?ml)$/;
const NAME = /^[\s"'-]*(?<name>[A-Za-z][\w.-]*)(?<rest>\s*(\[|[<>=!~;@,"'#]|$))/;

/** Names of the distributions that the manifests of a repository ask for, as far as they can be read line by line. */
export async function pythonRequirements(files: TreeFiles): Promise<readonly string[]> {
  const paths = [...files.blobs.keys()].filter((path) => MANIFEST.test(path));
  const texts = await Promise.all(paths.map(async (path) => ({ path, text: (await files.text(path)) ?? "" })));
  const names = texts.flatMap(({ path, text }) =>
    path.endsWith(".txt") || path.endsWith(".in") ? lined(text) : listed(text),
  );
  return [...new Set(names.map((name) => name.toLowerCase()))].sort();
}

function lined(text: string): readonly string[] {
  return text
    .split("\n")
    .filter((line) => !/^\s*(#|-|$)/.test(line))
    .flatMap((line) => NAME.exec(line)?.groups?.name ?? []);
}

/** Dependencies stand in lists of strings, or as keys of a table called so. */
function listed(text: string): readonly string[] {
  const quoted = [
    ...text.matchAll(/(?:dependencies|install_requires|requires|extras_require|packages)[^[{\n]*[[{](?<list>[^\]}]*)/g),
  ];
  const fromLists = quoted.flatMap((found) =>
    [
      ...(found.groups?.list ?? "").matchAll(
        /["'](?<name>[A-Za-z][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?:[<>=!~;@][^"']*)?["']/g,
      ),
    ].map((one) => one.groups?.name ?? ""),
  );
  const tables = [
    ...text.matchAll(
      /^\[(?:tool\.poetry\.(?:[\w.-]+\.)?dependencies|packages|dev-packages)\]\n(?<body>(?:(?!\[).*\n?)*)/gm,
    ),
  ];
  const fromTables = tables.flatMap((found) =>
    [...(found.groups?.body ?? "").matchAll(/^["']?(?<name>[A-Za-z][\w.-]*)["']?\s*=/gm)].map(
      (one) => one.groups?.name ?? "",
    ),
  );
  return [...fromLists, ...fromTables].filter((name) => name !== "" && name !== "python" && name !== "setuptools");
}
