/** What a text declares for others: exports (or all top-level names of a script), their methods, Python functions and classes, routes. */
export function offeredNames(path: string, text: string): ReadonlySet<string> {
  if (path.endsWith(".py")) return new Set(pythonNames(text));
  const isScript = /\.[cm]?[jt]sx?$/.test(path);
  return new Set(isScript ? [...scriptNames(text), ...methodNames(text), ...routeNames(text)] : []);
}

const TOP_LEVEL =
  /^(export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\s*\*?|class|const|let|var|interface|type|enum)\s+([A-Za-z_$][\w$]*)/gm;

/** In a module only what it exports can be missed by others; in a script without exports, everything may be. */
function scriptNames(text: string): readonly string[] {
  const isModule = /^\s*export\b/m.test(text);
  const declared = [...text.matchAll(TOP_LEVEL)].filter((match) => !isModule || match[1] !== undefined);
  const listed = [...text.matchAll(/\bexport\s+(?:type\s+)?\{([^}]*)\}/g)].flatMap((match) =>
    (match[1] ?? "").split(",").map((item) => item.trim().split(/\s+/).at(-1) ?? ""),
  );
  const common = [...text.matchAll(/\bexports\.([A-Za-z_$][\w$]*)\s*=/g)].map((match) => match[1] ?? "");
  return [...declared.map((match) => match[2] ?? ""), ...listed, ...common].filter((name) => name !== "");
}

const KEYWORDS = /^(?:if|for|while|switch|catch|function|return|with|else|do|constructor|super|describe|it|test)$/;

/** Methods of classes and objects: one level of indentation, and a body. Private ones nobody else can call. */
function methodNames(text: string): readonly string[] {
  const found = text.matchAll(
    /^(?: {2}| {4}|\t)(?:(?:public|static|override|async|get|set)\s+)*([A-Za-z_$][\w$]*)\s*\([^()"'`]*\)\s*(?::[^={]+)?\{\s*$/gm,
  );
  return [...found].map((match) => match[1] ?? "").filter((name) => !KEYWORDS.test(name));
}

function routeNames(text: string): readonly string[] {
  const found = text.matchAll(/\.(get|post|put|patch|delete|use|route)\(\s*(["'`])(\/[^"'`\n]*)\2/g);
  return [...found].map((match) => `${match[1]} ${match[3]}`);
}

/** Functions, classes and methods, without those that a leading underscore declares private. */
function pythonNames(text: string): readonly string[] {
  const found = text.matchAll(/^(?: {4}|\t)?(?:async\s+)?(?:def|class)\s+([A-Za-z]\w*)/gm);
  const constants = text.matchAll(/^([A-Za-z]\w*)\s*(?::[^=\n]+)?=(?!=)/gm);
  return [...found, ...constants].map((match) => match[1] ?? "");
}
