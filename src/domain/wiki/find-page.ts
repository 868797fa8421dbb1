import type { PageLink, WikiFacts, WikiPage } from "./wiki-page.ts";

/** The page that `[[name]]` means: by path, file name, title or alias, whatever their case. */
export function pageNamed(name: string, pages: readonly WikiPage[]): WikiPage | undefined {
  const wanted = plain(name.replace(/\.md$/, ""));
  const names = (page: WikiPage) => [
    page.path.replace(/\.md$/, ""),
    page.path.replace(/^wiki\//, "").replace(/\.md$/, ""),
    (page.path.split("/").at(-1) ?? "").replace(/\.md$/, ""),
    page.title,
    ...page.aliases,
  ];
  return pages.find((page) => names(page).some((one) => plain(one) === wanted));
}

/** The page that a link leads to, the page itself for a mere anchor; undefined for another file, and for none. */
export function pageOfLink(page: WikiPage, link: PageLink, { pages }: Pick<WikiFacts, "pages">): WikiPage | undefined {
  if (link.target === "") return page;
  return link.kind === "name" ? pageNamed(link.target, pages) : pages.find(({ path }) => path === link.target);
}

/** The anchors of a page's headings, as GitHub makes them; the second of two equal ones ends in `-1`. */
export function anchorsOf(page: WikiPage): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const { title } of page.sections) {
    const plainTitle = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replace(/\s/g, "-");
    let anchor = plainTitle;
    for (let number = 1; anchors.has(anchor); number++) anchor = `${plainTitle}-${number}`;
    anchors.add(anchor);
  }
  return anchors;
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s_-]+/g, " ")
    .trim();
}
