/** A program that speaks with the house of a remote: GitHub's or GitLab's. */
export const FORGES = ["gh", "glab"] as const;
export type Forge = (typeof FORGES)[number];

/** A pull request as it shall be. */
export interface PullRequest {
  /** Branch that is pushed: `loop/<plan>`. */
  readonly head: string;
  /** Branch that it is for; absent: the forge's default. */
  readonly base?: string | undefined;
  readonly title: string;
  readonly draft: boolean;
  /** File that holds the body. */
  readonly bodyFile: string;
}

/** One that is there already. */
export interface OpenPullRequest {
  readonly number: number;
  readonly url: string;
}

/** The program that a remote's address calls for; undefined: the address does not say. */
export function forgeOf(url: string): Forge | undefined {
  const [, host = ""] = /^(?:[a-z+]+:\/\/)?(?:[^@/]*@)?([^:/]+)/i.exec(url) ?? [];
  if (/(^|[.])github[.]|^github$/i.test(host)) return "gh";
  return /gitlab/i.test(host) ? "glab" : undefined;
}

/** The words that ask for the open request of a branch, as a JSON list. */
export function listWords(forge: Forge, head: string): readonly string[] {
  if (forge === "gh") return ["pr", "list", "--head", head, "--state", "open", "--json", "number,url"];
  return ["api", `projects/:fullpath/merge_requests?state=opened&source_branch=${encodeURIComponent(head)}`];
}

/** The open request in what `listWords` was answered with; undefined: none. @throws Error when that is no list */
export function openIn(forge: Forge, text: string): OpenPullRequest | undefined {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) throw new Error("no list");
  const [first] = list as readonly Record<string, unknown>[];
  if (first === undefined) return undefined;
  return forge === "gh"
    ? { number: Number(first.number), url: String(first.url) }
    : { number: Number(first.iid), url: String(first.web_url) };
}

/** The words that tell a request's title, text and talk. Away from a terminal, gh tells the talk without the rest. */
export function viewWords(forge: Forge, number: string): readonly (readonly string[])[] {
  if (forge === "glab") return [["mr", "view", number, "--comments"]];
  return [
    ["pr", "view", number],
    ["pr", "view", number, "--comments"],
  ];
}

/** The words that tell what a request changes. */
export function diffWords(forge: Forge, number: string): readonly string[] {
  return [forge === "gh" ? "pr" : "mr", "diff", number];
}

/** The words that make a request. The body is read from its file. */
export function createWords(forge: Forge, { head, base, title, draft, bodyFile }: PullRequest): readonly string[] {
  if (forge === "gh")
    return [
      ...["pr", "create", "--head", head, "--title", title, "--body-file", bodyFile],
      ...(base === undefined ? [] : ["--base", base]),
      ...(draft ? ["--draft"] : []),
    ];
  return [
    ...["api", "--method", "POST", "projects/:fullpath/merge_requests"],
    ...["--raw-field", `source_branch=${head}`, "--raw-field", `target_branch=${base ?? "main"}`],
    ...["--raw-field", `title=${draft ? "Draft: " : ""}${title}`, "--field", `description=@${bodyFile}`],
  ];
}

/** The words that bring a request up to date. */
export function updateWords(forge: Forge, found: OpenPullRequest, wanted: PullRequest): readonly string[] {
  const { title, draft, bodyFile } = wanted;
  if (forge === "gh") return ["pr", "edit", String(found.number), "--title", title, "--body-file", bodyFile];
  return [
    ...["api", "--method", "PUT", `projects/:fullpath/merge_requests/${found.number}`],
    ...["--raw-field", `title=${draft ? "Draft: " : ""}${title}`, "--field", `description=@${bodyFile}`],
  ];
}

/** The address of a request in what `createWords` was answered with. */
export function urlIn(text: string): string | undefined {
  const fromJson = /"web_url"\s*:\s*"([^"]+\/merge_requests\/\d+)"/.exec(text)?.[1];
  return fromJson ?? /https?:\/\/\S+/.exec(text)?.[0];
}
