import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { beyond } from "../../adapters/models/reach.ts";
import type { Config } from "../../domain/config.ts";
import { InputError } from "../../domain/step-failure.ts";
import { fileNameOf } from "../../domain/wiki/page-text.ts";

/** A source as it came, byte for byte. */
export interface ReadSource {
  /** Its file's name, without folder. */
  readonly name: string;
  readonly text: string;
  /** Where it came from. */
  readonly from: string;
}

const MOST_BYTES = 1024 * 1024;
const LONGEST_MILLISECONDS = 30_000;

/**
 * Reads a file, a `file:` address or an http address under the network rules of the config.
 * @throws InputError when it is not there, too large, no text, or out of reach
 */
export async function readSource(source: string, root: string, config: Config): Promise<ReadSource> {
  if (/^https?:\/\//i.test(source)) return fetched(source, config);
  const path = source.startsWith("file:") ? fileURLToPath(source) : await pathOf(source, root);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new InputError([`There is no file ${source}. Give the path of a text, or an address.`]);
  if (found.size > MOST_BYTES) throw tooLarge(source, found.size);
  return { name: nameOf(path), text: textOf(await readFile(path), source), from: source };
}

async function pathOf(source: string, root: string): Promise<string> {
  const here = resolve(source);
  return (await stat(here).catch(() => undefined)) ? here : resolve(root, source);
}

async function fetched(address: string, { network, localHosts }: Config): Promise<ReadSource> {
  const reach = network === "open" ? undefined : ({ kind: "local", hosts: localHosts, rule: network } as const);
  const why = reach === undefined ? undefined : await beyond(address, reach);
  if (why !== undefined) throw new InputError([`${address} is refused by \`network: ${network}\`: ${why}.`]);
  const answer = await fetch(address, {
    redirect: reach === undefined ? "follow" : "error",
    signal: AbortSignal.timeout(LONGEST_MILLISECONDS),
  }).catch((error: unknown) => {
    throw new InputError([`${address} cannot be read: ${error instanceof Error ? error.message : String(error)}.`]);
  });
  if (!answer.ok) throw new InputError([`${address} answers ${answer.status}.`]);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (bytes.length > MOST_BYTES) throw tooLarge(address, bytes.length);
  return { name: nameOf(new URL(address).pathname), text: textOf(bytes, address), from: address };
}

function tooLarge(source: string, bytes: number): InputError {
  return new InputError([
    `${source} has ${bytes} bytes; a source has at most ${MOST_BYTES}. Give its part that matters.`,
  ]);
}

/** The text whose UTF-8 bytes are these, byte order mark and line ends included. @throws InputError when there is none */
function textOf(bytes: Uint8Array, source: string): string {
  try {
    const text = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }).decode(bytes);
    if (text.trim() === "") throw new InputError([`${source} is empty.`]);
    if (!text.includes("\0")) return text;
  } catch (error) {
    if (error instanceof InputError) throw error;
  }
  throw new InputError([`${source} is no text in UTF-8: nothing that is not text can be cited.`]);
}

/** A name that is a file's name everywhere: `notes.md`, `pull-request-12.txt`. */
function nameOf(path: string): string {
  const last = path.split(/[/\\]/).at(-1) ?? "";
  const [, stem = last, ending = ""] = /^(.*?)(\.[A-Za-z0-9]{1,8})?$/.exec(last) ?? [];
  return `${fileNameOf(stem)}${ending.toLowerCase() || ".txt"}`;
}
