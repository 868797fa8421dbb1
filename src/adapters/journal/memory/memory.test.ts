import { describe } from "vitest";
import { journalContract } from "../journal.contract.ts";
import { openMemoryStore } from "./memory.ts";

describe("the journal in memory", () => journalContract(openMemoryStore));
