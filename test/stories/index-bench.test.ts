import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type OllamaServer, startOllamaServer } from "../kit/ollama-server.ts";
import { within } from "../kit/story.ts";
import { SUMS_CONFIG, sums } from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";

const CONCEPTS = 24;
/** What people call a thing in a commit, and what the code calls it: no word in common. */
const people = (concept: number) =>
  `thing ${"abcdefghijklmnopqrstuvwx"[concept]}${"zyxwvutsrqponmlkjihgfedc"[concept]}people`;
const code = (concept: number) => `item${"abcdefghijklmnopqrstuvwx"[concept]}code`;

let closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
});

/** A repository whose commits speak of the code in other words than the code does. */
function history(commits: number, config: string): Target {
  const files = Object.fromEntries(
    Array.from({ length: CONCEPTS }, (_, one) => [
      `src/part${one}.js`,
      `/** Does it. */\nexport function ${code(one)}() {\n  return 0;\n}\n`,
    ]),
  );
  const target = sums({ ...files, "millwright.yaml": config });
  closing.push(() => target.remove());
  for (let at = 0; at < commits; at += 1) {
    const one = at % CONCEPTS;
    target.write(`src/part${one}.js`, `/** Does it. */\nexport function ${code(one)}() {\n  return ${at + 1};\n}\n`);
    target.git("commit", "--quiet", "--all", `--message=Mend the ${people(one)}`);
  }
  return target;
}

/** One direction for each concept, whichever words it is called by. */
const good = (text: string) =>
  Array.from({ length: CONCEPTS }, (_, one) => (text.includes(code(one)) || text.includes(people(one)) ? 1 : 0.01));
/** The same for every text. */
const bad = () => [1, 1, 1];

async function server(embed?: (text: string) => readonly number[]): Promise<OllamaServer> {
  const started = await startOllamaServer({ models: [], ...(embed === undefined ? {} : { embed }) });
  closing.push(() => started.close());
  return started;
}

const configOf = ({ url }: Pick<OllamaServer, "url">) =>
  `${SUMS_CONFIG}servers: { ollama: { kind: ollama, url: "${url}" } }\nembeddings: ollama/stand-in\n`;
const bench = (target: Target) => within(target, {}, (mill) => mill.benchIndex(() => undefined));
const vectors = async (target: Target) => {
  const { layers } = await within(target, {}, (mill) => mill.memory());
  return layers.find(({ name }) => name === "project index")?.notes.join("\n");
};

describe("index bench", () => {
  it("finds that good vectors help where commits and code use other words, and memory says so", async () => {
    const target = history(60, configOf(await server(good)));
    expect(await vectors(target)).toContain("off until `millwright index bench`");
    const { verdict } = await bench(target);
    expect(verdict.verdict.kind).toBe("better");
    expect(verdict.ways.map(({ name }) => name)).toEqual(["words", "vectors", "words and vectors"]);
    expect(verdict.ways[1]?.scores.mrr.value).toBe(1);
    expect(await vectors(target)).toMatch(/vectors: on, words and ollama\/stand-in together find more/);
  });

  it("finds that bad vectors do not help, and they stay off", async () => {
    const target = history(60, configOf(await server(bad)));
    expect((await bench(target)).verdict.verdict.kind).toBe("not-better");
    expect(await vectors(target)).toMatch(/vectors: off, .* do not find more/);
  });

  it("concludes nothing from fewer than thirty commits, and nothing without a history", async () => {
    const target = history(30, configOf(await server(good)));
    expect((await bench(target)).verdict.verdict).toEqual({ kind: "too-few", queries: 20, needed: 30 });
    expect(await vectors(target)).toContain("conclude nothing");
    const fresh = sums();
    closing.push(() => fresh.remove());
    await expect(bench(fresh)).rejects.toThrow(/too little history/);
    // Commits that change no code: a table of noughts would look like a result.
    for (const at of [1, 2, 3, 4]) {
      fresh.write("notes.txt", `${at}`);
      fresh.git("add", "notes.txt");
      fresh.git("commit", "--quiet", `--message=Note the number ${at}`);
    }
    await expect(bench(fresh)).rejects.toThrow(/nothing to ask about/);
  });

  it("measures words alone without a model, and says so", async () => {
    const { verdict, text } = await bench(history(45, SUMS_CONFIG));
    expect(verdict.verdict).toEqual({ kind: "no-model" });
    expect(text).toContain("words alone");
  });

  it("fails aloud when the model is not there, and takes nothing but an Ollama server's model", async () => {
    await expect(bench(history(45, configOf(await server())))).rejects.toThrow(/\/api\/embed answers: .*not found/);
    const target = history(3, `${SUMS_CONFIG}embeddings: openai/text-embedding-3-small\n`);
    await expect(bench(target)).rejects.toThrow(/no model of an Ollama server/);
    const far = `${SUMS_CONFIG}network: local-only\nservers: { ollama: { kind: ollama, url: "http://192.0.2.1:11434" } }\nembeddings: ollama/x\n`;
    await expect(bench(history(45, far))).rejects.toThrow(/local-only|refused/);
  });

  it("asks for the vectors of what has changed, and of nothing else; a broken index is made anew", async () => {
    const asked: string[] = [];
    const heard = (text: string) => {
      asked.push(text);
      return good(text);
    };
    const target = history(60, configOf(await server(heard)));
    await bench(target);
    const documents = () => asked.splice(0).filter((text) => !text.startsWith("Mend")).length;
    expect(documents()).toBeGreaterThan(CONCEPTS - 1);
    await bench(target);
    expect(documents()).toBe(0);
    const files = join(target.dir, ".millwright/cache/index/files.jsonl");
    writeFileSync(files, readFileSync(files, "utf8").slice(0, -40));
    expect(await vectors(target)).toContain("was broken");
    expect(await vectors(target)).not.toContain("was broken");
    const kept = join(target.dir, ".millwright/cache/index/vectors-ollama-stand-in.jsonl");
    writeFileSync(kept, readFileSync(kept, "utf8").replace(/AA/, "BB"));
    await bench(target);
    expect(documents()).toBeGreaterThan(CONCEPTS - 1);
  });
});
