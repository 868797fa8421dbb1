import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { makeTarget, type Target } from "../../test/kit/target.ts";
import { InputError } from "../domain/step-failure.ts";
import { lookAtCorrections, switchCorrection } from "./corrections.ts";

const SESSION = readFileSync("examples/todo-api/corrections/session-import.yaml", "utf8");

describe("the corrections of a checkout", () => {
  let target: Target;
  afterEach(() => target.remove());

  test("are looked at as they stand in the folder, with what is wrong and what is not committed", async () => {
    target = makeTarget({ "corrections/session-import.yaml": SESSION, "corrections/README.md": "# Ours\n" });
    target.write("corrections/other.yaml", "id: other\n");
    const looks = await lookAtCorrections(target.dir);
    expect(looks).toMatchObject([
      {
        id: "other",
        state: "broken",
        committed: false,
        problems: [expect.stringContaining("line 1"), ...Array(3).fill(expect.any(String))],
      },
      { id: "session-import", state: "on", committed: true, problems: [], does: "rewrite-import" },
    ]);
  });

  test("are switched in their files, and nothing else of them changes", async () => {
    target = makeTarget({ "corrections/session-import.yaml": SESSION });
    expect(await switchCorrection(target.dir, "session-import", "off")).toBe("corrections/session-import.yaml");
    const text = readFileSync(join(target.dir, "corrections/session-import.yaml"), "utf8");
    expect(text).toBe(SESSION.replace("state: on", "state: off"));
    expect(await lookAtCorrections(target.dir)).toMatchObject([{ state: "off", committed: false }]);
    const refused = switchCorrection(target.dir, "sesion-import", "on");
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow("Did you mean session-import?");
  });

  test("of a checkout without any are none", async () => {
    target = makeTarget({});
    expect(await lookAtCorrections(target.dir)).toEqual([]);
  });
});
