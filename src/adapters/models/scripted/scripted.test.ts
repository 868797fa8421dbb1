import { expect, test } from "vitest";
import { aRequest, failureFrom, keepsTheBackendPromise, quickClock } from "../models.contract.ts";
import { type Fault, scripted } from "./scripted.ts";

keepsTheBackendPromise("scripted", async (answer) => ({
  backend: scripted(answer, quickClock()),
  close: async () => undefined,
}));

test("a script sees the request", async () => {
  const backend = scripted(({ task, role, attempt }) => `${task} ${role} ${attempt}`, quickClock());
  expect((await backend.ask(aRequest({ attempt: 4 }))).text).toBe("T1 developer 4");
});

test("faults are what real servers do", async () => {
  const clock = quickClock();
  const ask = (fault: Fault) => scripted(() => fault, clock).ask(aRequest());
  expect(await failureFrom(ask({ fault: "timeout" }))).toMatchObject({ code: "model-timeout", remedy: "retry" });
  expect(await failureFrom(ask({ fault: "rate-limited", retryAfter: 9 }))).toMatchObject({
    code: "model-rate-limited",
    retryAfter: 9,
  });
  expect(await failureFrom(ask({ fault: "unreachable" }))).toMatchObject({ code: "model-unreachable" });
  expect(await ask({ fault: "cut-off", text: "half" })).toMatchObject({ text: "half", finish: "length" });
  expect(await ask({ fault: "empty" })).toMatchObject({ text: "", finish: "stop" });
  expect(await ask({ fault: "latency", seconds: 2, text: "late" })).toMatchObject({ text: "late" });
  expect(clock.waits).toEqual([20_000, 2000]);
});
