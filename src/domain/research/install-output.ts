/** Who can help when an installation fails. */
export type InstallTrouble = "network" | "disk" | "program" | "packages";

const NETWORK =
  /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRE(?:SET|FUSED)|network is unreachable|Temporary failure in name resolution|Name or service not known|NewConnectionError|Connection refused|dns error|CondaHTTPError|Could not resolve host|50[23] (?:Service|Bad Gateway)/i;
const DISK = /No space left on device|Disk quota exceeded|\bENOSPC\b/i;

/** What is behind the end of an installer's output. */
export function troubleIn(exitCode: number | null, output: string): InstallTrouble {
  if (DISK.test(output)) return "disk";
  if (exitCode === 127) return "program";
  return NETWORK.test(output) ? "network" : "packages";
}

/** True when a program without a network says that it wanted one. */
export function triedNetwork(output: string): boolean {
  return NETWORK.test(output);
}

const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, "g");

/** The last characters of an output, without colours and bare carriage returns. */
export function tailOf(output: string, most: number): string {
  const plain = output.replace(COLOURS, "").replace(/[^\n]*\r(?!\n)/g, "");
  const text = plain.trim();
  return text.length <= most ? text : `…${text.slice(-most)}`;
}
