import { fileURLToPath } from "node:url";

/** The folder of the reporters, which are shipped as they are: they run inside the target's own runner. */
export const reporterFolder = fileURLToPath(new URL("./reporters/", import.meta.url));
