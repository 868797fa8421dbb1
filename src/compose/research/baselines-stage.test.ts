import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { available } from "../../../test/kit/available.ts";
import { type ResearchSetting, type ResearchWork, researchWork } from "../../../test/kit/research-work.ts";
import { makeTarget, type Target } from "../../../test/kit/target.ts";
import { openBubblewrap } from "../../adapters/sandbox/bubblewrap/open-bubblewrap.ts";
import { BaselinesReport } from "../../domain/research/baseline-report.ts";
import type { PythonWorld, StageEnd } from "../../domain/research/stage.ts";
import type { Sandbox } from "../../engine/ports.ts";
import { baselinesStage } from "./baselines-stage.ts";

const RUN = `import json, os, sys
print("starting {not json}")
text = open(os.path.join(os.environ["PROJECT"], "assets/text.txt")).read()
print(json.dumps({"length": len(text)}))
`;
const FAULTS = {
  "run.py": RUN,
  "nan.py": "print('{\"length\": NaN}')\n",
  "other.py": "print('{\"size\": 16}')\n",
  "broken.py": "raise SystemExit('no weights')\n",
  "writes.py": "open('log.txt', 'w')\n",
  "install.sh": "python3 -c \"import urllib.request as u; u.urlopen('http://example.com')\"\n",
};
const PATCH = `diff --git a/other.py b/other.py
--- a/other.py
+++ b/other.py
@@ -1 +1,2 @@
-print('{"size": 16}')
+import subprocess
+subprocess.run(["python3", "run.py"], check=True)
`;
const PYTHON: PythonWorld = {
  argv: ["/usr/bin/python3"],
  mounts: [],
  env: { PATH: "/usr/bin:/bin", LANG: "C.UTF-8" },
  digest: "e".repeat(64),
  accelerator: { device: "cpu", wanted: "cpu", name: "A CPU", cores: 2, memoryMegabytes: 8000 },
  datasets: [],
};

let source: Target;
let target: Target;
let commit = "";
let sandbox: Sandbox;
const works: ResearchWork[] = [];
beforeAll(async () => {
  source = makeTarget(FAULTS, "reference");
  commit = source.git("rev-parse", "HEAD");
  target = makeTarget({ "assets/text.txt": "sixteen letters.", "baselines/given.patch": PATCH });
  if (available.bwrap) sandbox = await openBubblewrap();
});
afterAll(() => {
  for (const work of works) work.remove();
  source.remove();
  target.remove();
});

const metrics = (reported: number, tolerance?: object | number) => ({ length: { reported, tolerance } });
function baseline(change: object): object {
  const whole = { name: "reference", paper: "A paper, 1948", source: source.dir, commit, command: "python3 run.py" };
  return { ...whole, metrics: metrics(16), ...change };
}

async function story(baselines: readonly object[], change: Partial<ResearchSetting> = {}) {
  const plan = { environment: { kind: "system" } };
  const opened = await researchWork({ target, sandbox, python: PYTHON, plan, baselines, ...change });
  works.push(opened);
  return opened;
}

function reportOf(end: StageEnd) {
  if (end.kind !== "passed") throw new Error(JSON.stringify(end));
  return BaselinesReport.parse(end.report).baselines;
}

const replace = () => ({ move: "replace", words: "Take another paper's." });
const giveUp = () => JSON.stringify({ move: "give-up", why: "nothing to adapt" });

