// Turns a page into one that tells on itself: errors, requests at once, and what its browser refuses it.
//
// Runs before every script of the page. What is wrong is said on the console, because a page may be gone the next moment.

(trouble) => {
  if (location.protocol !== "http:") return;
  const tell = (what, about) => console.error(`conserve ${what}: ${about}`);
  addEventListener("error", (it) =>
    tell("error", `${it.message} ${it.filename}`),
  );
  addEventListener("unhandledrejection", (it) =>
    tell("rejection", String(it.reason?.stack ?? it.reason)),
  );
  addEventListener("pageshow", (it) => it.persisted && tell("note", "bfcache"));

  // At most one batch of a page that lives is under way; what is to outlive it comes on top.
  const state = { blocked: false };
  /** Batches under way: id and attempt of each. */
  const underWay = new Set();
  const named = (url) =>
    new URL(url?.url ?? url, location.href).search.replace(/.*&b=/, "");
  /** What is to outlive the page, comes on top of what it doubles. */
  const double = (url) => {
    const batch = named(url).split("&")[0];
    for (const name of underWay)
      if (name.startsWith(batch)) underWay.delete(name);
  };
  const isBatch = (url) => String(url?.url ?? url).includes("/v1/batch");
  const { fetch } = window;
  window.fetch = function (input, init) {
    if (!isBatch(input)) return Reflect.apply(fetch, this, [input, init]);
    if (state.blocked) {
      tell("note", "ad blocker");
      return Promise.reject(new TypeError("Failed to fetch"));
    }
    if (init?.keepalive) {
      double(input);
      return Reflect.apply(fetch, this, [input, init]);
    }
    const name = named(input);
    underWay.add(name);
    if (underWay.size > 1) tell("in flight", [...underWay].join(" and "));
    const back = () => void underWay.delete(name);
    const answer = Reflect.apply(fetch, this, [input, init]);
    // The answer is read to its end before the next batch may go.
    answer.then((it) => {
      const { arrayBuffer } = it;
      it.arrayBuffer = function () {
        const read = Reflect.apply(arrayBuffer, this, []);
        read.then(back, back);
        return read;
      };
    }, back);
    return answer;
  };
  const { sendBeacon } = Navigator.prototype;
  Navigator.prototype.sendBeacon = function (url, body) {
    if (isBatch(url)) double(url);
    // A blocker lets the page believe that it was sent.
    if (state.blocked && isBatch(url)) return true;
    return Reflect.apply(sendBeacon, this, [url, body]);
  };

  const refused = () =>
    new DOMException("refused by the test", "QuotaExceededError");
  if (trouble.includes("IndexedDB quota")) {
    for (const name of ["put", "add"]) {
      IDBObjectStore.prototype[name] = function () {
        tell("note", "IndexedDB quota");
        // As browsers do it: the request is made, and its transaction is aborted.
        this.transaction.abort();
        throw refused();
      };
    }
  }
  if (trouble.includes("IndexedDB blocked")) {
    // As if a tab with an older layout did not let go: neither success nor error.
    IDBFactory.prototype.open = function () {
      tell("note", "IndexedDB blocked");
      return new EventTarget();
    };
  }
  if (trouble.includes("IndexedDB denied")) {
    IDBFactory.prototype.open = function () {
      tell("note", "IndexedDB denied");
      throw new DOMException("denied by the test", "SecurityError");
    };
  }
  if (trouble.includes("storage denied")) {
    for (const name of ["localStorage", "indexedDB"]) {
      Object.defineProperty(window, name, {
        get() {
          tell("note", "storage denied");
          throw new DOMException("denied by the test", "SecurityError");
        },
      });
    }
  }

  let hidden = false;
  const visibility = (name, value) =>
    Object.defineProperty(document, name, { configurable: true, get: value });
  Object.defineProperty(window, "conserveWatch", {
    value: {
      block: (it) => void (state.blocked = it),
      /** The page is put behind another, or comes back. */
      hide(it) {
        hidden = it;
        visibility("hidden", () => hidden);
        visibility("visibilityState", () => (hidden ? "hidden" : "visible"));
        document.dispatchEvent(
          new Event("visibilitychange", { bubbles: true }),
        );
      },
    },
  });
};
