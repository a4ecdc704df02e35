// Turns what the deliberately bad SDK says into observations.

import { readFile } from "node:fs/promises";

export default {
  id: "bad",
  name: "bad on purpose",
  version: "",
  async prepare() {
    const source = await readFile(new URL("bad.js", import.meta.url), "utf8");
    return { head: () => `<script>${source}</script>` };
  },
  read: (uploads) =>
    uploads
      .flatMap(({ text }) => JSON.parse(text))
      .map(({ name, outcome, at, ms }) => ({
        name,
        outcome,
        count: 1,
        durationMs: ms,
        atMs: at,
      })),
};
