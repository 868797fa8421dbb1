/** What is behind a failure, as far as its text says. */
export const CATEGORIES = [
  "command-missing",
  "python-module-missing",
  "node-module-missing",
  "permission",
  "path",
  "timeout",
  "assertion",
  "unknown",
] as const;
export type Category = (typeof CATEGORIES)[number];

export interface Recognised {
  readonly category: Category;
  /** Share of texts recognised by this rule that were labelled so, 0 to 1, as `bench/classifier.mjs` measured it. */
  readonly confidence: number;
  /** Name of the rule that recognised it. */
  readonly by: string;
}

interface TextRule {
  readonly name: string;
  readonly category: Category;
  readonly confidence: number;
  readonly patterns: readonly RegExp[];
}

/**
 * In this order, the first that matches wins: an assertion that failed before the words in what it compared or what was logged,
 * then a named cause before its consequences. The confidences are measured, not chosen: change a rule, run the bench.
 */
const RULES: readonly TextRule[] = [
  {
    name: "assertion",
    category: "assertion",
    confidence: 0.92,
    patterns: [
      /^(?:E\s+)?(?:[\w.]*\.)?AssertionError\b/m,
      /\bAssertionError(?: \[ERR_ASSERTION\])?:/,
      /^E\s+assert /m,
      /\bERR_ASSERTION\b/,
      /^E\s+Failed: DID NOT RAISE/m,
    ],
  },
  {
    name: "python module",
    category: "python-module-missing",
    confidence: 0.89,
    patterns: [
      /^(?:E\s+)?ModuleNotFoundError: No module named/m,
      /^(?:\S*python[\d.]*(?:\.exe)?: )?(?:Error while finding module specification|No module named \S+$)/m,
      /\bpython[\d.]*: No module named /,
    ],
  },
  {
    name: "node module",
    category: "node-module-missing",
    confidence: 0.89,
    patterns: [
      /Cannot find (?:module|package) ['"](?![./]|[A-Za-z]:[\\/]|file:)[^'"]+['"]/,
      /Failed to resolve import ['"](?![./])[^'"]+['"]/,
      /Failed to load url (?![./])\S+ \(resolved id/,
    ],
  },
  {
    name: "command",
    category: "command-missing",
    confidence: 0.91,
    patterns: [
      /^(?:\S+: )?(?:line )?(?:\d+: )?(?:[^\s:]+: )?command not found(?:: \S+)?$/m,
      /^(?:\S+: )?(?:line )?\d+: [^\s:]+: (?:command )?not found$/m,
      /\b(?:spawn|spawnSync) \S+ ENOENT\b/,
      /^(?:\/usr\/bin\/)?env: .{1,80}: No such file or directory$/m,
      /^(?:g?make(?:\[\d+\])?): [^\s:/]+: No such file or directory$/m,
      /bad interpreter: No such file or directory/,
      /_execute_child[\s\S]*^(?:E\s+)?FileNotFoundError: /m,
      /is not recognized as an internal or external command/,
      /^(?:timeout|nohup|nice|xargs|time|sudo|stdbuf|setsid)(?:: failed to (?:run command|execute))?[ :].{1,80}: No such file or directory$/m,
    ],
  },
  {
    name: "permission",
    category: "permission",
    confidence: 0.9,
    patterns: [
      /^(?:E\s+)?PermissionError: /m,
      /\b(?:Error: )?(?:EACCES|EPERM): (?:permission denied|operation not permitted)/,
      /: (?:Permission denied|Operation not permitted|Read-only file system)$/m,
      /\bspawn \S+ EACCES\b/,
      /\bEROFS: read-only file system/,
    ],
  },
  {
    name: "path",
    category: "path",
    confidence: 0.94,
    patterns: [
      /^(?:E\s+)?(?:FileNotFoundError|NotADirectoryError|IsADirectoryError): /m,
      /\b(?:ENOENT: no such file or directory|ENOTDIR: not a directory|EISDIR: illegal operation)/,
      /: (?:No such file or directory|Not a directory|Is a directory)$/m,
      /Cannot find (?:module|package) ['"](?:[./]|[A-Za-z]:[\\/]|file:)/,
      /Failed to resolve import ['"][./]/,
      /\berror TS(?:5083|6053|18003|5058|5057)\b/,
      /\bcan't open file '[^']*': \[Errno 2\]/,
      /^ERROR: file or directory not found: /m,
    ],
  },
  {
    name: "timeout",
    category: "timeout",
    confidence: 0.89,
    patterns: [
      /^(?:E\s+)?(?:[\w.]*\.)?(?:TimeoutError|TimeoutExpired|ReadTimeout|ConnectTimeout)\b/m,
      /\b(?:Test|Hook) timed out in \d+\s?ms\b/,
      /\b(?:ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_(?:CONNECT|HEADERS)_TIMEOUT)\b/,
      /^\+{5,} Timeout \+{5,}$/m,
      /\btest timed out after \d+\s?ms\b/,
      /\bThe operation was aborted due to timeout\b/,
      /\b(?:Connection|Operation|Resolving|Request) timed out\b/i,
      /\bdid not end within its time limit\b/,
    ],
  },
  {
    name: "failed test",
    category: "assertion",
    confidence: 0.8,
    patterns: [
      /^\s*(?:Tests|Test Files)\s+.*\b[1-9]\d* failed\b/m,
      /^(?:=+ )?[1-9]\d* failed\b.* in [\d.]+s/m,
      /^FAILED \S+::/m,
      /^FAILED \((?:failures|errors)=\d+/m,
      /^(?:#|ℹ) fail [1-9]\d*$/m,
      /^not ok \d+/m,
    ],
  },
  {
    name: "words",
    category: "timeout",
    confidence: 0.5,
    patterns: [/\btimed out\b/i],
  },
];

/** Confidence of `unknown`: how often what no rule recognises was labelled so. */
const NOTHING = 0.94;

/** The category of a failure's output. What no rule recognises is `unknown`, never the nearest guess. */
export function recognise(text: string): Recognised {
  const found = RULES.find(({ patterns }) => patterns.some((pattern) => pattern.test(text)));
  if (found === undefined) return { category: "unknown", confidence: NOTHING, by: "nothing" };
  return { category: found.category, confidence: found.confidence, by: found.name };
}
