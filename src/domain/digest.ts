import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** A lower-case hexadecimal SHA-256 (64 characters). */
export type Digest = string;

/** The SHA-256 of a text's UTF-8 bytes. */
export function digestOf(text: string): Digest {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** The SHA-256 of a value's canonical JSON: keys sorted, `undefined` members left out. Equal values, equal digest. */
export function digestOfValue(value: unknown): Digest {
  return digestOf(canonicalJson(value));
}

/** JSON with sorted keys and without `undefined` members. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (member === null || typeof member !== "object" || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
