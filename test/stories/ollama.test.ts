import { afterEach, describe, expect, test } from "vitest";
import { type OllamaServer, startOllamaServer } from "../kit/ollama-server.ts";
import { facts, refusalText, sandboxed, silent, type Told, within } from "../kit/story.ts";
import { approval, byTask, file, planWith, SUMS_CONFIG, sums, testOf } from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";

const NAMES = ["one", "two", "three"];
const MODELS = [
  { name: "maker:14b", bytes: 9e9 },
  { name: "judge:8b", bytes: 8e9 },
];

const plan = planWith(
  NAMES.map((name, at) => ({
    id: `T-${name}`,
    accept: { [`AC${at + 1}`]: `\`${name}(1)\` of \`src/${name}.js\` returns ${at + 2}` },
    files: [`src/${name}.js`],
    tests: [`test/${name}.test.js`],
    creates: [`src/${name}.js#${name}`],
  })),
);
const script = byTask(
  plan,
  Object.fromEntries(
    NAMES.map((name, at) => [
      `T-${name}`,
      {
        tester: [
          file(
            `test/${name}.test.js`,
            testOf(name, `AC${at + 1} adds ${at + 1}`, `assert.equal(${name}(1), ${at + 2});`),
          ),
        ],
        developer: [file(`src/${name}.js`, `export function ${name}(left) {\n  return left + ${at + 1};\n}`)],
        reviewer: [approval(`AC${at + 1}`)],
      },
    ]),
  ),
);

const open: { server: OllamaServer; target: Target }[] = [];
afterEach(async () => {
  for (const { server, target } of open.splice(0)) {
    await server.close();
    target.remove();
  }
});

/** A whole run whose two models share a memory that holds one of them. */
async function exclusiveRun(
  parallel: number,
  change: { readonly gpuBytes?: number; readonly more?: string } = {},
): Promise<{ server: OllamaServer; told: Told }> {
  const answer = async (request: object) => String(await script(request as never));
  const server = await startOllamaServer({ models: MODELS, gpuBytes: change.gpuBytes ?? 10e9, answer });
  const config = SUMS_CONFIG.replace(
    "default: mailbox",
    "default: ollama/maker:14b, reviewer: ollama/judge:8b, goal-checker: ollama/judge:8b",
  );
  const target = sums({
    "specs/more.md": "# More\n\nWe want more functions.\n",
    "millwright.yaml": `${config}parallel: ${parallel}\nservers: { ollama: { kind: ollama, url: "${server.url}", mode: exclusive ${change.more ?? ""} } }\n`,
  });
  open.push({ server, target });
  const told = await within(target, sandboxed(), async (mill) => {
    const end = await mill.run({ input: "specs/more.md" }, silent());
    return { ...end, entries: await mill.entries(end.run) };
  });
  return { server, told };
}

const models = (server: OllamaServer) => server.loads.map((load) => load.split(" ")[0]);

describe("two models in exclusive mode, through the whole mill", { timeout: 180_000 }, () => {
  test("one task at a time: the judge comes once a task, and no model is ever beside another", async () => {
    const { server, told } = await exclusiveRun(1);
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "landed")).toHaveLength(3);
    const [maker, judge] = ["maker:14b", "judge:8b"];
    expect(models(server)).toEqual([maker, judge, maker, judge, maker, judge]);
    expect(server.chats.every(({ beside }) => beside.length === 1)).toBe(true);
  });

  test("three tasks at once: all are made, then all are judged, with two loads in all", async () => {
    const { server, told } = await exclusiveRun(3);
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "landed")).toHaveLength(3);
    expect(models(server)).toEqual(["maker:14b", "judge:8b"]);
    const notices = facts(told, "notice").map(({ message }) => message);
    expect(notices).toContain("ollama loaded models 2 times (judge:8b 1, maker:14b 1)");
  });

  test("a model that stays split is told once with its numbers, and stops the run under strict", async () => {
    const small = await exclusiveRun(3, { gpuBytes: 8.5e9 });
    expect(small.told.outcome.kind, refusalText(small.told)).toBe("done");
    const notices = facts(small.told, "notice").filter(({ message }) => message.includes("split"));
    expect(notices.map(({ message }) => message)).toEqual([expect.stringContaining("8.5 of 9.0 GB (94 %)")]);

    const strict = await exclusiveRun(1, { gpuBytes: 8.5e9, more: ", residency: strict" });
    expect(strict.told.outcome.kind).not.toBe("done");
    expect(facts(strict.told, "step-failed").map(({ code }) => code)).toEqual(["model-split"]);
    expect(strict.server.chats).toEqual([]);
  });
});
