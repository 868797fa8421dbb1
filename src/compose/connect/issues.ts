import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { type IssueName, issueNamed, issuePath, issueSpec } from "../../domain/connectors/issue.ts";
import { InputError } from "../../domain/step-failure.ts";
import { type ConnectPlace, callConnector } from "./connectors.ts";

const Links = z.record(z.string(), z.strictObject({ connector: z.string(), key: z.string() }));

/** Which spec came from which issue. In the mill's own folder: no text of an issue can say it. */
function linksPath({ stateDir }: ConnectPlace): string {
  return join(stateDir, "issues.json");
}

async function links(place: ConnectPlace): Promise<z.infer<typeof Links>> {
  const text = await readFile(linksPath(place), "utf8").catch(() => "{}");
  return Links.catch({}).parse(JSON.parse(text));
}

/**
 * Reads an issue (`tracker:KEY`) through its connector and writes it as a spec; answers the spec's path.
 * @throws InputError when it is no issue's name, the tracker cannot read issues, or another spec stands there
 */
export async function specFromIssue(text: string, place: ConnectPlace): Promise<string> {
  const issue = issueNamed(text);
  if (issue === undefined) throw new InputError([`--issue takes connector:KEY, like tracker:ENG-12; not "${text}".`]);
  const tools = place.config.connectors[issue.connector]?.issue;
  if (tools === undefined)
    throw new InputError([
      `The connector ${issue.connector} reads no issues: write \`issue: { read: <tool> }\` under connectors.${issue.connector}.`,
    ]);
  const answer = await callConnector(
    {
      caller: "architect",
      connector: issue.connector,
      tool: tools.read,
      arguments: { ...tools.with, [tools.key]: issue.key },
    },
    place,
  );
  if (answer.trim() === "") throw new InputError([`${text} is empty, or there is no such issue.`]);
  const path = issuePath(issue);
  const known = await links(place);
  const file = join(place.root, path);
  const before = await readFile(file, "utf8").catch(() => undefined);
  if (before !== undefined && known[path] === undefined)
    throw new InputError([`${path} is a spec of yours. Move it away, then read the issue again.`]);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, issueSpec(issue, answer));
  await writeFile(linksPath(place), `${JSON.stringify({ ...known, [path]: issue }, null, 2)}\n`);
  return path;
}

/** The issue that a spec came from. */
export async function issueOf(spec: string | undefined, place: ConnectPlace): Promise<IssueName | undefined> {
  return spec === undefined ? undefined : (await links(place))[spec];
}
