import { resolve } from "node:path";
import type { ResearchLook } from "../../../compose/research/research-door.ts";
import { didYouMean } from "../../../domain/nearest-word.ts";
import { GateType } from "../../../domain/research/gate-type.ts";
import { StageName } from "../../../domain/research/stage.ts";
import { STAGES } from "../../../domain/research/stages.ts";
import { InputError } from "../../../domain/step-failure.ts";
import { plainJson } from "../../../views/plain.ts";
import { EXIT } from "../exit-code.ts";
import { findRun } from "../find-run.ts";
import { lookText } from "../research-look.ts";
import { type Session, say, withMill } from "../session.ts";
import { whoIsHere } from "./approvals.ts";
import { pursueIn, type RequestOptions, requestOf } from "./run.ts";

/** Takes the design of a repository through its stages; what is wrong with both is told at once. */
export async function research(session: Session, dir: string, options: RequestOptions): Promise<number> {
  const { input: _input, ...words } = requestOf("research", options);
  const there = { ...session, dir: resolve(session.dir, dir) };
  const request = { ...words, dir: there.dir };
  let isOpen = false;
  try {
    return await withMill(there, (mill) => {
      isOpen = true;
      return pursueIn(mill, there, (_, watch) => mill.research(request, watch));
    });
  } catch (error) {
    if (isOpen || !(error instanceof InputError)) throw error;
    const { researchProblems } = await session.doors();
    throw new InputError([...new Set([...error.problems, ...(await researchProblems(request, session.config))])]);
  }
}

/** Writes a commented start of a design. */
export async function start(session: Session, name: string): Promise<number> {
  const { startResearch } = await session.doors();
  const paths = await startResearch(session.dir, name);
  if (session.json) say(session, plainJson({ written: paths }));
  else
    say(
      session,
      [
        ...paths.map((path) => `wrote    ${path}`),
        "next     say in them what you try and which models answer (millwright.yaml), commit, then: millwright research .",
      ].join("\n"),
    );
  return EXIT.done;
}

interface GateOptions {
  readonly run?: string;
  readonly by?: string;
}

/** Changes whose word lets a stage pass. */
export async function gate(session: Session, words: readonly string[], options: GateOptions): Promise<number> {
  const [stageWord = "", gateWord = ""] = words;
  const stage = StageName.safeParse(stageWord);
  const type = GateType.safeParse(gateWord);
  const problems = [
    ...(stage.success ? [] : [notOneOf("stage", stageWord, STAGES)]),
    ...(type.success ? [] : [notOneOf("gate type", gateWord, GateType.options)]),
  ];
  if (!stage.success || !type.success) throw new InputError(problems);
  const change = { stage: stage.data, gate: type.data, by: options.by ?? whoIsHere() };
  return withMill(session, async (mill) => {
    const run = options.run === undefined ? undefined : (await findRun(mill, options.run)).id;
    return tell(session, await mill.researchGate(run, change));
  });
}

function notOneOf(what: string, word: string, known: readonly string[]): string {
  return `There is no ${what} ${word}.${didYouMean(word, known) || ` There are: ${known.join(", ")}.`}`;
}

/** Where each stage stands. */
export async function status(session: Session, wanted: string | undefined): Promise<number> {
  return withMill(session, async (mill) => {
    const run = wanted === undefined ? undefined : (await findRun(mill, wanted)).id;
    return tell(session, await mill.researchLook(run));
  });
}

function tell(session: Session, look: ResearchLook): number {
  say(session, session.json ? plainJson(look) : lookText(look));
  return EXIT.done;
}
