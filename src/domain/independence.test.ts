import { describe, expect, it } from "vitest";
import { oneMaker, redGreen } from "../../test/kit/gate-states.ts";
import { castOf, independenceProblems, rolesOf } from "./independence.ts";
import type { ModelIdentity, Role } from "./model-call.ts";
import { identityOf } from "./model-identity.ts";

const models = (by: Partial<Record<Role, string>>) => (role: Role) => {
  const name = by[role] ?? "ollama/a";
  return { name, identity: name, vendor: name.split("/")[0] } as ModelIdentity;
};

describe("independence", () => {
  const cast = castOf(redGreen);
  const apart = models({ reviewer: "ollama/b", "goal-checker": "ollama/c" });

  it("asks that makers, reviewer and goal-checker differ pairwise", () => {
    expect(independenceProblems("model", cast, apart)).toEqual([]);
    expect(independenceProblems("model", cast, models({ reviewer: "ollama/b" }))).not.toEqual([]);
    expect(
      independenceProblems("model", cast, models({ reviewer: "ollama/b", "goal-checker": "ollama/b" })),
    ).not.toEqual([]);
    expect(independenceProblems("vendor", cast, apart)).not.toEqual([]);
    expect(independenceProblems("none", cast, models({}))).toEqual([]);
  });

  it("holds on every rung: what may take over may not be the judge either", () => {
    const ladder = (role: Role) => (role === "developer" ? [apart(role), apart("reviewer")] : [apart(role)]);
    expect(independenceProblems("model", cast, ladder).join()).toContain("developer and reviewer");
  });

  it("holds for the documenter too: any plan may ask for documents", () => {
    const shared = models({ reviewer: "ollama/b", "goal-checker": "ollama/c", documenter: "ollama/b" });
    expect(independenceProblems("model", cast, shared).join()).toContain("documenter and reviewer");
  });

  it("holds across servers, proxies, agents and aliases, and says when two names cannot be told apart", () => {
    const aliases = { "proxy/best": "anthropic/claude-opus-5-5" };
    const by = (names: Partial<Record<Role, string>>) => (role: Role) =>
      identityOf(names[role] ?? "ollama/qwen3-coder:30b", aliases);
    const problems = (rule: "model" | "vendor", reviewer: string, goalChecker: string) =>
      independenceProblems(rule, cast, by({ reviewer, "goal-checker": goalChecker })).join("\n");
    expect(problems("model", "anthropic/claude-opus-5-5", "openai/gpt-6-sol")).toBe("");
    expect(problems("model", "lmstudio/Qwen3-Coder-30B-GGUF", "openai/gpt-6-sol")).toContain(
      "tester and reviewer are both answered by qwen3-coder-30b",
    );
    expect(problems("model", "proxy/best", "openrouter/anthropic/claude-opus-5.5")).toContain("claude-opus-5-5");
    expect(problems("model", "claude-code/opus", "anthropic/claude-opus-5-5")).toMatch(/may be answered by one model/);
    expect(problems("vendor", "claude-code/opus", "anthropic/claude-sonnet-5-5")).toContain("both come from anthropic");
    expect(problems("vendor", "x/somebody", "y/nobody")).toContain("nobody knows the vendor");
  });

  it("names each role once, judges by the gates that call them", () => {
    expect(rolesOf(castOf(oneMaker))).toEqual(["architect", "developer", "documenter", "checker", "goal-checker"]);
  });
});
