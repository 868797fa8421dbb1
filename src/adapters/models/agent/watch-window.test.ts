import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { agentGround } from "../../../../test/kit/agents.ts";
import { available } from "../../../../test/kit/available.ts";
import { aRequest } from "../models.contract.ts";
import { windowName } from "./watch-window.ts";

test("a session's name holds run, task and role in letters that tmux takes", () => {
  expect(windowName({ run: "r20261121.a", task: "T1", role: "developer" })).toBe("millwright-r20261121-a-T1-developer");
});

test.runIf(available.tmux)(
  "an agent can be watched in tmux; ending the session ends nothing else, and none stays",
  { timeout: 40_000 },
  async () => {
    const sockets = mkdtempSync(join(tmpdir(), "mw-tmux-"));
    const env = { PATH: "/usr/local/bin:/usr/bin:/bin", TMUX_TMPDIR: sockets };
    const tmux = (...args: readonly string[]) => {
      try {
        return execFileSync("tmux", [...args], { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      } catch {
        return "";
      }
    };
    const ground = await agentGround({ env: { TMUX_TMPDIR: sockets } });
    const command = ["node", resolve("test/kit/stand-in-agent.mjs"), "busy"];
    const backend = ground.backend({ kind: "claude-code", command, url: "http://127.0.0.1:9", tmux: true });
    const workspace = { repository: undefined, tree: ground.tree, scope: ["src/**"] };
    const asked = backend.ask(aRequest({ workspace, seconds: 30, task: "T7" }));
    await expect.poll(() => tmux("ls"), { timeout: 10_000 }).toContain("millwright-r1-T7-developer");
    const seen = () => tmux("capture-pane", "-p", "-t", "millwright-r1-T7-developer");
    await expect.poll(seen, { timeout: 10_000 }).toContain("the agent goes on");
    tmux("kill-session", "-t", "millwright-r1-T7-developer");
    expect((await asked).text).toContain("### FILE src/new.js");
    expect(tmux("ls")).toBe("");
    await ground.close();
    rmSync(sockets, { recursive: true, force: true });
  },
);
