// Turns the types of the built agent into a proof, for the compiler, that the bridge expects them.
import type { AgentModule } from "../src/boot/bridge.js";
import type * as Glue from "../wasm/agent/agent_wasm.js";

export const fits: typeof Glue extends AgentModule ? true : never = true;
