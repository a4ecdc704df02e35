// Turns Sentry into one that traces every request that it can.

import * as Sentry from "@sentry/browser";

const { sink } = window.conformance;

Sentry.init({
  dsn: "https://key@sentry.example/1",
  tunnel: `${sink}/sentry`,
  tracesSampleRate: 1,
  integrations: [
    Sentry.browserTracingIntegration({
      enableHTTPTimings: true,
      trackFetchStreamPerformance: true,
    }),
    Sentry.graphqlClientIntegration({ endpoints: ["/graphql"] }),
  ],
});
window.conformance.ready = true;
window.conformance.flush = () => Sentry.flush(2_000);
