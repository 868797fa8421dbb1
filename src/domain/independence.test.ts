import { describe, expect, it } from "vitest";
import { oneMaker, redGreen } from "../../test/kit/gate-states.ts";
import { castOf, independenceProblems, rolesOf } from "./independence.ts";
import type { ModelIdentity, Role } from "./model-call.ts";

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

  it("names each role once, judges by the gates that call them", () => {
    expect(rolesOf(castOf(oneMaker))).toEqual(["architect", "developer", "checker", "goal-checker"]);
  });
});
