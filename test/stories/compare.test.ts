import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { RUBRIC } from "../../src/domain/rubric.ts";
import { InputError } from "../../src/domain/step-failure.ts";
import type { CompareEnd, CompareRequest } from "../../src/mill.ts";
import { available } from "../kit/available.ts";
import { type ModelServer, startModelServer } from "../kit/model-server.ts";
import type { SeenRequest } from "../kit/seen-request.ts";
import { sandboxed, silent, within } from "../kit/story.ts";
import { file, SUBTRACT_PLAN, SUMS_CONFIG, subtracting, sums } from "../kit/sums.ts";
import { possessions, type Target } from "../kit/target.ts";
import { wholeCli } from "../kit/whole-cli.ts";

const LISTED = ["quick-7b", "slow-7b", "lost-7b", "boss-70b", "critic-70b", "umpire-70b", "acme/quick-7b"];
const MODELS = ["local/quick-7b", "local/slow-7b", "local/lost-7b"];

const WRONG = file("src/subtract.js", "export function subtract(left, right) {\n  return left + right;\n}");
const ROUNDABOUT = file(
  "src/subtract.js",
  "export function subtract(left, right) {\n  const result = left - right;\n  return result;\n}",
);

/** Right at once, right at the second try, never. */
const MAKERS: Readonly<Record<string, Script>> = {
  "slow-7b": subtracting({ developer: [WRONG, ROUNDABOUT] }),
  "lost-7b": subtracting({ developer: ["I have no idea."] }),
};

/** Answers every point from the difference; one quote is made up. */
function judgement({ user }: Pick<SeenRequest, "user">): string {
  const points = RUBRIC.map(({ id, column, kind }) => {
    if (column === "accessibility") return { id, answer: "n/a" };
    if (id === "storage") return { id, answer: "no", reason: "Nothing is checked." };
    if (id === "error-shown") return { id, answer: "yes", evidence: "showError(error)", path: "src/subtract.js" };
    if (kind === "none") return { id, answer: "yes" };
    return { id, answer: "yes", evidence: "+export function subtract(left, right) {", path: "src/subtract.js" };
  });
  expect(user).toContain("export function subtract(left, right) {");
  return JSON.stringify({ points });
}

const servers: ModelServer[] = [];
const targets: Target[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  for (const target of targets.splice(0)) target.remove();
});

interface Set {
  readonly server: ModelServer;
  readonly target: Target;
  compare(request?: Partial<CompareRequest>, signal?: AbortSignal): Promise<CompareEnd>;
  /** `model task role attempt` of every question so far. */
  asked(): readonly string[];
}

interface Told {
  readonly judge?: (request: SeenRequest) => string;
  readonly architect?: () => string;
}

async function server({ judge = judgement, architect }: Told = {}): Promise<ModelServer> {
  const opened = await startModelServer({
    models: LISTED,
    answer: async (request) => {
      if (request.role === "judge") return judge(request);
      if (request.role === "architect" && architect) return architect();
      const script = MAKERS[request.model] ?? subtracting();
      return String(await script({ ...request } as never));
    },
  });
  servers.push(opened);
  return opened;
}

async function set({
  more = "",
  independence = "model",
  ...said
}: Partial<Record<"more" | "independence", string>> & Told = {}): Promise<Set> {
  const local = await server(said);
  const config = SUMS_CONFIG.replace(
    "models: { default: mailbox }\nindependence: none",
    `models: { architect: local/boss-70b, reviewer: local/critic-70b, goal-checker: local/umpire-70b }\nindependence: ${independence}`,
  );
  const target = sums({
    "millwright.yaml": `${config}limits: { attempts: 2, stepTries: 1 }
prices: { local/quick-7b: { input: 3, output: 6 } }
${available.bwrap ? "" : "sandbox: none\n"}servers:
  local: { kind: openai-compatible, url: "${local.openAiUrl}" }
${more}`,
  });
  targets.push(target);
  return {
    server: local,
    target,
    compare: (request = {}, signal = undefined) =>
      within(target, sandboxed(), (mill) =>
        mill.compare({ input: "specs/subtract.md", compared: MODELS, ...request }, silent(signal)),
      ),
    asked: () =>
      servers.flatMap(({ chats }) =>
        chats.map(({ model, task, role, attempt }) => `${model} ${task} ${role} ${attempt}`),
      ),
  };
}

async function problems(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error, String(error)).toBeInstanceOf(InputError);
  return (error as InputError).problems.join("\n");
}

