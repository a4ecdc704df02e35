// Turns a request to the shop's own API into its answer, or into an error that a page can explain.

/** After this a page says that there is no answer. */
const PATIENCE_MS = 8000;

/** Why there is no answer: the shop refused, the way to it is broken, or it took too long. */
export class NoAnswer extends Error {
  /** @param {"refused" | "unreachable" | "slow"} why */
  constructor(why, message) {
    super(message);
    this.name = "NoAnswer";
    this.why = why;
  }
}

const SENTENCES = {
  unreachable: "The shop could not be reached.",
  slow: "The shop did not answer in time.",
};

/**
 * @param {string} path
 * @param {{signal?: AbortSignal, body?: object}} [options] with a body it is a POST
 */
export async function ask(path, { signal, body } = {}) {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  let response;
  try {
    response = await fetch(path, {
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
      ...(body && {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    const why = patience.aborted ? "slow" : "unreachable";
    throw new NoAnswer(why, SENTENCES[why]);
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new NoAnswer(
      "refused",
      answer.error ?? `The shop answered ${response.status}.`,
    );
  }
  return answer;
}