describe.runIf(available.bwrap)("a baseline", () => {
  test("that reproduces is cloned at its commit, run, compared and reported; nobody is asked", async () => {
    source.write("run.py", "raise SystemExit('a later commit')\n");
    source.commit("Later");
    const { work, problems, briefs } = await story([baseline({})]);
    const end = await baselinesStage(work);
    expect(reportOf(end)).toMatchObject([
      { name: "reference", status: "reproduced", commit, metrics: [{ reported: 16, measured: 16, within: true }] },
    ]);
    expect([problems, briefs]).toEqual([[], []]);
    const files = end.kind === "passed" ? end.files : [];
    expect(files.map(({ path }) => path)).toEqual(["baselines/report.yaml", "baselines/report.md"]);
    expect(parse(files[0]?.text ?? "")).toMatchObject({
      environment: PYTHON.digest,
      hardware: "CPU A CPU, 2 cores, 8000 MB",
    });
    // What is in the cache needs nobody: the repository may be gone by then.
    const moved = { ...work, key: "research/baselines/2" };
    const bare = execFileSync("find", [`${work.stateDir}/cache/baselines`, "-maxdepth", "1", "-name", "*.git"]);
    expect(bare.toString().trim().split("\n")).toHaveLength(1);
    expect(reportOf(await baselinesStage(moved))[0]?.status).toBe("reproduced");
  });

  test("whose reported number is wrong by 12 % is flagged, and the orchestrator's reason is in the report", async () => {
    const orchestrator = () => ({ move: "use-as-is", words: "The paper counts another file." });
    const { work, problems } = await story([baseline({ metrics: metrics(14.2857) })], { orchestrator });
    const end = await baselinesStage(work);
    expect(reportOf(end)).toMatchObject([
      {
        status: "flagged",
        decision: "use-as-is",
        reason: "The paper counts another file.",
        metrics: [{ within: false }],
      },
    ]);
    expect(problems[0]?.text).toContain("+12 %, tolerance 5 %");
    expect(problems[0]?.moves.map((move) => move.split(":")[0])).toEqual(["use-as-is", "debug", "replace", "person"]);
    const markdown = end.kind === "passed" ? end.files.at(-1)?.text : "";
    expect(markdown).toContain("NOT reproduced within tolerance");
    expect(end.kind === "passed" && end.summary).toContain("FLAGGED");
    const wider = await story([baseline({ metrics: metrics(14.2857, 0.15) })]);
    expect(reportOf(await baselinesStage(wider.work))[0]?.status).toBe("reproduced");
  });

  test("that the orchestrator decides about is shown to it: its code, the patch that it ran with, what the coder said", async () => {
    const answers = [
      JSON.stringify({ move: "patch", patch: PATCH, why: "it counts another text" }),
      JSON.stringify({ move: "give-up", why: "the reported number is in doubt" }),
    ];
    const orchestrator = ({ text }: { text: string }) => ({
      move: text.includes("in doubt") ? "use-as-is" : "debug",
      words: "Look at what it reads.",
    });
    const coder = (_told: string, attempt: number) => answers[attempt - 1] ?? "";
    const { work, problems } = await story([baseline({ metrics: metrics(14.2857) })], { orchestrator, coder });
    const notes = ["before the coder's patch: length is 16, reported 14.2857: +12 %, tolerance 5 %"];
    expect(reportOf(await baselinesStage(work))).toMatchObject([{ status: "flagged", decision: "use-as-is", notes }]);
    expect(problems.map(({ text }) => text.includes(RUN.trim()))).toEqual([true, true]);
    expect(problems.map(({ text }) => text.includes(PATCH.trim()))).toEqual([false, true]);
    expect(problems[1]?.text).toMatch(/a patch of the coder's \(it counts another text\)[\s\S]*gave up \(the reported/);
  });

  test("without code is deprioritised, said so, and never run", async () => {
    const { work, problems } = await story([{ name: "lost", paper: "P", code_available: false, metrics: metrics(1) }]);
    const end = await baselinesStage(work);
    expect(reportOf(end)).toMatchObject([{ name: "lost", status: "no-code", metrics: [{ within: false }] }]);
    expect(problems).toEqual([]);
    expect(end.kind === "passed" && end.summary).toContain("deprioritised");
  });

  test.each([
    ["is gone", { source: "../nowhere.git" }, "git fetch"],
    ["has not the commit", { commit: "a".repeat(40) }, "has no commit"],
    ["is a program in disguise", { source: "ext::sh -c id" }, "git fetch"],
    ["asks for keys", { source: "git@example.invalid:a/b.git" }, "over ssh"],
  ])("whose repository %s is never debugged; the orchestrator or a person decides", async (_what, change, said) => {
    const { work, problems, briefs } = await story([baseline(change)], { orchestrator: replace });
    expect(reportOf(await baselinesStage(work))).toMatchObject([
      {
        status: "failed",
        decision: "replace",
        reason: "Take another paper's.",
        problem: expect.stringContaining(said),
      },
    ]);
    expect(problems[0]?.moves.map((move) => move.split(":")[0])).toEqual(["replace", "person"]);
    expect(briefs).toEqual([]);
  });

  test.each([
    ["fails", { command: "python3 broken.py" }, "no weights"],
    ["has no such metric", { command: "python3 other.py" }, "no metric length; it has: size"],
    ["says NaN", { command: "python3 nan.py" }, "length is NaN, which is no number"],
    ["takes too long", { command: "sleep 20", seconds: 1 }, "not done after 1 s; `seconds` of this baseline"],
    ["writes into its clone", { command: "python3 writes.py" }, "Read-only file system"],
    ["has an installer that wants the network", { install: "sh install.sh" }, "It tried the network"],
    ["has a patch that does not apply", { patch: "baselines/given.patch", commit: "" }, "git apply"],
  ])("that %s goes to the coder, then to the orchestrator, with the whole error", async (_what, change, said) => {
    const at = "commit" in change ? { ...change, commit: source.git("rev-parse", "HEAD") } : change;
    if ("commit" in change) {
      source.write("other.py", "changed = True\n");
      source.commit("Change");
      Object.assign(at, { commit: source.git("rev-parse", "HEAD") });
    }
    const { work, problems, briefs, errors } = await story([baseline(at)], { orchestrator: replace, coder: giveUp });
    expect(reportOf(await baselinesStage(work))).toMatchObject([
      { status: "failed", decision: "replace", problem: expect.stringContaining(said) },
    ]);
    expect(briefs).toHaveLength(1);
    expect(briefs[0]).toContain(said);
    expect(problems[0]?.text).toContain(said);
    expect(errors).toMatchObject([
      { stage: "baselines", subject: "reference", resolution: expect.stringContaining("gave up") },
    ]);
  });

  test("is given no network, not even this machine's: nobody hears its installer", async () => {
    let heard = 0;
    const server = createServer((_request, response) => {
      heard++;
      response.end("a wheel");
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const install = `python3 -c "import urllib.request as u; u.urlopen('${url}')" || true`;
    const { work } = await story([baseline({ install })]);
    const [result] = reportOf(await baselinesStage(work));
    server.close();
    expect(heard).toBe(0);
    expect(result).toMatchObject({
      status: "reproduced",
      notes: ["its installer tried the network, which it is not given"],
    });
  });

  test("is adapted by the design's patch", async () => {
    const given = baseline({ command: "python3 other.py", patch: "baselines/given.patch" });
    const { work } = await story([given]);
    expect(reportOf(await baselinesStage(work))).toMatchObject([
      { status: "reproduced", patch: { path: "baselines/given.patch", by: "design" } },
    ]);
  });

  test("is adapted by the coder, whose patch is recorded; one that writes the reported number is refused", async () => {
    const cheat = PATCH.replace('+subprocess.run(["python3", "run.py"], check=True)', "+print('{\"length\": 16.04}')");
    const answers = [cheat, PATCH].map((patch) => JSON.stringify({ move: "patch", patch, why: "it counts" }));
    const metric = { length: { reported: 16.04 } };
    const coder = (_told: string, attempt: number) => answers[attempt - 1] ?? giveUp();
    const { work, errors } = await story([baseline({ command: "python3 other.py", metrics: metric })], { coder });
    const end = await baselinesStage(work);
    expect(reportOf(end)).toMatchObject([
      { status: "reproduced", patch: { path: "baselines/reference.patch", by: "coder" } },
    ]);
    expect(end.kind === "passed" && end.files[0]).toMatchObject({ path: "baselines/reference.patch", text: PATCH });
    expect(errors[0]?.resolution).toContain("The patch writes 16.04, which is what is reported of length");
  });

  test("that waits for a person begins anew when the run goes on, and never repeats what it kept", async () => {
    const person = () => ({ move: "person", words: "Ask the authors." });
    const first = await story([baseline({ command: "python3 broken.py" })], { orchestrator: person, coder: giveUp });
    const end = await baselinesStage(first.work);
    expect(end).toMatchObject({ kind: "waiting", reason: "Baseline reference: Ask the authors." });
    const second = await first.again({ baselines: [baseline({})], orchestrator: person });
    expect(reportOf(await baselinesStage(second.work))[0]?.status).toBe("reproduced");
    const third = await second.again({ baselines: [baseline({ command: "exit 1" })] });
    expect(reportOf(await baselinesStage(third.work))[0]?.status).toBe("reproduced");
  });
});
