import { Config } from "./config.ts";
import { CONFIG_RULES } from "./config-rules.ts";
import { InputError } from "./step-failure.ts";
import { problemLines, readYaml } from "./yaml-text.ts";

/**
 * The config of a `millwright.yaml`, defaults filled in.
 * @throws InputError with every problem at once, each `line N: key: what is wrong and what would be right`
 */
export function readConfig(yamlText: string): Config {
  const read = readYaml(yamlText.replace(/^\uFEFF/, ""), Config);
  if (read.kind === "problems") throw new InputError(problemLines(read.problems));
  const problems = CONFIG_RULES.flatMap((rule) => rule(read.value)).map(({ path, message }) => ({
    line: read.lineOf(path),
    message,
  }));
  if (problems.length > 0) throw new InputError(problemLines(problems));
  return read.value;
}
