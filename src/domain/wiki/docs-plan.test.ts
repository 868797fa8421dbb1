import { expect, test } from "vitest";
import { Config } from "../config.ts";
import { digestOf } from "../digest.ts";
import { judgePlan } from "../plan-rules.ts";
import { parsePlan, printPlan } from "../plan-text.ts";
import { docsPlan, docsSpec } from "./docs-plan.ts";
import { readHead } from "./front-matter.ts";

const FACTS = {
  files: ["wiki/00_SCHEMA.md", "wiki/index.md", "wiki/log.md"],
  profile: { suites: [], manifests: [] },
  config: Config.parse({}),
  skills: [],
};

/** Names of commits of every form that a number can have, and a hundred of any. */
const NAMES = [
  "245434983137",
  "012345678901",
  "820e33288301",
  "1e2345678901",
  "000000000000",
  "123456789e12",
  "0x1234567890",
  ...Array.from({ length: 100 }, (_none, at) => digestOf(String(at)).slice(0, 12)),
];

test("a documentation is about any commit and any source, whatever values its title holds", () => {
  const titles = [
    ...NAMES.map((name) => `Document what changed up to ${name}`),
    "Ingest 40 euros and 404 `answers`.md",
    'Ingest "quoted" #2563eb 8 px.txt',
  ];
  for (const title of titles) {
    const plan = docsPlan({ name: "document", title, purpose: "Why.", shown: "", accept: ["It is said"] }, "c0ffee");
    const spec = docsSpec(title);
    expect(plan.spec.digest).toBe(spec.digest);
    expect(judgePlan([plan], spec, FACTS), title).toEqual({ kind: "pass", notes: [] });
  }
});

test("names of commits come back from a plan's file as they went", () => {
  for (const name of NAMES) {
    const given = docsPlan({ name: "document", title: name, purpose: name, shown: "", accept: [name] }, name);
    const plan = { ...given, spec: { digest: name.repeat(6).slice(0, 64) }, body: name };
    const read = parsePlan(printPlan(plan));
    expect(read, name).toEqual({ kind: "plan", plan });
  }
});

test("a page that was checked at a commit says which, though its name looks like a number", () => {
  for (const name of NAMES.filter((one) => /^[0-9a-f]+$/.test(one))) {
    for (const text of [name, `"${name}"`, `${name} `]) {
      const { checked, problems } = readHead(`---\nchecked: ${text}\n---\n# Page\n`);
      expect({ checked, problems }).toEqual({ checked: name, problems: [] });
    }
  }
});
