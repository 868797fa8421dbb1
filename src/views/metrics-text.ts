import { counted, countText, durationText } from "./amounts.ts";
import type { Attempts, Metrics } from "./metrics.ts";
import { plainLine } from "./plain.ts";

/** The numbers of a repository, one a line: name and what it is. */
export function metricsLines(metrics: Metrics): readonly (readonly [name: string, value: string])[] {
  const { attempts, bill, coverage, interventions, finalTests, repeatRate } = metrics;
  return [
    ["runs", String(metrics.runs)],
    ["tasks", countsText(metrics.tasks)],
    ["attempts", attemptsText(attempts)],
    ["manual interventions", `${interventions.manual}, ${counted(interventions.waiting, "question")} waiting`],
    ["tests begun anew", String(metrics.testsAnew)],
    ["approved corrections", String(interventions.approvals)],
    ["closed incidents", String(interventions.closings)],
    ["final test count", finalTests === undefined ? "nothing has landed" : `${finalTests} passing`],
    ["failure types", countsText(metrics.types)],
    ["failure categories", countsText(metrics.categories)],
    ["repeat-pattern rate", percent(repeatRate)],
    [
      "deterministic coverage",
      `${percent(coverage.ratio)} (${coverage.deterministic} of ${coverage.decisions} decisions)`,
    ],
    ["cost", costText(bill)],
    ["cost per landed task", perLanded(bill)],
    ["steps that failed", countsText(metrics.outages)],
  ];
}

/** The whole of it for a terminal: numbers, then the short tables. */
export function metricsText(metrics: Metrics): string {
  const lines = metricsLines(metrics).map(([name, value]) => `${name.padEnd(24)}${plainLine(value, 300)}`);
  const byCorrections = metrics.byCorrections.map((one) => `${one.corrections}: ${attemptsText(one)}`);
  const signatures = metrics.signatures.slice(0, 5).map((one) => {
    const where = `in ${counted(one.tasks, "task")} of ${counted(one.runs, "run")}`;
    return `${one.signature}  ${counted(one.count, "time")} ${where}, ${one.type}, ${one.category}, at ${one.gate}`;
  });
  const byRun = metrics.byRun
    .slice(-5)
    .map((one) => `${one.run}: ${counted(one.attempts, "attempt")}, ${one.failed} failed`);
  const hardest = metrics.hardest
    .slice(0, 5)
    .map(
      (one) => `${one.task}: ${counted(one.attempts, "attempt")}, ${one.failed} failed, ${one.outcome}: ${one.title}`,
    );
  const gates = metrics.gates.map((one) => `${one.gate}: ${one.refused} of ${one.judged} refused`);
  return [
    ...lines,
    ...part("Attempts by active corrections", byCorrections),
    ...part("Signatures", signatures),
    ...part("Hardest tasks", hardest),
    ...part("Failures of the newest runs", byRun),
    ...part("Gates", gates),
  ].join("\n");
}

function part(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${plainLine(line, 300)}`)];
}

function attemptsText({ total, passed, failed, deadlocked, other, passRate }: Attempts): string {
  const rest = other === 0 ? "" : `, ${other} other`;
  return `${total}: ${passed} pass, ${failed} fail, ${deadlocked} deadlock${rest}; pass rate ${percent(passRate)}`;
}

function countsText(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return parts.length === 0 ? "none" : parts.join(", ");
}

function costText({ tokens, money, seconds, unpriced }: Metrics["bill"]): string {
  const without = unpriced.length === 0 ? "" : ` (no price: ${unpriced.join(", ")})`;
  const paid = money === undefined ? "money unknown" : `${money.toFixed(4)} in money`;
  return `${countText(tokens)} tokens, ${paid}${without}, ${durationText(seconds * 1000)} of work`;
}

function perLanded({ tokensPerLanded, moneyPerLanded, secondsPerLanded, landed }: Metrics["bill"]): string {
  if (tokensPerLanded === undefined) return "nothing has landed";
  const paid = moneyPerLanded === undefined ? "" : `, ${moneyPerLanded.toFixed(4)} in money`;
  const time = durationText((secondsPerLanded ?? 0) * 1000);
  return `${countText(Math.round(tokensPerLanded))} tokens${paid}, ${time} of work (${landed} landed; failures are in it)`;
}

function percent(share: number | undefined): string {
  return share === undefined ? "n/a" : `${(100 * share).toFixed(1)} %`;
}
