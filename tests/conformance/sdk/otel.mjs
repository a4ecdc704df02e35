// Turns OpenTelemetry's web SDK into an adapter.

import { spans } from "./otlp.mjs";
import { bundled, versionOf } from "./peer.mjs";

export default {
  id: "otel",
  name: "OpenTelemetry",
  version: await versionOf("@opentelemetry/instrumentation-fetch"),
  prepare: () => bundled("otel"),
  read: (uploads) => uploads.flatMap(({ text }) => spans(JSON.parse(text))),
};
