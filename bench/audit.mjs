/**
 * How many planted gaps does an audit find? The gaps are listed in bench/audit/<example>.json, which no auditor sees: each with
 * the kinds, files and words that a finding of it has. A finding counts for a gap when its kind, file and claim fit; a plan
 * answers a gap when it names such a finding.
 *
 *   node bench/audit.mjs setup <folder>            the pricing example without its spec, which names the gaps
 *   node bench/audit.mjs score <findings.json>     gaps found, by whom, and planned
 *   node bench/audit.mjs                           the recorded audit (examples/pricing/audit/findings.json) as CSV
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setUp } from "../examples/setup.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/** The gaps of an example, each with the findings and plans that fit. */
function scored(gaps, { findings, plans }) {
  return gaps.map((gap) => {
    const fits = findings.filter(
      (one) =>
        gap.kinds.includes(one.kind) &&
        gap.files.some((file) => one.file.startsWith(file)) &&
        gap.words.every((word) => new RegExp(word, "i").test(`${one.claim} ${one.quote}`)),
    );
    const ids = fits.map(({ id }) => id);
    const planned = plans.filter((plan) => plan.findings.some((id) => ids.includes(id))).map(({ plan }) => plan);
    return {
      gap: gap.id,
      found: fits.map(({ id, by }) => `${id} (${by})`),
      byAuditor: fits.some(({ by }) => by === "auditor"),
      planned,
    };
  });
}

/** Findings of the recorded audit, where there is one. */
const RECORDED = join(here, "..", "examples", "pricing", "audit", "findings.json");

function csv(path) {
  console.log("gap,found,by_auditor,planned");
  if (!existsSync(path)) return;
  const gaps = JSON.parse(readFileSync(join(here, "audit", "pricing.json"), "utf8"));
  for (const { gap, found, byAuditor, planned } of scored(gaps, JSON.parse(readFileSync(path, "utf8"))))
    console.log([gap, found.length > 0, byAuditor, planned.join(" ")].join(","));
}

function main([command, path]) {
  if (command === "setup" && path) {
    const made = setUp("pricing", path, { without: ["specs/"] });
    console.log(`${made.commit} ${made.dir}`);
    return;
  }
  if (command !== "score") return csv(path ?? RECORDED);
  const gaps = JSON.parse(readFileSync(join(here, "audit", "pricing.json"), "utf8"));
  const audit = JSON.parse(readFileSync(path, "utf8"));
  const rows = scored(gaps, audit);
  for (const { gap, found, planned } of rows)
    console.log(
      `${found.length > 0 ? "found " : "MISSED"} ${gap.padEnd(20)} ${found.join(", ")}${planned.length > 0 ? ` -> ${planned.join(", ")}` : ""}`,
    );
  const count = (what) => rows.filter(what).length;
  const beside = audit.findings.filter(
    ({ id }) => !rows.some(({ found }) => found.some((text) => text.startsWith(`${id} `))),
  );
  console.log(
    `\n${count(({ found }) => found.length > 0)} of ${rows.length} planted gaps found (${count(({ byAuditor }) => byAuditor)} by the auditor), ` +
      `${count(({ planned }) => planned.length > 0)} planned; ${beside.length} other findings, ${audit.dropped.length} claims dropped, ${audit.plans.length} plans`,
  );
}

main(process.argv.slice(2));
