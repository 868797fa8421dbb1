import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ModelRequest } from "../../src/domain/model-call.ts";
import { AGENT_PATH, installed } from "../kit/agents.ts";
import { available } from "../kit/available.ts";
import { type ModelServer, startModelServer } from "../kit/model-server.ts";
import { REAL_AGENTS } from "../kit/real-agents.ts";
import type { SeenRequest, ServedReply } from "../kit/seen-request.ts";
import { SUMS_CONFIG, subtracting, sums, testOf } from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";
import { factsIn, wholeCli } from "../kit/whole-cli.ts";

const CODE = "export function subtract(left, right) {\n  return left - right;\n}\n";
const TESTS = testOf(
  "subtract",
  "AC1 subtracts",
  "assert.equal(subtract(5, 3), 2);",
  "assert.equal(subtract(3, 5), -2);",
);

const script = subtracting();
let server: ModelServer | undefined;
let target: Target | undefined;
afterEach(async () => {
  await server?.close();
  target?.remove();
});

describe.runIf(available.bwrap).each(REAL_AGENTS.slice(0, 3))("$program as tester and developer", (real) => {
  const cli = wholeCli();
  beforeEach((context) => {
    if (!installed(real.program)) context.skip(`${real.program} is not in a folder of MILLWRIGHT_AGENTS`);
  });

  /** A mill's own question is answered by its script; an agent's by a call of the tool that writes the file. */
  async function answer(seen: SeenRequest): Promise<string | ServedReply> {
    if (seen.role !== "") return String(await script(seen as unknown as ModelRequest));
    if (seen.results.length > 0) return "It is written.\n- AC1: met because left - right";
    const asked = JSON.stringify(seen.body);
    const isTester = asked.includes("- test/subtract.test.js");
    return { tools: [isTester ? real.write("test/subtract.test.js", TESTS) : real.write("src/subtract.js", CODE)] };
  }

  test("lands a task by what it changes in its copy; a replay needs no agent", { timeout: 240_000 }, async () => {
    server = await startModelServer({ answer });
    const model = `${real.kind}/${real.model}`;
    const config = [
      SUMS_CONFIG.replace("default: mailbox", `default: local/m, tester: "${model}", developer: "${model}"`),
      `servers: { local: { kind: openai-compatible, url: "${server.openAiUrl}" } }`,
      `agents: { ${real.kind}: { kind: ${real.kind}, url: "${real.url(server)}", key: AGENT_KEY } }`,
    ];
    // pi's and opencode's own `local` provider is told to them by the mill.
    target = sums({ "millwright.yaml": `${config.join("\n")}\n` });
    const environment = { PATH: `${AGENT_PATH}:${process.env.PATH}`, AGENT_KEY: "dummy" };
    const end = await cli.call(target, ["run", "specs/subtract.md", "--json"], { environment });
    expect(end.stderr).toBe("");
    expect(end).toMatchObject({ exit: 0 });
    expect(target.git("show", "loop/subtract:src/subtract.js")).toBe(CODE.trim());
    expect(target.git("show", "loop/subtract:test/subtract.test.js")).toBe(TESTS.trim());
    const answered = factsIn(end, "answered").filter((fact) => fact.model === model);
    expect(answered.map(({ role, usage }) => [role, usage.counted])).toEqual([
      ["tester", true],
      ["developer", true],
    ]);
    await server.down();
    const replayed = await cli.call(target, ["replay", "--json"], {});
    expect(replayed).toMatchObject({ exit: 0 });
  });
});
