import { commitFiles } from "../../adapters/git/system/commit-files.ts";
import { withLogEntry } from "../../domain/wiki/page-text.ts";
import { FRESH_WIKI } from "../../domain/wiki/schema-text.ts";
import { LOG_PAGE } from "../../domain/wiki/wiki-paths.ts";
import { documentIn } from "./document.ts";
import { ingestIn } from "./ingest.ts";
import { lintIn } from "./lint.ts";
import { onGround, secondsNow, type WikiPlace } from "./place.ts";
import { queryWiki } from "./query.ts";
import type { Wiki, WikiInitEnd, WikiLoop } from "./wiki-door.ts";

/** Opens the wiki of a repository. Nothing is locked until something is asked of it. */
export function openWiki(place: WikiPlace, loop: WikiLoop): Wiki {
  return {
    init: () => loop.locked("wiki init", silent(), () => initIn(place)),
    lint: (options, watch) => loop.locked("wiki lint", watch, () => lintIn(options, place, loop, watch)),
    ingest: (source, watch) => loop.locked("wiki ingest", watch, () => ingestIn(source, place, loop, watch)),
    query: (question, options, watch) =>
      loop.locked("wiki query", watch, () => queryWiki(question, options, place, watch)),
    document: (options, watch) => loop.locked("document", watch, () => documentIn(options, place, loop, watch)),
  };
}

function silent() {
  return { entry: () => undefined, glimpse: () => undefined, signal: new AbortController().signal };
}

/** Writes what a wiki begins with, without touching what is there. */
async function initIn(place: WikiPlace): Promise<WikiInitEnd> {
  return onGround(place, async ({ git, checkout, paths }) => {
    const missing = FRESH_WIKI.filter(({ path }) => !paths.includes(path));
    if (missing.length === 0) return { written: [] };
    const at = secondsNow(place);
    const entry = { at: at * 1000, kind: "init", title: "The wiki begins" };
    const files = missing.map(({ path, text }) => ({
      path,
      write: () => (path === LOG_PAGE ? withLogEntry(text, entry) : text),
    }));
    const commit = await commitFiles(checkout, git, { files, message: "wiki: begin", at });
    return { written: missing.map(({ path }) => path), commit };
  });
}
