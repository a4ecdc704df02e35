// Turns the least that watching requests takes into adapters: what no SDK that does so can be cheaper than.

const control = (id, name, script) => ({
  id,
  name,
  version: "",
  isControl: true,
  async prepare() {
    return { head: () => `<script>${script}</script>`, ready: "true" };
  },
  read: () => [],
});

/** Hears of every request from the browser, and looks at nothing. */
export const observer = control(
  "observer",
  "an observer that does nothing",
  `new PerformanceObserver(() => {}).observe({ type: "resource", buffered: true });`,
);

/** Stands before a request and the reading of its answer, hears the end of both, and notes nothing. */
export const wrapper = control(
  "wrapper",
  "wrappers that do nothing",
  `for (const [of, name] of [[window, "fetch"], [Response.prototype, "json"]]) {
    const original = of[name];
    of[name] = function () {
      return original.apply(this, arguments).then((it) => it, (error) => { throw error; });
    };
  }`,
);
