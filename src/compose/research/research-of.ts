import type { RunInputs } from "../../domain/run-inputs.ts";
import type { RunEnd, Watch } from "../run-end.ts";
import type { ResearchDesk } from "./research-desk.ts";
import type { Research } from "./research-door.ts";

interface Doing {
  locked<Result>(watch: Watch, work: () => Promise<Result>): Promise<Result>;
  begin(inputs: RunInputs, watch: Watch): Promise<RunEnd>;
  version(): Promise<string>;
}

const load = () => import("./research-desk.ts");

/** The research pipeline of an opened repository; its code is loaded when it is asked for. */
export function researchOf(place: ResearchDesk, { locked, begin, version }: Doing): Research {
  return {
    research: (request, watch) =>
      locked(watch, async () => begin(await (await load()).frozenResearch(request, place, await version()), watch)),
    researchLook: async (run) => (await load()).lookAtResearch(run, place),
    researchGate: async (run, change) => (await load()).changeGate(run, change, place),
  };
}
