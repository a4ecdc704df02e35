// Turns the text of a GraphQL request into the names of its operations.

interface Operation {
  operationName?: unknown;
  query?: unknown;
}

/** Text longer than this is not looked at, in characters: reading takes time that is the page's. */
const TEXT_MAX = 100_000;

/**
 * Names of the operations in a body, one of a batch each, joined by commas; or that of a persisted query
 * in the query string. Empty where none is named.
 */
export function operations(body: unknown, search: string): string {
  const persisted = /[?&]operationName=(\w+)/.exec(search)?.[1];
  if (persisted) return persisted;
  if (typeof body !== "string" || !/^\s*[[{]/.test(body.slice(0, TEXT_MAX)))
    return "";
  if (body.length > TEXT_MAX) return "";
  try {
    const all = ([] as Operation[]).concat(JSON.parse(body) as Operation);
    return all.map(nameOf).filter(Boolean).join();
  } catch {
    // Not JSON after all.
    return "";
  }
}

function nameOf(operation: Operation | null): string | undefined {
  const { operationName, query } = operation ?? {};
  if (operationName) return `${operationName as string}`;
  return /\b(?:query|mutation|subscription)\s+(\w+)/.exec(
    `${query as string}`,
  )?.[1];
}