describe("several models and one plan", { timeout: 240_000 }, () => {
  test("each makes it in a run of its own; table and report say who was right at once, later, and never", async () => {
    const { target, compare, asked, server: local } = await set();
    const before = possessions(target);
    const { outcome, comparison, report } = await compare();
    const [quick, slow, lost] = comparison.rows;
    expect(outcome, JSON.stringify(comparison.rows, null, 1)).toEqual({ kind: "done", reason: "" });
    expect(comparison.rows.map(({ model, state }) => [model, state])).toEqual([
      ["local/quick-7b", "done"],
      ["local/slow-7b", "done"],
      ["local/lost-7b", "stuck"],
    ]);
    expect(comparison.rows.map(({ tasks }) => tasks)).toEqual([
      { landed: 1, attempted: 1, planned: 1 },
      { landed: 1, attempted: 1, planned: 1 },
      { landed: 0, attempted: 1, planned: 1 },
    ]);
    expect(comparison.rows.map(({ attempts }) => attempts)).toEqual([2, 3, 3]);
    expect(comparison.rows.map(({ refusals }) => refusals)).toEqual([{}, { green: 1 }, { door: 2 }]);
    expect(comparison.rows.map(({ criteria }) => criteria)).toEqual([
      { met: 1, total: 1 },
      { met: 1, total: 1 },
      { met: 0, total: 1 },
    ]);
    expect(comparison.rows.map(({ diff }) => diff)).toEqual([
      { files: 2, added: 11, removed: 0 },
      { files: 2, added: 12, removed: 0 },
      { files: 0, added: 0, removed: 0 },
    ]);
    expect(comparison.rows.map(({ branch }) => branch)).toEqual([
      "loop/subtract",
      "loop/subtract-2",
      "loop/subtract-3",
    ]);
    expect(comparison.rows.every(({ heldOut }) => heldOut === null)).toBe(true);
    const makers = local.chats.filter(({ model, role }) => model === "quick-7b" && /tester|developer/.test(role));
    expect(makers).toHaveLength(2);
    expect(quick?.money).toBeCloseTo(((quick?.tokens.input ?? 0) * 3 + (quick?.tokens.output ?? 0) * 6) / 1e6, 9);
    expect(quick?.tokens.counted).toBe(true);
    for (const row of [quick, slow])
      expect(row?.judged).toMatchObject({
        kind: "judged",
        columns: {
          wiring: { met: 3, of: 3 },
          accessibility: { met: 0, of: 0 },
          "error handling": { met: 0, of: 2 },
          "code quality": { met: 4, of: 4 },
        },
      });
    expect(lost?.judged).toEqual({ kind: "not judged", reason: "nothing has landed" });

    expect(asked().filter((line) => line.includes("architect"))).toEqual(["boss-70b plan architect 1"]);
    const judged = local.chats.filter(({ role }) => role === "judge");
    expect(judged.map(({ model }) => model)).toEqual(["critic-70b", "critic-70b"]);
    for (const { body, headers } of judged)
      expect(JSON.stringify([body, headers])).not.toMatch(/(?:quick|slow|lost)-7b|subtract-2/);

    const text = readFileSync(report, "utf8");
    const rowIn = (model: string) =>
      text
        .split("\n")
        .filter((line) => line.startsWith(`| ${model} `))
        .map((line) => line.replace(/ +/g, " "));
    expect(rowIn("local/quick-7b")[0]).toMatch(
      /^\| local\/quick-7b \| done \| 1\/1 \| 2 \| \d+:\d\d \| [\d.]+k \| \$0\.\d{4} \| 1\/1 \| not measured \| 2 files, \+11 -0 \|$/,
    );
    expect(rowIn("local/slow-7b")[1]).toBe("| local/slow-7b | 3/3 | n/a | 0/2 | 4/4 | green 1 |");
    expect(rowIn("local/lost-7b")[0]).toMatch(
      /\| stuck \| 0\/1 \| 3 \|.*\| 0\/1 \| not measured \| 0 files, \+0 -0 \|$/,
    );
    expect(rowIn("local/lost-7b")[1]).toBe(
      "| local/lost-7b | not judged | not judged | not judged | not judged | door 2 |",
    );
    expect(text).toContain("the line that is quoted is not in the difference");
    for (const { run, branch } of comparison.rows) expect(text).toContain(`\`${branch}\`\n- run \`${run}\``);
    const dir = join(report, "..");
    expect(JSON.parse(readFileSync(join(dir, "table.json"), "utf8"))).toEqual(JSON.parse(JSON.stringify(comparison)));
    expect(readFileSync(join(dir, quick?.kept ?? "", "diff.patch"), "utf8")).toContain("+  return left - right;");
    expect(readFileSync(join(dir, "plan.md"), "utf8")).toContain("plan: subtract");
    expect(possessions(target)).toEqual(before);

    const questions = asked().length;
    const same = await compare();
    expect([same.id, asked().length]).toEqual([comparison.id, questions]);
    expect(same.comparison).toEqual(comparison);
  });

  test("interrupted, and one model out of reach: called again it goes on with what is missing, and pays nothing twice", async () => {
    const far = await server();
    const { compare, asked, target } = await set({
      more: `  far: { kind: openai-compatible, url: "${far.openAiUrl}" }\n`,
    });
    const compared = ["local/slow-7b", "far/quick-7b"];
    await far.down();
    const stop = new AbortController();
    const local = servers[1];
    const timer = setInterval(() => {
      if (local?.chats.some(({ role }) => role === "developer")) stop.abort();
    }, 2);
    const first = await compare({ compared }, stop.signal).finally(() => clearInterval(timer));
    expect(first.outcome.kind).toBe("cancelled");
    expect(first.comparison.rows.map(({ state }) => state)).toEqual(["cancelled", "missing"]);

    const second = await compare({ compared });
    expect(second.id).toBe(first.id);
    expect(second.outcome.kind).toBe("waiting");
    expect(second.outcome.reason).toContain("far/quick-7b: waiting");
    expect(second.comparison.rows.map(({ state, tasks }) => [state, tasks.landed])).toEqual([
      ["done", 1],
      ["waiting", 0],
    ]);

    const moved = await server();
    const config = readFileSync(join(target.dir, "millwright.yaml"), "utf8");
    target.write("millwright.yaml", config.replace(far.openAiUrl, moved.openAiUrl));
    const third = await compare({ compared });
    expect([third.id, third.outcome.kind]).toEqual([first.id, "done"]);
    expect(third.comparison.rows.map(({ state, run }) => [state, run])).toEqual([
      ["done", second.comparison.rows[0]?.run],
      ["done", second.comparison.rows[1]?.run],
    ]);
    const paid = asked().filter((line) => !line.startsWith("slow-7b T1 developer 1"));
    const judged = paid.filter((line) => line.includes(" judge "));
    expect(judged).toHaveLength(2);
    expect(paid.filter((line) => line.includes("architect"))).toHaveLength(1);
    expect(paid.filter((line) => line.startsWith("slow-7b"))).toEqual([
      ...new Set(paid.filter((line) => line.startsWith("slow-7b"))),
    ]);
    expect((await compare({ compared, again: true })).id).toBe(`${first.id}-2`);
  });

  test("a judge whose answers cannot be used: not judged, and why; a given plan is nobody's to plan", async () => {
    const { compare, target, asked } = await set({ judge: () => '{"points": []}' });
    target.write(
      "plans/mine.md",
      SUBTRACT_PLAN.replace("title:", 'spec: { path: specs/subtract.md, digest: "0" }\nbase: "0"\ntitle:'),
    );
    const { comparison, outcome } = await compare({ input: "plans/mine.md", compared: ["local/quick-7b"] });
    expect(outcome.kind).toBe("done");
    expect(comparison.rows[0]?.judged).toMatchObject({
      kind: "not judged",
      reason: expect.stringContaining("no usable answer"),
    });
    expect(asked().some((line) => line.includes("architect"))).toBe(false);
    expect(asked().filter((line) => line.includes("judge"))).toHaveLength(3);
  });

  test("without a plan there is nothing to compare: interrupted, it is asked for again; refused, nobody is", async () => {
    let plan = "";
    const { compare, asked } = await set({ architect: () => plan });
    const stop = new AbortController();
    stop.abort();
    const first = await compare({}, stop.signal);
    expect([first.outcome.kind, first.comparison.plans, asked()]).toEqual(["cancelled", [], []]);
    plan = SUBTRACT_PLAN.replace('"needs": []', '"needs": ["T9"]');
    const second = await compare();
    expect([second.id, second.outcome.kind]).toEqual([first.id, "stuck"]);
    expect(second.outcome.reason).toMatch(/the plan is refused: .*T9/);
    expect(second.comparison.rows.map(({ state }) => state)).toEqual(["missing", "missing", "missing"]);
    const questions = asked();
    expect([...new Set(questions.map((line) => line.split(" ")[2]))]).toEqual(["architect"]);
    expect((await compare()).outcome.kind).toBe("stuck");
    expect(asked()).toEqual(questions);
  });

  test("all by one server: the names are looked up there", async () => {
    const { compare, server: local } = await set({ independence: "none" });
    const { comparison } = await compare({ compared: ["openai/lost-7b"], samePath: "local" });
    expect([comparison.samePath, comparison.rows[0]?.model, comparison.rows[0]?.state]).toEqual([
      "local",
      "local/lost-7b",
      "stuck",
    ]);
    expect(await problems(compare({ compared: ["acme/quick-7b", "slow-77b"], samePath: "local" }))).toBe(
      "--models: local has no model slow-77b. Did you mean slow-7b?",
    );
    expect(await problems(compare({ samePath: "lokal" }))).toContain("there is no server lokal. Did you mean local?");
    const asked = local.chats.length;
    await local.down();
    await expect(compare({ samePath: "local" })).rejects.toMatchObject({ code: "model-unreachable" });
    expect(local.chats).toHaveLength(asked);
  });
});

