// Turns what the bundler fills in into fixed names for the tests.
import { defineConfig } from "vitest/config";

export default defineConfig({
  define: {
    __VERSION__: JSON.stringify("0.0.0-test"),
    __ASSETS__: JSON.stringify({
      agent: "a/agent.js",
      agentWasm: "a/agent.wasm",
      widget: "a/widget.js",
      widgetWasm: "a/widget.wasm",
    }),
  },
  test: { include: ["tests/**/*.test.ts"] },
});
