import { runDemo as demo } from "./compose/demo.ts";
import { diagnoseRepository as diagnose } from "./compose/doctor.ts";
import { initRepository as init } from "./compose/init.ts";
import { openMill as open } from "./compose/open-mill.ts";
import type { Doors } from "./mill.ts";

/** The doors through which an app enters: config and flags in, a wired mill out. */
export const openMill: Doors["openMill"] = (dir, flags) => open(dir, flags);
export const initRepository: Doors["initRepository"] = init;
export const diagnoseRepository: Doors["diagnoseRepository"] = diagnose;
export const runDemo: Doors["runDemo"] = demo;
