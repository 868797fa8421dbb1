import type { Heard } from "../agent-event.ts";
import type { AgentWorld } from "../agent-world.ts";
import type { Asking } from "../cli-session.ts";
import type { Surroundings } from "../session.ts";

export async function askAcp(_asking: Asking, _around: Surroundings, _world: AgentWorld): Promise<Heard> {
  throw new Error("not yet");
}
