// Turns a catalogue into a small shop on its own origin: pages, an API with real delays, some failures.
//
//   node www/shop/server.mjs --port 8788 --collector http://127.0.0.1:8787/ --site-key fh_demo_shop
//
// Node 20 or later, nothing else. The shop needs no collector: without one it only loses the survey.

import { createServer } from "node:http";

import { createApi } from "./server/api.mjs";
import { readArguments, usage } from "./server/arguments.mjs";
import { createConditions } from "./server/conditions.mjs";
import { createPages } from "./server/pages.mjs";

let options;
try {
  options = readArguments(process.argv.slice(2));
} catch (error) {
  console.error(`${error.message}\n\n${usage}`);
  process.exit(2);
}
if (options.help) {
  console.log(usage);
  process.exit(0);
}

const conditions = createConditions(options);
const api = createApi(conditions);
const pages = await createPages(options);

const server = createServer((request, response) => {
  const url = new URL(request.url, "http://shop");
  const answer = url.pathname.startsWith("/api/") ? api : pages;
  answer(request, response, url).catch((error) => {
    console.error(error);
    if (response.headersSent) response.destroy();
    else response.writeHead(500).end();
  });
});

server.on("error", (error) => {
  console.error(
    `cannot listen on ${options.host}:${options.port}: ${error.message}`,
  );
  process.exit(1);
});
server.listen(options.port, options.host, () => {
  console.log(
    `shop listening on http://${options.host}:${server.address().port}/`,
  );
});

function stop() {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  // What is still being answered after a second is a deliberate delay, not work.
  setTimeout(() => server.closeAllConnections(), 1000).unref();
}
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
