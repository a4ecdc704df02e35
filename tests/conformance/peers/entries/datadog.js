// Turns Datadog RUM into one that tells of every request.

import { datadogRum } from "@datadog/browser-rum";

const { sink } = window.conformance;

datadogRum.init({
  applicationId: "00000000-0000-4000-8000-000000000000",
  clientToken: "pub00000000000000000000000000000000",
  site: "datadoghq.com",
  service: "conformance",
  proxy: `${sink}/datadog`,
  sessionSampleRate: 100,
  sessionReplaySampleRate: 0,
  trackResources: true,
  trackLongTasks: true,
  trackUserInteractions: true,
  telemetrySampleRate: 0,
  allowedGraphQlUrls: [
    { match: (url) => url.includes("/graphql"), trackPayload: true },
  ],
});
window.conformance.ready = true;
