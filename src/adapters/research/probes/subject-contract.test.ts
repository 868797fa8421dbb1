import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { SUBJECT_NAMES, SUBJECT_OFFERS } from "../../../domain/research/subject-contract.ts";
import { probeFolder } from "./probe-folder.ts";

const measures = readFileSync(join(probeFolder, "millwright_measures.py"), "utf8");
const guide = readFileSync(
  fileURLToPath(new URL("../../../../docs/guides/research-probes.md", import.meta.url)),
  "utf8",
);

test("the probes call what coders are told to offer, with as many arguments, and nothing else", () => {
  const calls = [...measures.matchAll(/self\.subject\.(\w+)\(/g)].map((found) => ({
    name: found[1] ?? "",
    count: argumentsFrom(measures, found.index + found[0].length),
  }));
  expect(new Set(calls.map(({ name }) => name))).toEqual(new Set(SUBJECT_NAMES));
  for (const { name, count } of calls) {
    const call = SUBJECT_OFFERS.find((offer) => offer.call.startsWith(`${name}(`))?.call ?? "";
    expect(`${name} ${count}`).toBe(`${name} ${argumentsFrom(call, name.length + 1)}`);
  }
});

test("the guide tells them in the same words", () => {
  for (const { call } of SUBJECT_OFFERS) expect(guide).toContain(`\`${call}\``);
});

/** Arguments without a default of a call that begins here: those at its own depth that are neither `name=…` nor `**more`. */
function argumentsFrom(text: string, start: number): number {
  const parts = [""];
  for (let at = start, depth = 1; at < text.length; at++) {
    const sign = text[at] ?? "";
    if (sign === "(") depth++;
    if (sign === ")" && --depth === 0) break;
    if (sign === "," && depth === 1) parts.push("");
    else parts[parts.length - 1] += sign;
  }
  return parts.filter((part) => !/^\s*(?:\*\*|\w+=)/.test(part)).length;
}
