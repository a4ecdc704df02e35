// Turns Node's requests into bytes, and origins into the headers that let them read an answer.

/** All bytes of a request; what came, when the client went away. */
export async function body(request) {
  const chunks = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    // Closed meanwhile: what came is what there is.
  }
  return Buffer.concat(chunks);
}

/** Headers by which a page of another origin may read the answer; `allowed` may be `*` for whatever is asked for. */
export function corsHeaders(request, allowed) {
  const { origin } = request.headers;
  if (origin === undefined) return {};
  return {
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-allow-methods": "GET, HEAD, POST, PUT, DELETE",
    "access-control-allow-headers":
      allowed === "*"
        ? (request.headers["access-control-request-headers"] ?? "")
        : allowed,
    // A preflight for each request: what is cached is not counted.
    "access-control-max-age": "0",
    vary: "origin",
  };
}
