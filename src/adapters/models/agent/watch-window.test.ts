import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type AgentGround, agentGround } from "../../../../test/kit/agents.ts";
import { available } from "../../../../test/kit/available.ts";
import { aRequest } from "../models.contract.ts";
import type { AgentWorld } from "./agent-world.ts";
import { openWindow, sessionName, windowName } from "./watch-window.ts";

test("a session's name holds the run, a window's task and role, in letters that tmux takes", () => {
  const request = { run: "r20261121.a", task: "T1", role: "developer" } as const;
  expect([sessionName(request), windowName(request)]).toEqual(["millwright-r20261121-a", "T1-developer"]);
});

test("without tmux it says what to do", async () => {
  const dir = mkdtempSync(join(tmpdir(), "mw-watch-"));
  const opening = openWindow(aRequest({ run: "none" }), { dir, env: { PATH: "/nowhere" } });
  await expect(opening).rejects.toMatchObject({
    code: "environment",
    hint: expect.stringContaining("Install tmux, or take `tmux: true` out"),
  });
  rmSync(dir, { recursive: true });
});

describe.runIf(available.tmux)("in a tmux of its own", () => {
  let sockets = "";
  let ground: AgentGround;
  let ends: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    sockets = mkdtempSync(join(tmpdir(), "mw-tmux-"));
    ground = await agentGround({ env: { TMUX_TMPDIR: sockets } });
    ends = [];
  });
  afterEach(async () => {
    await atEnd();
    tmux("kill-server");
    await ground.close();
    rmSync(sockets, { recursive: true, force: true });
  });

  const room = (): AgentWorld => ({ ...ground.world, atEnd: (work) => ends.push(work) });
  const atEnd = async () => {
    for (const work of ends.splice(0)) await work();
  };
  const tmux = (...args: readonly string[]) => {
    const env = { PATH: "/usr/local/bin:/usr/bin:/bin", TMUX_TMPDIR: sockets };
    try {
      return execFileSync("tmux", [...args], { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    } catch {
      return "";
    }
  };
  const seen = (window: string) => tmux("capture-pane", "-p", "-t", `millwright-r1:${window}`);

  test("an agent can be watched; ending the session ends nothing else, and none stays", {
    timeout: 40_000,
  }, async () => {
    const { agentBackend } = await import("./agent.ts");
    const { Agent } = await import("../../../domain/model-config.ts");
    const command = ["node", resolve("test/kit/stand-in-agent.mjs"), "busy"];
    const agent = Agent.parse({ kind: "claude-code", command, url: "http://127.0.0.1:9", tmux: true });
    const backend = agentBackend({ name: "claude-code", agent, model: undefined, world: room() });
    const workspace = { repository: undefined, tree: ground.tree, scope: ["src/**"] };
    const asked = backend.ask(aRequest({ workspace, seconds: 30, task: "T7" }));
    await expect.poll(() => tmux("ls"), { timeout: 10_000 }).toContain("millwright-r1:");
    await expect.poll(() => seen("T7-developer"), { timeout: 10_000 }).toContain("the agent goes on");
    await expect.poll(() => ground.doings.join("\n")).toContain("tmux attach -t millwright-r1");
    tmux("kill-session", "-t", "millwright-r1");
    expect((await asked).text).toContain("### FILE src/new.js");
    await atEnd();
    expect(tmux("ls")).toBe("");
  });

  test("the session stays from task to task and attempt to attempt, with a window for each, and ends with the run", async () => {
    const [first, second] = await Promise.all([
      openWindow(aRequest({ task: "T1" }), room()),
      openWindow(aRequest({ task: "T2" }), room()),
    ]);
    first.show("one of \u001b]0;evil\u0007 T1");
    second.show("one of T2");
    await first.rest();
    const again = await openWindow(aRequest({ task: "T1", attempt: 2 }), room());
    again.show("two of T1");
    const windows = () => tmux("list-windows", "-t", "millwright-r1", "-F", "#{window_name}").trim().split("\n").sort();
    expect(windows()).toEqual(["T1-developer", "T2-developer"]);
    await expect.poll(() => seen("T1-developer")).toMatch(/one of \]0;evil T1[\s\S]*question 2;[\s\S]*two of T1/);
    await expect.poll(() => seen("T2-developer")).toContain("one of T2");
    await atEnd();
    expect(tmux("ls")).toBe("");
    expect(readdirSync(join(ground.world.dir, "watch"))).toEqual([]);
  });

  test("a mill that was killed leaves its session to who goes on with the run; others end it", async () => {
    const window = await openWindow(aRequest({ run: "old", task: "T1" }), room());
    window.show("before the kill");
    await window.rest();
    ends = [];
    const { pid } = spawnSync("true");
    const disown = (run: string) => tmux("set-option", "-t", `=millwright-${run}:`, "@millwright", String(pid));
    disown("old");
    // The next mill remembers nothing.
    const goOn = async (run: string) => {
      vi.resetModules();
      const next = await import("./watch-window.ts");
      await next.openWindow(aRequest({ run, task: "T1", attempt: 2 }), room());
    };
    const sessions = () => tmux("ls", "-F", "#{pid} #{session_id} #{session_name}");
    const before = sessions();
    await goOn("old");
    expect(sessions()).toBe(before);
    await expect
      .poll(() => tmux("capture-pane", "-p", "-t", "millwright-old"))
      .toMatch(/before the kill[\s\S]*question 2;/);
    disown("old");
    await goOn("new");
    expect(tmux("ls")).toMatch(/^millwright-new:[^\n]*\n$/);
    expect(existsSync(join(ground.world.dir, "watch", "millwright-old", "T1-developer"))).toBe(true);
  });
});
