// Turns the types of the built agents into a proof, for the compiler, that the bridge expects them.
import type { AgentModule } from "../src/boot/bridge.js";
import type * as Agent from "../wasm/agent/agent_wasm.js";
import type * as Asker from "../wasm/asker/agent_wasm.js";

export const fits: typeof Agent | typeof Asker extends AgentModule
  ? true
  : never = true;
