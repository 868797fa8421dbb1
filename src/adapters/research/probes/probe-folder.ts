import { fileURLToPath } from "node:url";

/** The folder of the probes: they are shipped as they are, and run inside the sandbox. */
export const probeFolder = fileURLToPath(new URL("./", import.meta.url)).replace(/\/$/, "");