test.each<[string, Partial<CompareRequest>, RegExp]>([
  ["no models", { compared: [] }, /Name the models to compare/],
  ["an empty name", { compared: ["local/quick-7b", ""] }, /nothing between two commas/],
  ["one model twice", { compared: ["local/quick-7b", "local/quick-7b"] }, /local\/quick-7b is named twice/],
  ["an unknown server", { compared: ["locl/quick-7b"] }, /no server locl\. Did you mean local\?/],
  ["an unknown model", { compared: ["local/quick-8b"] }, /local has no model quick-8b; it has quick-7b/],
  [
    "the judge's own model",
    { compared: ["local/quick-7b", "local/critic-70b"] },
    /local\/critic-70b: developer and judge are both answered by critic-70b/,
  ],
  [
    "a judge of its own that is compared",
    { models: { judge: "local/slow-7b" } },
    /local\/slow-7b: developer and judge are both/,
  ],
  ["a maker by role", { models: { tester: "local/slow-7b" } }, /the tester is the compared model/],
  ["a spec that is not there", { input: "specs/nothing.md" }, /There is no file specs\/nothing\.md/],
])("%s is refused before anything is asked", { timeout: 60_000 }, async (_name, request, words) => {
  const { compare, asked, target } = await set();
  expect(await problems(compare(request))).toMatch(words);
  expect(asked()).toEqual([]);
  expect(existsSync(join(target.dir, ".millwright/compare"))).toBe(false);
});

