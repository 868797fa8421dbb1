import { matches } from "./paths.ts";

/**
 * Says which new paths the text of a `.gitignore` at the root leaves out: the last line that names a path decides. Of
 * git's rules, only escapes with a backslash are not known here.
 */
export function ignoredBy(text: string): (path: string) => boolean {
  const rules = text.split(/\r?\n/).flatMap(ruleOf);
  return (path) => {
    const last = rules.findLast(({ globs }) => matches(globs, path));
    return last?.ignores ?? false;
  };
}

interface Rule {
  readonly globs: readonly string[];
  readonly ignores: boolean;
}

function ruleOf(written: string): readonly Rule[] {
  const line = written.trim();
  if (line === "" || line.startsWith("#")) return [];
  const pattern = line.replace(/^!/, "");
  const path = pattern.replace(/^\//, "").replace(/\/$/, "");
  const anchored = path !== pattern.replace(/\/$/, "") || path.includes("/");
  const place = anchored ? path : `**/${path}`;
  return [{ globs: pattern.endsWith("/") ? [`${place}/**`] : [place, `${place}/**`], ignores: !line.startsWith("!") }];
}
