#!/usr/bin/env node
// node examples/brownfield/setup.mjs <folder>
import { main } from "../setup.mjs";

main(["brownfield", ...process.argv.slice(2)]);
