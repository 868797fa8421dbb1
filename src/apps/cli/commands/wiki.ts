import type { WikiFinding } from "../../../domain/wiki/finding.ts";
import type { Mill, QueryEnd, RunEnd, Watch, WikiLintEnd } from "../../../mill.ts";
import { counted } from "../../../views/amounts.ts";
import { plainJson, plainLine } from "../../../views/plain.ts";
import { tellEnd } from "../ending.ts";
import { EXIT } from "../exit-code.ts";
import { follow } from "../follow.ts";
import { type Session, say, withMill } from "../session.ts";

export async function init(session: Session): Promise<number> {
  return withMill(session, async (mill) => {
    const end = await mill.wiki.init();
    if (session.json) say(session, plainJson(end));
    else if (end.commit === undefined) say(session, "The wiki is there already.");
    else
      say(
        session,
        [`${end.commit.slice(0, 10)}: the wiki begins`, ...end.written.map((path) => `+ ${path}`)].join("\n"),
      );
    return 0;
  });
}

interface LintFlags {
  readonly contradictions?: boolean;
  readonly fix?: boolean;
}

/** Shows what is wrong; exit code 1 when anything is left, 3 when a person is awaited because it is too much. */
export async function lint(session: Session, { contradictions, fix }: LintFlags): Promise<number> {
  return withMill(session, async (mill) => {
    const options = { contradictions: contradictions ? "ask" : "leave", mode: fix ? "fix" : "report" } as const;
    const end = await quietly(session, (watch) => mill.wiki.lint(options, watch));
    if (session.json) say(session, plainJson(end));
    else say(session, lintText(end, mill));
    if (end.waits) return EXIT.waiting;
    return end.findings.length > 0 && end.run?.outcome.kind !== "done" ? EXIT.stuck : 0;
  });
}

function lintText({ findings, fixed, commit, waits, run, unread, dropped }: WikiLintEnd, { config }: Mill): string {
  const most = config.limits.wikiFindings;
  return [
    ...findings.map(lineOf),
    ...fixed.map((finding) => plainLine(`put right: ${finding.path}:${finding.line} ${finding.kind}`, 300)),
    ...(commit === undefined ? [] : [`${commit.slice(0, 10)}: ${counted(fixed.length, "finding")} put right`]),
    ...(unread.length === 0 ? [] : [plainLine(`Not read for contradictions: ${unread.join(", ")}`, 600)]),
    ...(dropped === 0 ? [] : [`${counted(dropped, "contradiction")} left out: the quotations are not there.`]),
    findings.length === 0 && fixed.length === 0 ? "Nothing is wrong." : `${counted(findings.length, "finding")}.`,
    ...(waits ? [`More than ${most} (limits.wikiFindings): nothing is put right by itself.`] : []),
    ...(run === undefined ? [] : [plainLine(runLine(run), 300)]),
  ].join("\n");
}

function lineOf({ path, line, kind, message, quote, against }: WikiFinding): string {
  const quoted = against === undefined || quote === undefined ? "" : ` ("${quote}" / "${against.quote}")`;
  return plainLine(`${path}:${line} ${kind}: ${message}${quoted}`, 900);
}

function runLine({ run, outcome }: RunEnd): string {
  const where = outcome.kind === "done" ? `merge ${outcome.branch}` : `${outcome.kind}: ${outcome.reason}`;
  return `The documenter's run ${run}: ${where}`;
}

export async function ingest(session: Session, source: string): Promise<number> {
  return withMill(session, async (mill) => {
    const end = await follow(session, (watch) => mill.wiki.ingest(source, watch));
    if (!session.json) say(session, plainLine(`${end.source}, sha256 ${end.sha256}`, 300));
    return tellEnd(session, end, await mill.entries(end.run));
  });
}

export async function query(
  session: Session,
  question: string,
  { file }: { readonly file?: boolean },
): Promise<number> {
  return withMill(session, async (mill) => {
    const end = await quietly(session, (watch) => mill.wiki.query(question, { file: file ?? false }, watch));
    say(session, session.json ? plainJson(end) : answerText(end));
    return end.statements.length === 0 ? EXIT.stuck : 0;
  });
}

function answerText({ statements, unverified, unknown, left, filed }: QueryEnd): string {
  const told = statements.flatMap(({ text, citations }) => [
    plainLine(text, 2000),
    ...citations.map(({ path, line, quote }) => plainLine(`  ${path}:${line} "${quote}"`, 400)),
  ]);
  return [
    ...(told.length === 0 ? ["The wiki says nothing that could be verified."] : told),
    ...unknown.map((one) => plainLine(`not known: ${one}`, 400)),
    ...unverified.map((one) => plainLine(`left out, its quotation is not there: ${one}`, 400)),
    ...(left.length === 0 ? [] : [plainLine(`no room for: ${left.join(", ")}`, 600)]),
    ...(filed === undefined ? [] : [plainLine(`${filed.commit.slice(0, 10)}: filed as ${filed.path}`, 300)]),
  ].join("\n");
}

export async function document(session: Session, { since }: { readonly since?: string }): Promise<number> {
  return withMill(session, async (mill) => {
    const end = await follow(session, (watch) => mill.wiki.document({ since }, watch));
    if (end.kind === "nothing") {
      const reason = `nothing has changed since ${end.since}`;
      if (session.json)
        say(session, plainJson({ kind: "end", outcome: { kind: "done", branch: "" }, reason, exit: 0 }));
      else say(session, plainLine(`${reason}.`, 300));
      return 0;
    }
    if (!session.json && end.earlier !== undefined) say(session, plainLine(`Not read: ${end.earlier}`, 400));
    if (!session.json && end.unread.length > 0) say(session, plainLine(`Not read: ${end.unread.join(", ")}`, 1000));
    return tellEnd(session, end, await mill.entries(end.run));
  });
}

/** A question to a model is no run to be watched: its facts are in the journal. */
async function quietly<End>(session: Session, work: (watch: Watch) => Promise<End>): Promise<End> {
  return follow({ ...session, json: true }, (watch) => work({ ...watch, entry: () => undefined }));
}
