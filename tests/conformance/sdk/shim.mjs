// Turns our capture shim alone into an adapter: what it measures, before the agent sums it up.

import { fileURLToPath } from "node:url";

import { build } from "esbuild";

/** `ERROR_*` of `latency::class`, in their order. */
const ENDS = ["answered", "network", "aborted", "timeout", "pending"];
const KIND_XHR = 1;

export default {
  id: "shim",
  name: "Firsthand's shim",
  version: "",
  async prepare() {
    const result = await build({
      entryPoints: [fileURLToPath(new URL("shim.entry.ts", import.meta.url))],
      bundle: true,
      minify: !process.env["READABLE"],
      format: "iife",
      target: "es2020",
      write: false,
      logLevel: "error",
    });
    const body = result.outputFiles[0].text;
    return {
      files: new Map([["/shim.js", { type: "text/javascript", body }]]),
      head: () => '<script src="/shim.js"></script>',
    };
  },
  read: (uploads) =>
    uploads
      .flatMap(({ text }) => text.split("\x1e"))
      .map((row) => row.split("\x1f"))
      .filter(([kind]) => Number(kind) <= KIND_XHR)
      .map(observation),
};

function observation(fields) {
  const [
    ,
    method,
    url,
    graphql,
    ,
    headers,
    body,
    status,
    error,
    ,
    queue,
    connect,
    server,
    transfer,
  ] = fields;
  const ms = (tenths) => (tenths === "" ? undefined : Number(tenths) / 10);
  const ended = ENDS[Number(error)];
  return {
    name: url,
    url,
    method,
    outcome:
      ended === "answered"
        ? Number(status) < 400
          ? "ok"
          : "http_error"
        : ended,
    count: 1,
    durationMs: ms(headers),
    headersMs: ms(headers),
    bodyMs: ms(body),
    phases: {
      queue: ms(queue),
      connect: ms(connect),
      server: ms(server),
      transfer: ms(transfer),
    },
    graphql,
  };
}