test("a model without its key, and one beyond the network that the config allows, are refused", {
  timeout: 60_000,
}, async () => {
  const far = `  far: { kind: openai-compatible, url: "http://192.0.2.1/v1" }\nnetwork: local-only\n`;
  const beyond = await set({ more: far });
  expect(await problems(beyond.compare({ compared: ["local/quick-7b", "far/x-7b"] }))).toMatch(
    /far\/x-7b is refused by `network: local-only`/,
  );
  const keyless = await set({
    more: `  far: { kind: openai-compatible, url: "http://127.0.0.1:9/v1", key: MILLWRIGHT_NO_SUCH_KEY }\n`,
  });
  expect(await problems(keyless.compare({ compared: ["far/x-7b"] }))).toMatch(
    /far\/x-7b needs a key: .*MILLWRIGHT_NO_SUCH_KEY/,
  );
  expect([...beyond.asked(), ...keyless.asked()]).toEqual([]);
});

test("a plan that breaks a rule is refused before a model is asked", { timeout: 60_000 }, async () => {
  const { compare, asked, target } = await set();
  const header = 'spec: { path: specs/subtract.md, digest: "0" }\nbase: "0"\ntitle:';
  target.write("plans/mine.md", SUBTRACT_PLAN.replace("title:", header).replace('"needs": []', '"needs": ["T9"]'));
  expect(await problems(compare({ input: "plans/mine.md" }))).toMatch(/T9/);
  expect(asked()).toEqual([]);
});

describe("the command line", () => {
  const cli = wholeCli();
  test("prints the facts and then the table as JSON, and the same to people", { timeout: 240_000 }, async () => {
    const { target } = await set();
    const words = ["compare", "specs/subtract.md", "--models", "local/quick-7b,local/lost-7b"];
    const json = await cli.call(target, [...words, "--json"]);
    const lines = json.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(json.exit, json.stderr).toBe(0);
    expect(lines.at(-1)).toMatchObject({
      kind: "end",
      exit: 0,
      outcome: { kind: "done" },
      comparison: { rows: [{ state: "done" }, { state: "stuck" }] },
    });
    expect(new Set(lines.slice(0, -1).map(({ kind }) => kind))).toEqual(new Set(["entry"]));
    const people = await cli.call(target, words);
    expect(people.stdout).toMatch(/\| local\/quick-7b \| done +\| 1\/1 /);
    expect(people.stdout).toContain("report.md");
    const none = await cli.call(target, ["compare", "specs/subtract.md"]);
    expect([none.exit, none.stderr]).toEqual([2, expect.stringContaining("Name the models to compare")]);
  });
});
