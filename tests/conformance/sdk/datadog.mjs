// Turns Datadog RUM into an adapter.

import { fromStatus } from "./observation.mjs";
import { bundled, versionOf } from "./peer.mjs";

/** Datadog tells durations in ns. */
const MS = 1e6;

export default {
  id: "datadog",
  name: "Datadog RUM",
  version: await versionOf("@datadog/browser-rum"),
  prepare: () => bundled("datadog"),
  read: (uploads) =>
    uploads
      .flatMap(({ text }) => text.split("\n"))
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line))
      .filter(
        ({ type, resource }) =>
          type === "resource" && /^(fetch|xhr)$/.test(resource.type),
      )
      .map(observation),
};

function observation({ date, resource }) {
  const ms = (part) => (part === undefined ? undefined : part.duration / MS);
  const { download, first_byte, connect, dns, ssl, graphql } = resource;
  return {
    name: resource.url,
    url: resource.url,
    method: resource.method,
    outcome: fromStatus(resource.status_code),
    count: 1,
    durationMs:
      resource.duration === undefined ? undefined : resource.duration / MS,
    headersMs: download === undefined ? undefined : download.start / MS,
    bodyMs:
      download === undefined
        ? undefined
        : (download.start + download.duration) / MS,
    phases: {
      dns: ms(dns),
      connect: ms(connect),
      tls: ms(ssl),
      server: ms(first_byte),
      transfer: ms(download),
    },
    atMs: date,
    graphql: graphql?.operationName,
  };
}
