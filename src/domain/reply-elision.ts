const LONGEST = 200;
const LEADER = /^(\/\/|#|\/\*+|<!--|--|\*|;|%|\{\s*\/\*|"""|''')\s*/;
const TRAILER = /\s*(\*\/\s*\}?|-->|"""|''')\s*$/;

/** What stands for left-out code, once comment signs and dots are gone. */
const PHRASES: readonly RegExp[] = [
  /^(and )?(the )?(rest|remainder)( of (the |this |your )?[\w./-]+( \w+)?)?( (is|are|remains?|stays?|unchanged|here|omitted|as before|the same|below|above|goes))*$/,
  /^(your |the |all |other |previous |original )*(existing|remaining|previous|unchanged|original|other) (code|imports?|methods?|functions?|tests?|content|lines|implementation|cases|fields|props|routes|styles|logic|exports?|definitions?)( (here|is|are|remains?|stays?|unchanged|omitted|as before|the same|above|below|goes|continues?))*$/,
  /^(code|file|everything else|content|implementation|all else)? ?(is |remains |stays )?(unchanged|omitted|same as (before|above)|as before)( for brevity)?$/,
  /^(keep|leave) (the )?(existing|rest|remaining|other|original)( \w+){0,4}$/,
  /^(truncated|snip|omitted|elided|unchanged)$/,
];

/**
 * True when the line stands for code that was left out: `// ... existing code`, `# rest unchanged`. A bare `...` is
 * Python and is left alone; in prose files only dots with such a phrase count.
 */
export function isElision(line: string, file: "code" | "prose"): boolean {
  if (line.length > LONGEST) return false;
  const trimmed = line.trim();
  const commented = LEADER.test(trimmed);
  const body = trimmed.replace(TRAILER, "").replace(LEADER, "").trim().toLowerCase();
  const words = body.replace(/^[[(\s.…]+/, "").replace(/[\s.…:)\]]+$/, "");
  // `...rest` and `...existing` are spreads: without a comment, dots count only apart from the words.
  const dotted = commented
    ? /\.{3}|…/.test(body)
    : /^[[(]?\s*(\.{3}|…)[\s[(]/.test(body) || /\w\s(\.{3}|…)$/.test(body);
  if (file === "prose") return dotted && !commented && isPhrase(words);
  if (commented && words === "") return dotted;
  return (commented || dotted) && isPhrase(words);
}

function isPhrase(words: string): boolean {
  return words !== "" && PHRASES.some((phrase) => phrase.test(words));
}

/** True for files in which fences and dots are text. */
export function isProse(path: string): boolean {
  return /\.(md|mdx|markdown|rst|txt|adoc)$/i.test(path);
}
