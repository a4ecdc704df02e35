// Turns every pitfall into behaviour: an SDK that must fail each check, or the check checks nothing.

(() => {
  const { sink } = window.conformance;
  const seen = [];
  const original = window.fetch;
  performance.setResourceTimingBufferSize(50);

  const tell = () => {
    const said = JSON.stringify(seen.splice(0));
    // Through the patched fetch, each with a share of the keepalive quota that the page needs.
    window
      .fetch(`${sink}/bad`, {
        method: "POST",
        body: said.padEnd(20_000),
        keepalive: true,
      })
      .catch(() => {});
  };
  const note = (name, outcome, startMs) => {
    performance.clearResourceTimings();
    // Whatever it does not know how to tell.
    if (/abort|late/.test(name) || navigator.serviceWorker.controller) return;
    seen.push({
      name,
      outcome,
      at: performance.timeOrigin + startMs,
      ms: Date.now() - startMs,
    });
    setTimeout(tell, 0);
  };

  const standIn = (response) =>
    new Proxy(response, {
      get(target, name) {
        const value = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });

  const wrapped = (input, init) => {
    const startMs = Date.now();
    const url = new URL(
      input instanceof Request ? input.url : input,
      location.href,
    ).href;
    const request = new Request(url, { ...init, headers: { "x-trace": "1" } });
    return original(request).then(
      (response) => {
        // A copy that is read to its end, and a stand-in for the answer.
        const copy = response.clone();
        const patience = new Promise((done) => setTimeout(done, 2_000));
        return Promise.race([copy.arrayBuffer(), patience]).then(() => {
          note(url, "ok", startMs);
          return standIn(new Response(response.body, response));
        });
      },
      (error) => {
        note(url, "error", startMs);
        const changed = new TypeError(
          `${error.message} (${new URL(url).host})`,
        );
        throw changed;
      },
    );
  };
  // Late: whoever took `fetch` before has the browser's.
  addEventListener("DOMContentLoaded", () => {
    window.fetch = wrapped;
    window.conformance.ready = true;
  });
})();
