// Turns what the bundler fills in into fixed names for the tests.
import { defineConfig } from "vitest/config";

export default defineConfig({
  define: {
    __VERSION__: JSON.stringify("0.0.0-test"),
    __ASSETS__: JSON.stringify({
      agent: "a/agent.js",
      agentWasm: "a/agent.wasm",
      asker: "a/asker.js",
      askerWasm: "a/asker.wasm",
      stage: "a/stage.js",
      rows: "a/rows.js",
      vitals: "a/vitals.js",
      outbox: "a/outbox.js",
    }),
    __STAGE__: JSON.stringify({
      widget: "a/widget.js",
      widgetWasm: "a/widget.wasm",
      shot: "a/shot.js",
      words: {
        de: "a/words-de.json",
        en: "a/words-en.json",
        "pt-BR": "a/words-pt-BR.json",
      },
    }),
  },
  test: { include: ["tests/**/*.test.ts"] },
});
