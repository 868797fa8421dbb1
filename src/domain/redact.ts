const GONE = "[redacted]";

/** A value that is a placeholder, a variable or a word of a program is no secret. */
const HARMLESS =
  /^(?:$|\[redacted\]?|<[^>]*>|\$\{?\w+\}?|%\w+%|\*+|x{3,}|null|none|undefined|true|false|string|str|number|bool(?:ean)?|required|missing|changeme|process\.env\b.*|os\.environ\b.*|import\.meta\b.*|self\..*|this\..*)$/i;

/** Names whose value opens a door. */
const SECRET_NAME =
  /(?:pass(?:word|wd|phrase|code)?|secret|token|(?:api|access|private|auth|signing|encryption|account|storage)[_.-]?key|credentials?|connection[_.-]?string|dsn)(?:[_.-]?(?:id|key|value|hash|base|\d+))?$/i;

interface Pattern {
  readonly finds: RegExp;
  readonly with: (found: string, ...groups: readonly string[]) => string;
}

/** Forms that are a secret wherever they stand. */
const TOKENS: readonly RegExp[] = [
  /\bsk-(?:ant-|proj-|or-|live-|test-)?[A-Za-z0-9_-]{16,}/g,
  /\b(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{10,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\bpypi-[A-Za-z0-9_-]{20,}/g,
  /\bhf_[A-Za-z0-9]{20,}/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  /\bAIza[A-Za-z0-9_-]{30,}/g,
  /\bya29\.[A-Za-z0-9_-]{20,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/g,
  /\bdop_v1_[a-f0-9]{32,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
];

const PATTERNS: readonly Pattern[] = [
  {
    finds:
      /-----BEGIN ([A-Z0-9 ]*(?:PRIVATE KEY|CERTIFICATE|KEY BLOCK|PRIVATE KEY BLOCK))-----[\s\S]*?(?:-----END \1-----|$)/g,
    with: (_found, kind = "") => `-----BEGIN ${kind}-----\n${GONE}\n-----END ${kind}-----`,
  },
  {
    finds: /\b([a-z][a-z0-9+.-]*:\/\/)([^\s/?#@"'`]*):([^\s/?#"'`]*)@/gi,
    with: (_found, scheme = "", user = "") => `${scheme}${user}:${GONE}@`,
  },
  {
    finds: /([?&](?:[a-z0-9]+[_-])*(?:token|key|secret|password|sig|signature|code)=)([^&\s"'`#]+)/gi,
    with: (_found, name = "") => `${name}${GONE}`,
  },
  {
    finds: /\b(authorization["']?\s*[:=]\s*["']?(?:(?:bearer|basic|token|digest)\s+)?)([^\s"',;]+)/gi,
    with: (_found, name = "") => `${name}${GONE}`,
  },
  { finds: /\b(bearer\s+)([A-Za-z0-9._~+/-]{12,}=*)/gi, with: (_found, name = "") => `${name}${GONE}` },
  {
    finds: /\b((?:set-)?cookie["']?\s*:\s*)([^\n]+)/gi,
    with: (_found, name = "") => `${name}${GONE}`,
  },
  {
    // Every part is bounded, so that no text takes longer than its length.
    finds:
      /(?<![\w.-])(["']?([A-Za-z_][\w.-]{0,80})["']?[ \t]{0,4}(?:=(?![=>])|:(?!:))[ \t]{0,4})("[^"\n]{0,4000}"|'[^'\n]{0,4000}'|[^\s"',;)}\]]{1,4000})/g,
    with: (found, before = "", name = "", value = "") =>
      SECRET_NAME.test(name) ? keptName(found, before, value) : found,
  },
];

function keptName(found: string, name: string, value: string): string {
  const quote = /^["']/.exec(value)?.[0] ?? "";
  const bare = quote === "" ? value : value.slice(1, -1);
  if (HARMLESS.test(bare) || (quote === "" && /^[A-Za-z_][\w.]*\(/.test(bare))) return found;
  return `${name}${quote}${GONE}${quote}`;
}

/** `NAME=value` alone on its line, as in an environment file: nobody knows which of them are secret. */
const ENVIRONMENT_LINE = /^([ \t]*(?:export[ \t]+)?[A-Z][A-Z0-9]*_[A-Z0-9_]+=)(\S.*)$/gm;

/**
 * A text without what opens doors: keys and tokens by their form, values of names that say so, passwords in addresses,
 * environment lines, private keys. The names stay, so that one can see what was there. Doing it twice changes nothing more.
 */
export function redact(text: string): string {
  const known = PATTERNS.reduce((left, { finds, with: put }) => left.replace(finds, put), text);
  const formless = TOKENS.reduce((left, finds) => left.replace(finds, GONE), known);
  return formless.replace(ENVIRONMENT_LINE, (found, name: string, value: string) =>
    HARMLESS.test(value.replace(/^["']|["']$/g, "")) || value.includes(GONE) ? found : `${name}${GONE}`,
  );
}
