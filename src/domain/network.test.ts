import { expect, test } from "vitest";
import { Config } from "./config.ts";
import { beyondBy, hostOf, isLoopback, mayBeLocalName, placeOfModel, reachOf } from "./network.ts";

test.each([
  ["http://127.0.0.1:11434/api", "127.0.0.1"],
  ["http://LOCALHOST./v1", "localhost"],
  ["https://[::1]:8000/v1", "::1"],
  ["http://127.0.0.1@evil.example/v1", "evil.example"],
  ["http://evil.example#@127.0.0.1/", "evil.example"],
  ["no address", ""],
])("the host of %s is %s", (url, host) => {
  expect(hostOf(url)).toBe(host);
});

test.each([
  ["127.0.0.1", true],
  ["127.8.9.1", true],
  ["::1", true],
  ["::ffff:127.0.0.1", true],
  ["::ffff:8.8.8.8", false],
  ["0.0.0.0", false],
  ["128.0.0.1", false],
  ["127.0.0.1.evil.example", false],
  ["localhost", false],
])("%s is loopback: %s", (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});

test("a name is what it resolves to, all of it, unless a person listed it or the address", () => {
  expect(beyondBy("gpu", ["127.0.0.1", "::1"], [])).toBeUndefined();
  expect(beyondBy("gpu", ["127.0.0.1", "10.0.0.5"], [])).toBe("gpu is 10.0.0.5, which is not on this machine");
  expect(beyondBy("gpu", ["10.0.0.5"], ["10.0.0.5"])).toBeUndefined();
  expect(beyondBy("gpu.lan", ["10.0.0.5"], ["*.lan"])).toBeUndefined();
  expect(beyondBy("evil-lan", ["10.0.0.5"], ["*.lan"])).toBeDefined();
  expect(beyondBy("10.0.0.5", ["10.0.0.5"], ["GPU"])).toBe("10.0.0.5 is not on this machine");
  expect(beyondBy("gpu", [], [])).toBeDefined();
});

test.each([
  ["localhost", true],
  ["gpu", true],
  ["gpu.lan", true],
  ["box.home.arpa", true],
  ["api.openai.com", false],
  ["lan.example.com", false],
  ["127.0.0.1.evil.example", false],
])("%s may be a name of this network, and is looked up: %s", (host, expected) => {
  expect(mayBeLocalName(host)).toBe(expected);
});

test("only the architect, only while there is no plan, may leave under local-execution", () => {
  const config = Config.parse({ network: "local-execution", localHosts: ["gpu"] });
  expect(reachOf(config, { role: "architect", task: "plan" })).toEqual({ kind: "anywhere" });
  const local = { kind: "local", hosts: ["gpu"], rule: "local-execution" };
  expect(reachOf(config, { role: "architect", task: "T1" })).toEqual(local);
  expect(reachOf(config, { role: "developer", task: "plan" })).toEqual(local);
  expect(reachOf({ ...config, network: "local-only" }, { role: "architect", task: "plan" }).kind).toBe("local");
  expect(reachOf({ ...config, network: "open" }, { role: "developer", task: "T1" }).kind).toBe("anywhere");
});

test("an agent program asks a cloud unless its endpoint is written down", () => {
  const config = Config.parse({ agents: { mine: { kind: "codex", url: "http://127.0.0.1:11434/v1" } } });
  expect(placeOfModel(config, "claude-code/opus").kind).toBe("cloud");
  expect(placeOfModel(config, "mine/qwen")).toEqual({ kind: "address", url: "http://127.0.0.1:11434/v1" });
  expect(placeOfModel(config, "openai/x")).toEqual({ kind: "address", url: "https://api.openai.com/v1" });
  for (const name of ["mailbox", "mailbox/alice", "llama.cpp/a.gguf"]) {
    expect(placeOfModel(config, name)).toEqual({ kind: "here" });
  }
});
