import { counted } from "../../../views/amounts.ts";
import { plainJson, plainLine } from "../../../views/plain.ts";
import { type Session, say, withMill } from "../session.ts";

/** How well code is found by words, and by words with vectors, on the repository's own history. */
export async function indexBench(session: Session): Promise<number> {
  return withMill(session, async (mill) => {
    const { verdict, text } = await mill.benchIndex((what) =>
      session.terminal.stderr.write(`${plainLine(what, 200)}\n`),
    );
    if (session.json) {
      say(session, plainJson(verdict));
      return 0;
    }
    const { indexed, files, parts, ways } = verdict;
    const queries = ways[0]?.scores.queries ?? 0;
    const head = `${counted(queries, "commit subject")} after ${indexed.slice(0, 10)}, ${counted(files, "file")} in ${counted(parts, "part")}`;
    const rows = ways.map(({ name, scores: { hit5, hit10, mrr } }) =>
      plainLine(`${name.padEnd(20)}${[hit5, hit10, mrr].map(shareText).join("  ")}`, 200),
    );
    const title = `${"".padEnd(20)}${["hit@5", "hit@10", "MRR"].map((name) => name.padEnd(20)).join("  ")}`;
    say(session, [head, "", title.trimEnd(), ...rows, "", plainLine(text, 300)].join("\n"));
    return 0;
  });
}

function shareText({ value, low, high }: { value: number; low: number; high: number }): string {
  return `${value.toFixed(3)} (${low.toFixed(3)}-${high.toFixed(3)})`.padEnd(20);
}
