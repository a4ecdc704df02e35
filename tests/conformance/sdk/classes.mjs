// Turns our sample classes, in the order of the wire, into the outcomes of the suite.

/** `latency::class::Class`: ok, client error, throttled, server error, network, timeout, aborted, abandoned, excluded. */
export const CLASSES = [
  "ok",
  "http_error",
  "http_error",
  "http_error",
  "network",
  "timeout",
  "aborted",
  "aborted",
  "excluded",
];
