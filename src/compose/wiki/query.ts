import { commitFiles } from "../../adapters/git/system/commit-files.ts";
import { wikiFacts } from "../../briefs/wiki-facts.ts";
import { InputError } from "../../domain/step-failure.ts";
import { answerPage } from "../../domain/wiki/answer-page.ts";
import { textsFor } from "../../domain/wiki/choose-pages.ts";
import { answerShape, queryText, readAnswer, type WikiAnswer } from "../../domain/wiki/librarian.ts";
import { withIndexEntry, withLogEntry } from "../../domain/wiki/page-text.ts";
import { INDEX_PAGE, LOG_PAGE } from "../../domain/wiki/wiki-paths.ts";
import type { Watch } from "../../mill.ts";
import { askLibrarian } from "./ask-librarian.ts";
import { needWiki, onGround, secondsNow, type WikiGround, type WikiPlace } from "./place.ts";
import type { QueryEnd } from "./wiki-door.ts";

/**
 * Answers a question from the wiki of the commit that is checked out. Each statement has a quotation that the mill has found in its
 * page or file; what has none is listed apart. `file`: the answer becomes a page, in a commit of its own.
 * @throws InputError, StepFailure
 */
export async function queryWiki(
  question: string,
  { file }: { readonly file: boolean },
  place: WikiPlace,
  watch: Watch,
): Promise<QueryEnd> {
  if (question.trim() === "")
    throw new InputError(['A question is needed: millwright wiki query "how are prices rounded?"']);
  return onGround(place, async (ground) => {
    needWiki(ground);
    const { shown, left } = textsFor(
      question,
      await wikiFacts(ground.head.tree, ground.git),
      place.config.limits.wikiCharacters,
    );
    const told = {
      title: `wiki query: ${question.trim().slice(0, 80)}`,
      shape: answerShape,
      text: (problems: readonly string[]) => queryText(question, shown, problems),
      read: (reply: string) => readAnswer(reply, shown),
    };
    const said = await askLibrarian(told, place, ground, watch);
    const answer = { question: question.trim(), ...said, read: shown.map(({ path }) => path), left };
    if (!file) return answer;
    if (answer.statements.length === 0)
      throw new InputError(["Nothing is filed: no statement of the answer could be verified."]);
    return { ...answer, filed: await fileAnswer(answer, place, ground) };
  });
}

async function fileAnswer(answer: WikiAnswer, place: WikiPlace, { git, checkout, paths }: WikiGround) {
  const page = answerPage(answer, paths);
  const at = secondsNow(place);
  const commit = await commitFiles(checkout, git, {
    files: [
      { path: page.path, write: () => page.text },
      { path: INDEX_PAGE, write: (before) => withIndexEntry(before, page) },
      {
        path: LOG_PAGE,
        write: (before) =>
          withLogEntry(before, {
            at: at * 1000,
            kind: "query",
            title: page.title,
            lines: [`- [${page.title}](${page.path.replace(/^wiki\//, "")})`],
          }),
      },
    ],
    message: `wiki: file the answer to "${page.title}"`,
    at,
  });
  return { path: page.path, commit };
}
