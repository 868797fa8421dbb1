import { afterEach, describe, expect, test } from "vitest";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { startModelServer } from "../kit/model-server.ts";
import { facts, refusalText, sandboxed, silent, type Told, tell, within } from "../kit/story.ts";
import { planWith, SUBTRACT_CODE, SUMS_CONFIG, subtracting, sums } from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";

const wrong = SUBTRACT_CODE.replace("left - right", "right - left");
let target: Target;
afterEach(() => target.remove());

const withLimits = (limits: string) => sums({ "millwright.yaml": `${SUMS_CONFIG}limits: { ${limits} }\n` });
const askedRoles = (told: Told) => facts(told, "answered").map(({ role, model }) => `${role} ${model}`);

describe("a maker that is stuck climbs its ladder", { timeout: 120_000 }, () => {
  test("the same refusal again: a fresh brief, then the orchestrator; its instructions give the maker new attempts", async () => {
    target = withLimits("sameSignature: 2, testsAnew: 0");
    let instructed = false;
    const told = await tell(target, (request) => {
      if (request.role === "orchestrator") instructed = true;
      const orchestrator = ["INSTRUCTIONS: the right operand is taken from the left one"];
      return subtracting({ developer: [instructed ? SUBTRACT_CODE : wrong], orchestrator })(request);
    });
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "escalated")).toMatchObject([
      { role: "developer", rung: 1, reason: expect.stringContaining("deadlock: ") },
    ]);
    expect(facts(told, "orchestrated")).toMatchObject([
      { decision: "instructions", said: "the right operand is taken from the left one" },
    ]);
  });

  test.each([
    ["SKIP: nobody can do this", "stuck", /the orchestrator: nobody can do this/],
    ["PERSON: what is subtraction?", "waiting", /asks a person: what is subtraction\?/],
    ["I would try again.", "stuck", /its answer could not be used/],
  ])("%s: the task is %s", async (said, outcome, reason) => {
    target = withLimits("sameSignature: 2, testsAnew: 0");
    const told = await tell(target, subtracting({ developer: [wrong], orchestrator: [said] }));
    expect(told.outcome).toMatchObject({ kind: outcome, reason: expect.stringMatching(reason) });
    expect(facts(told, "landed")).toEqual([]);
  });

  test("a stronger model of the list takes over, and every fact says which model it was", async () => {
    const script = subtracting();
    const server = await startModelServer({
      models: ["weak", "strong"],
      answer: async ({ role, task, attempt, model }) =>
        role === "developer" && model === "weak" ? wrong : String(await script({ role, task, attempt } as never)),
    });
    const models = "models: { default: local/strong, developer: [local/weak, local/strong] }";
    const servers = `servers: { local: { kind: openai-compatible, url: "${server.openAiUrl}" } }\n`;
    const config = SUMS_CONFIG.replace("models: { default: mailbox }", models);
    target = sums({ "millwright.yaml": `${config}${servers}limits: { sameSignature: 2, testsAnew: 0 }\n` });
    const told = await within(target, sandboxed(), async (mill) => {
      const end = await mill.run({ input: "specs/subtract.md" }, silent());
      return { ...end, entries: await mill.entries(end.run) };
    });
    await server.close();
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "run-started")[0]?.models).toMatchObject({
      developer: "local/weak, then local/strong",
      orchestrator: "local/strong",
    });
    expect(facts(told, "escalated").map(({ rung, model }) => `${rung} ${model}`)).toEqual([
      "1 local/weak",
      "2 local/strong",
    ]);
    const developers = askedRoles(told).filter((asked) => asked.startsWith("developer"));
    expect(developers.at(-1)).toBe("developer local/strong");
    expect(developers.slice(0, -1).every((asked) => asked === "developer local/weak")).toBe(true);
    expect(target.git("log", "-1", "--format=%(trailers:key=Maker,valueonly)", "loop/subtract")).toContain(
      "local/strong",
    );
  });
});

