import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Inspection, inspectRepository } from "../../adapters/git/system/inspection.ts";
import { Suite } from "../../domain/config.ts";
import { startingDesign } from "../../domain/research/starting-design.ts";
import { InputError } from "../../domain/step-failure.ts";
import { firstConfig } from "../init.ts";

/**
 * Writes a commented start of a design into the repository of `dir`, and a first `millwright.yaml` where there is none;
 * answers the paths. @throws InputError
 */
export async function startDesign(dir: string, name: string): Promise<readonly string[]> {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name))
    throw new InputError([`${name} is no name: lower-case letters, digits and hyphens, at most 40, like char-lm.`]);
  const inspection = await inspectRepository(dir);
  const { root } = inspection;
  const files = startingDesign(name);
  const there: string[] = [];
  for (const { path } of files) if (await stat(join(root, path)).catch(() => undefined)) there.push(path);
  if (there.length > 0)
    throw new InputError(
      there.map((path) => `${path} is there already; nothing was written. Move it away, or edit it.`),
    );
  const isConfigured = await stat(join(root, CONFIG)).catch(() => undefined);
  const config = isConfigured ? [] : [{ path: CONFIG, text: await configOf(inspection) }];
  const written = [...files, ...config];
  for (const { path, text } of written) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return written.map(({ path }) => path);
}

const CONFIG = "millwright.yaml";
const ABOUT = `# For \`millwright research\`: who answers for each role, and how the tasks' tests are run, in the environment of
# design/plan.md. Its workflow is \`research\`, whatever stands below.
`;

async function configOf(inspection: Inspection): Promise<string> {
  const { text } = await firstConfig(inspection, [Suite.parse({ runner: "pytest" })]);
  return `${ABOUT}${text}`;
}
