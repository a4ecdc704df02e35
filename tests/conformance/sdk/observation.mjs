// Turns the many shapes in which SDKs tell of a request into one.

/**
 * What an SDK told of one request, or of several that it counted together. What it did not tell is absent.
 * @typedef {object} Observation
 * @property {string} name what the SDK calls it: a template, or the URL
 * @property {string} [url] the URL, when that is told beside the name
 * @property {string} [method]
 * @property {"ok" | "http_error" | "network" | "aborted" | "timeout" | "excluded" | "error" | "unknown"} outcome
 *   `error` is a failure that does not say of which kind; `unknown` is a status 0 without any reason
 * @property {number} count
 * @property {number} [durationMs] what the SDK gives as *the* duration
 * @property {number} [headersMs] from the start until the answer began
 * @property {number} [bodyMs] from the start until the answer had been read
 * @property {{ dns?: number, connect?: number, tls?: number, server?: number, transfer?: number, queue?: number }} [phases]
 * @property {number} [atMs] when it was, by the wall clock
 * @property {string} [graphql] names of the operations
 */

/** The outcome that a status tells alone. */
export function fromStatus(status) {
  if (status === undefined || status === 0) return "unknown";
  return status < 400 ? "ok" : "http_error";
}

/** The attributes of OTLP as a plain object. */
export function attributesOf(list = []) {
  return Object.fromEntries(
    list.map(({ key, value }) => [key, Object.values(value)[0]]),
  );
}
