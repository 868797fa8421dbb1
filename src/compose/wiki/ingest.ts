import { digestOf } from "../../domain/digest.ts";
import { redact } from "../../domain/redact.ts";
import { InputError } from "../../domain/step-failure.ts";
import { timeText } from "../../domain/time-text.ts";
import { reasonText } from "../../domain/wiki/plain-words.ts";
import { SOURCES_FOLDER } from "../../domain/wiki/wiki-paths.ts";
import type { Watch } from "../../mill.ts";
import { pursueDocs } from "./docs-run.ts";
import { needWiki, onGround, secondsNow, type WikiGround, type WikiPlace } from "./place.ts";
import { pullRequestIn, readPullRequest } from "./read-pull-request.ts";
import { type ReadSource, readSource } from "./read-source.ts";
import type { IngestEnd, WikiLoop } from "./wiki-door.ts";

/**
 * Keeps a source unchanged under `wiki/sources/`, in a commit of the mill's own, and lets the documenter make pages of it on top.
 * @throws InputError when it cannot be read, or was ingested before
 */
export async function ingestIn(source: string, place: WikiPlace, loop: WikiLoop, watch: Watch): Promise<IngestEnd> {
  const request = pullRequestIn(source);
  const read = await (request === undefined
    ? readSource(source, place.root, place.config)
    : readPullRequest(request, place.root, place.config));
  const sha256 = digestOf(read.text);
  const kept = await onGround(place, (ground) => keepSource(read, sha256, place, ground));
  const { text, cut } = shownPart(read.text, place.config.limits.wikiCharacters);
  const title = reasonText(`Ingest ${read.name}`, 100);
  const run = await pursueDocs(
    {
      name: "ingest",
      title,
      purpose: `${kept.path} is a new source of the wiki. Make pages of what it says that matters for this project: extend those that are there, begin new ones for new concepts, and link them. Where it says something else than a page, say both and which source says so. Every page that takes something from it has in its front matter\n\nsources:\n  - ${kept.path} sha256:${sha256}`,
      shown: `${cut}\n~~~~\n${redact(text)}\n~~~~`,
      accept: [
        `A page of the wiki has the source in its front matter, with its sha256`,
        "The pages say only what the source or the code says",
      ],
      base: kept.commit,
      body: `## What was read\n\n- \`${kept.path}\`, sha256 ${sha256}, from ${reasonText(redact(read.from), 200)}${cut === "" ? "" : `\n\n## What was not read\n\n${cut}`}`,
    },
    place,
    loop,
    watch,
  );
  return { ...run, source: kept.path, sha256 };
}

/** A commit on top of the one that is checked out, which no branch names yet: the run's own will. */
async function keepSource(read: ReadSource, sha256: string, place: WikiPlace, ground: WikiGround) {
  needWiki(ground);
  const { git, head, paths } = ground;
  const at = secondsNow(place);
  const blob = await git.writeBlob(read.text);
  const known = (await git.list(head.tree)).find((file) => file.path.startsWith(SOURCES_FOLDER) && file.blob === blob);
  if (known !== undefined)
    throw new InputError([`This source is in the wiki already: ${known.path} (sha256 ${sha256}).`]);
  const path = freePath(`${SOURCES_FOLDER}${timeText(at * 1000).slice(0, 10)}-${read.name}`, paths);
  const tree = await git.layOver(head.tree, [{ path, blob, mode: "100644" }]);
  const message = `wiki: keep the source ${path}\n\nsha256: ${sha256}\n`;
  const commit = await git.commit({ tree, parents: [head.commit], message, at });
  await git.keep(`wiki/${sha256.slice(0, 12)}`, commit);
  return { path, commit };
}

function freePath(path: string, taken: readonly string[]): string {
  let free = path;
  for (let number = 2; taken.includes(free); number++) free = path.replace(/(\.[^.]+)$/, `-${number}$1`);
  return free;
}

function shownPart(text: string, most: number): { text: string; cut: string } {
  if (text.length <= most) return { text, cut: "" };
  return { text: text.slice(0, most), cut: `Only the first ${most} of ${text.length} characters are shown.` };
}