describe("a budget", { timeout: 120_000 }, () => {
  const priced = `${SUMS_CONFIG}cheaper: { default: scripted/cheap }\n`;

  test("that is nearly spent asks the cheaper model, and says why", async () => {
    target = sums({ "millwright.yaml": `${priced}budget: { attempts: 6 }\nlimits: { stepDownAt: 0.5 }\n` });
    const told = await tell(target, subtracting());
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(askedRoles(told)).toEqual([
      "architect scripted",
      "tester scripted",
      "developer scripted",
      "examiner scripted/cheap",
      "reviewer scripted/cheap",
      "goal-checker scripted/cheap",
    ]);
    expect(facts(told, "escalated")[0]).toMatchObject({ role: "examiner", reason: "50 % of a budget is spent" });
  });

  test("of one task holds for that task: the run waits before the request that could break it, with nothing lost", async () => {
    target = sums({ "millwright.yaml": `${SUMS_CONFIG}budget: { task: { attempts: 2 } }\n` });
    const told = await tell(target, subtracting());
    expect(told.outcome).toMatchObject({
      kind: "waiting",
      reason: expect.stringContaining("2 model answers in one task"),
    });
    expect(facts(told, "answered").filter(({ task }) => task === "T1")).toHaveLength(2);
    await within(target, { script: subtracting(), ...sandboxed() }, async (mill) => {
      const end = await mill.resume(undefined, { budget: { task: { attempts: 20 } } }, silent());
      expect(end.outcome.kind).toBe("done");
    });
  });

  test("of a day counts the runs before, but no replay, and holds none", async () => {
    target = sums({ "millwright.yaml": `${SUMS_CONFIG}budget: { day: { attempts: 9 } }\n` });
    const first = await tell(target, subtracting());
    expect(first.outcome.kind, refusalText(first)).toBe("done");
    await within(target, { script: subtracting(), ...sandboxed() }, async (mill) => {
      const free = await mill.replay({ run: first.run }, { strict: false }, silent());
      expect(free.outcome.kind).toBe("done");
    });
    const second = await tell(target, subtracting());
    expect(second.outcome).toMatchObject({
      kind: "waiting",
      reason: expect.stringContaining("9 model answers in a day"),
    });
    expect(facts(second, "answered")).toHaveLength(3);
    await within(target, { script: subtracting(), ...sandboxed() }, async (mill) => {
      const end = await mill.resume(undefined, { budget: { day: { attempts: 80 } } }, silent());
      expect(end.outcome.kind).toBe("done");
    });
  });

  test("that has no room for the dear model's worst case asks the cheaper one", async () => {
    const prices = "prices: { scripted: { input: 1000, output: 1000 }, scripted/cheap: { input: 0, output: 0 } }";
    target = sums({ "millwright.yaml": `${priced}${prices}\nbudget: { money: 1 }\n` });
    const told = await tell(target, subtracting());
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(new Set(askedRoles(told).map((asked) => asked.split(" ")[1]))).toEqual(new Set(["scripted/cheap"]));
    expect(facts(told, "escalated")[0]?.reason).toBe("a budget has no room for the worst case of scripted");
  });

  test("of tokens tells each model how long its answer may be at most; without one nobody is told", async () => {
    target = sums({ "millwright.yaml": `${SUMS_CONFIG}limits: { answerTokens: 900 }\n` });
    const told: (number | undefined)[] = [];
    const script: Script = (request) => {
      told.push(request.answerTokens);
      return subtracting()(request);
    };
    await tell(target, script, { budget: { tokens: 1_000_000 } });
    expect(new Set(told.splice(0))).toEqual(new Set([900]));
    await tell(target, script);
    expect(new Set(told)).toEqual(new Set([undefined]));
  });
});

describe("an outage in the middle of a run", { timeout: 120_000 }, () => {
  test("is waited out: it costs the task nothing, and the run goes on when the provider is back", async () => {
    let calls = 0;
    const script: Script = (request) => {
      calls += 1;
      return calls >= 3 && calls <= 6 ? { fault: "rate-limited", retryAfter: 0.2 } : subtracting()(request);
    };
    target = withLimits("stepTries: 1");
    const told = await tell(target, script);
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "step-failed").map(({ code }) => code)).toEqual(Array(4).fill("model-rate-limited"));
    expect(facts(told, "gate-refused").filter(({ gate }) => gate !== "red" && gate !== "green")).toEqual([]);
  });

  test("that lasts longer than the limit stops the run, resumable", async () => {
    let calls = 0;
    const script: Script = (request) => {
      calls += 1;
      return calls === 3 ? { fault: "unreachable" } : subtracting()(request);
    };
    target = withLimits("stepTries: 1, outageMinutes: 0");
    const told = await tell(target, script);
    expect(["stopped", "waiting"]).toContain(told.outcome.kind);
    await within(target, { script, ...sandboxed() }, async (mill) => {
      expect((await mill.resume(undefined, {}, silent())).outcome.kind).toBe("done");
    });
  });
});

describe("a goal of commands alone", { timeout: 120_000 }, () => {
  const makers = ["architect", "tester", "developer", "documenter"].map((role) => `${role}: local/maker`).join(", ");

  async function run(goal: readonly object[]): Promise<Told> {
    const script = subtracting({ architect: [planWith([{}], { goal })] });
    const answer = async (asked: { role: string; task: string; attempt: number }) =>
      String(await script(asked as never));
    const server = await startModelServer({ models: ["maker", "judge"], answer });
    const models = `models: { ${makers}, reviewer: local/judge }`;
    const servers = `servers: { local: { kind: openai-compatible, url: "${server.openAiUrl}" } }\n`;
    const config = SUMS_CONFIG.replace("models: { default: mailbox }", models).replace("none", "model");
    target = sums({ "millwright.yaml": `${config}${servers}limits: { goalRounds: 1 }\n` });
    const told = await within(target, sandboxed(), async (mill) => {
      const end = await mill.run({ input: "specs/subtract.md" }, silent());
      return { ...end, entries: await mill.entries(end.run) };
    });
    await server.close();
    return told;
  }

  test("needs no goal-checker's model, and two models suffice for independence", async () => {
    const told = await run([{ run: "node --test" }]);
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(askedRoles(told).join()).not.toContain("goal-checker");
    expect(
      facts(told, "notice")
        .map(({ message }) => message)
        .join(),
    ).toContain("by its commands and file checks alone");
  });

  test("is not met when it has none", async () => {
    const told = await run([]);
    expect(told.outcome).toMatchObject({ kind: "stuck", reason: expect.stringContaining("nobody judges it") });
  });
});

describe("a model with little room", { timeout: 120_000 }, () => {
  test("that cannot take even the least of a question is not asked: a person is told the numbers", async () => {
    target = sums({ "millwright.yaml": `${SUMS_CONFIG}contexts: { scripted: 1024 }\n` });
    const told = await tell(target, subtracting());
    expect(told.outcome).toMatchObject({ kind: "waiting", reason: expect.stringMatching(/1,?024/) });
    expect(facts(told, "answered")).toEqual([]);
  });
});
