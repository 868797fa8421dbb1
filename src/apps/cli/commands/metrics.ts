import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { pricesOf } from "../../../domain/prices.ts";
import { InputError } from "../../../domain/step-failure.ts";
import type { Mill } from "../../../mill.ts";
import { type Metrics, metricsOf } from "../../../views/metrics.ts";
import { chartCsv, metricsCharts } from "../../../views/metrics-charts.ts";
import { metricsPage } from "../../../views/metrics-page.ts";
import { metricsText } from "../../../views/metrics-text.ts";
import { plainJson, plainLine } from "../../../views/plain.ts";
import { type ToldRun, toldRun } from "../../../views/told-run.ts";
import { type Session, say, withMill } from "../session.ts";

interface MetricsOptions {
  readonly html?: string;
  readonly csv?: string;
}

/** The numbers of all runs of a repository, as text, as JSON, as a page with plots, as a folder of CSV files. */
export async function metrics(session: Session, options: MetricsOptions): Promise<number> {
  return withMill(session, async (mill) => {
    const told = await toldRuns(mill);
    const models = told.flatMap(({ view }) => Object.keys(view.totals.tokensByModel));
    const all = metricsOf(told, pricesOf(mill.config, [...new Set(models)]));
    const written = [...(await writeCsv(all, session, options)), ...(await writePage(all, mill, session, options))];
    if (session.json) say(session, plainJson({ ...all, written }));
    else say(session, [metricsText(all), ...written.map((path) => plainLine(`wrote ${path}`, 400))].join("\n"));
    return 0;
  });
}

async function toldRuns(mill: Mill): Promise<readonly ToldRun[]> {
  const told: ToldRun[] = [];
  for (const { id } of await mill.runs()) told.push(toldRun(await mill.entries(id)));
  return told;
}

async function writeCsv(all: Metrics, session: Session, { csv }: MetricsOptions): Promise<readonly string[]> {
  if (csv === undefined) return [];
  const dir = resolve(session.terminal.cwd, csv);
  const written: string[] = [];
  for (const chart of metricsCharts(all)) written.push(await keep(join(dir, `${chart.name}.csv`), chartCsv(chart)));
  return written;
}

async function writePage(
  all: Metrics,
  mill: Mill,
  session: Session,
  { html }: MetricsOptions,
): Promise<readonly string[]> {
  if (html === undefined) return [];
  const { drawChart } = await import("../draw-chart.ts");
  const drawn = [];
  for (const chart of metricsCharts(all)) drawn.push({ chart, svg: await drawChart(chart) });
  const page = metricsPage(all, drawn, `${basename(mill.root)}: what the mill has done`);
  const path = await keep(resolve(session.terminal.cwd, html), page);
  const beside = await writeCsv(all, session, { csv: `${path.replace(/\.html?$/i, "")}-csv` });
  return [path, ...beside];
}

/** @throws InputError when the file cannot be written */
async function keep(path: string, text: string): Promise<string> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return path;
  } catch (error) {
    throw new InputError([`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}.`]);
  }
}
