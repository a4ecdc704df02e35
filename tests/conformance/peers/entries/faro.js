// Turns Grafana Faro into one that observes requests by every means that it has.

import { getWebInstrumentations, initializeFaro } from "@grafana/faro-web-sdk";
import { TracingInstrumentation } from "@grafana/faro-web-tracing";

const { sink } = window.conformance;

const faro = initializeFaro({
  url: `${sink}/faro`,
  app: { name: "conformance", version: "1" },
  // Its default tells only of slow and failing resources.
  trackResources: true,
  instrumentations: [
    ...getWebInstrumentations({
      captureConsole: false,
      enablePerformanceInstrumentation: true,
    }),
    new TracingInstrumentation(),
  ],
});
window.conformance.ready = Boolean(faro);
// The batch leaves when the page is hidden, and every 250 ms; spans every second.
window.conformance.flush = () => new Promise((done) => setTimeout(done, 1_500));
