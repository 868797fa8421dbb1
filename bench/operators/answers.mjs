/** A program of its own, so that code which never ends can be ended: module path, function and inputs come in, answers go out. */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { path, name, inputs } = JSON.parse(readFileSync(0, "utf8"));
const found = await import(pathToFileURL(path).href);
const answers = inputs.map((input) => {
  try {
    return JSON.stringify(found[name](...input)) ?? "undefined";
  } catch (error) {
    return `throws ${error.name}`;
  }
});
process.stdout.write(JSON.stringify(answers));
