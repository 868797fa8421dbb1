/** What `init --full` finds out about a repository without asking anybody; what goal files are first made from. */
export interface FoundProject {
  readonly name: string;
  /** What it says of itself, in one sentence; empty when it says nothing. */
  readonly purpose: string;
  /** Commands that prove something, like `npm test`, with what they prove. */
  readonly commands: readonly { readonly run: string; readonly proves: string }[];
  /** Top folders with what lies in them, the largest first. */
  readonly folders: readonly { readonly path: string; readonly files: number }[];
  /** Words that names of its code are made of, the most frequent first, each with a name and the file that offers it. */
  readonly words: readonly { readonly word: string; readonly name: string; readonly path: string }[];
  readonly hasWiki: boolean;
}

const PARTS = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g;
/** Parts of names that say nothing about what a project is about. */
const PLAIN =
  /^(?:get|set|is|has|to|of|from|with|by|and|or|the|a|an|in|on|for|new|make|create|add|remove|read|write|parse|format|default|options|option|props|type|types|error|errors|value|values|data|info|item|items|list|key|name|names|id|test|tests|index|main|util|utils|helper|helpers|base|common|handler|manager|service|impl|fn|cb|self|this|string|number|boolean|object|array|map|result|config|context|state|file|files|path|paths|all|any|no|not|use|run|do|on|async|sync|init|version|export|exports|module)$/;

/** The words of a project, from the names that its files offer; a word counts once a name. */
export function wordsIn(
  names: readonly { readonly name: string; readonly path: string }[],
  most: number,
): FoundProject["words"] {
  const found = new Map<string, { count: number; name: string; path: string }>();
  for (const { name, path } of names)
    for (const word of new Set((name.match(PARTS) ?? []).map((part) => part.toLowerCase()))) {
      if (word.length < 3 || PLAIN.test(word)) continue;
      const known = found.get(word);
      if (known) known.count += 1;
      else found.set(word, { count: 1, name, path });
    }
  return [...found]
    .filter(([, { count }]) => count > 1)
    .sort(([one, a], [other, b]) => b.count - a.count || (one < other ? -1 : 1))
    .slice(0, most)
    .map(([word, { name, path }]) => ({ word, name, path }));
}

/** Top-level names that a source file offers, as far as its lines show them: JavaScript, TypeScript, Python. */
export function offeredIn(path: string, text: string): readonly { readonly name: string; readonly path: string }[] {
  const pattern = path.endsWith(".py")
    ? /^(?:class|def)\s+([A-Za-z][\w]*)/gm
    : /^(?:module\.)?exports\.([A-Za-z_$][\w$]*)\s*=|^export\s+(?:default\s+)?(?:abstract\s+|async\s+)?(?:class|interface|type|function\*?|const|enum)\s+([A-Za-z_$][\w$]*)/gm;
  return [...text.matchAll(pattern)].map(([, one, other]) => ({ name: one ?? other ?? "", path }));
}
