import type { Metrics } from "./metrics.ts";
import type { Chart } from "./metrics-charts.ts";
import { metricsLines } from "./metrics-text.ts";
import { plainLine } from "./plain.ts";

/** A chart with its drawing; "" when there is nothing to draw. */
export interface DrawnChart {
  readonly chart: Chart;
  /** An `<svg>` element. */
  readonly svg: string;
}

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin:2.2rem 0 .4rem}table{border-collapse:collapse;font-size:.87rem}
th,td{text-align:left;padding:.15rem .9rem .15rem 0;border-bottom:1px solid #d8dde3;vertical-align:top}
td.number{text-align:right;font-variant-numeric:tabular-nums}svg{max-width:100%;height:auto}.wide{overflow-x:auto}`;

/** The report as one file: nothing in it is loaded from anywhere, and nothing in it runs. */
export function metricsPage(metrics: Metrics, drawn: readonly DrawnChart[], title: string): string {
  const numbers = metricsLines(metrics).map((cells) => row("td", cells));
  const parts = drawn.map(({ chart, svg }) => [`<h2>${escaped(chart.title)}</h2>`, svg, table(chart)].join("\n"));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<table>
${numbers.join("\n")}
</table>
${parts.join("\n")}
</body>
</html>
`;
}

const MOST = 30;

function table({ columns, rows }: Chart): string {
  if (rows.length === 0) return "<p>Nothing yet.</p>";
  const more = rows.length > MOST ? `<p>… and ${rows.length - MOST} more.</p>` : "";
  const lines = [row("th", columns), ...rows.slice(0, MOST).map((cells) => row("td", cells))];
  return `<div class="wide"><table>\n${lines.join("\n")}\n</table></div>${more}`;
}

function row(tag: "th" | "td", cells: readonly (string | number)[]): string {
  const all = cells.map((cell) => {
    const kind = typeof cell === "number" ? ' class="number"' : "";
    return `<${tag}${kind}>${escaped(String(cell))}</${tag}>`;
  });
  return `<tr>${all.join("")}</tr>`;
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  return plainLine(text, 400).replace(/[&<>"]/g, (character) => ESCAPES[character] ?? "");
}
