// Turns the clocks and timers of a page into ones that run faster than ours, all by the same factor.
//
// The product waits for seconds, minutes, an hour; the test does not. Wall clock, monotonic clock, timers and the times of
// what the browser measured all run `speed` times as fast from `epochMs` on, the same in every tab, so that to the code
// under test everything fits together: only network and computing seem to be slow. `jump` lets time pass at once, with
// everything that was to happen meanwhile. Only the wall clock can also be set wrong: `skewMs`.

({ speed, epochMs, skewMs, jumpedMs, storageKey }) => {
  if (location.protocol !== "http:") return;
  const real = {
    now: performance.now.bind(performance),
    origin: performance.timeOrigin,
    setTimeout: window.setTimeout.bind(window),
    clearTimeout: window.clearTimeout.bind(window),
    Date,
  };
  // By our clock: when it was jumped, and how far. A later page of the same tab has to be as far.
  const before = Number(sessionStorage.getItem(storageKey) ?? 0);
  const jumps = [[0, Math.max(before, jumpedMs)]];
  const jumped = (until = Infinity) =>
    jumps.reduce((sum, [at, ms]) => sum + (at <= until ? ms : 0), 0);
  const mono = (ms) => ms * speed + jumped(ms);
  const now = () => mono(real.now());
  const wall = () => {
    const sinceMs = real.origin + real.now() - epochMs;
    return Math.floor(epochMs + sinceMs * speed + jumped() + skewMs);
  };

  performance.now = now;
  window.Date = new Proxy(real.Date, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length > 0 ? args : [wall()], newTarget),
    apply: () => new real.Date(wall()).toString(),
    get: (target, name) => (name === "now" ? wall : Reflect.get(target, name)),
  });
  Object.defineProperty(performance, "timeOrigin", {
    get: () => epochMs + (real.origin - epochMs) * speed,
  });

  // Times that the browser measured itself.
  const measured = [
    "PerformanceEntry",
    "PerformanceResourceTiming",
    "PerformanceNavigationTiming",
    "PerformanceEventTiming",
    "LargestContentfulPaint",
  ];
  const isTime = /(time|start|end|duration|complete|interactive)$/i;
  const replace = (prototype, name, field) =>
    Object.defineProperty(prototype, name, {
      ...field,
      get() {
        const value = field.get.call(this);
        if (typeof value !== "number" || value === 0) return value;
        return /duration/i.test(name) ? value * speed : mono(value);
      },
    });
  for (const name of measured.filter((it) => window[it])) {
    const { prototype } = window[name];
    const fields = Object.getOwnPropertyDescriptors(prototype);
    for (const [field, how] of Object.entries(fields)) {
      if (isTime.test(field) && how.get) replace(prototype, field, how);
    }
  }
  const { prototype } = Event;
  replace(
    prototype,
    "timeStamp",
    Object.getOwnPropertyDescriptor(prototype, "timeStamp"),
  );

  // Timers, in the order in which they are due.
  const timers = new Map();
  let lastId = 0;
  let armed;
  const firstMs = () =>
    [...timers.values()].reduce((first, it) => Math.min(first, it.dueMs), 1e18);
  const arm = () => {
    real.clearTimeout(armed);
    if (timers.size === 0) return;
    const ms = (firstMs() - now()) / speed;
    // Browsers take a time that does not fit for none at all.
    armed = real.setTimeout(fire, Math.min(Math.max(0, ms), 2 ** 31 - 1));
  };
  const fire = () => {
    const due = [...timers].filter(([, timer]) => timer.dueMs <= now());
    due.sort(([, a], [, b]) => a.dueMs - b.dueMs);
    for (const [id, timer] of due) {
      if (timer.everyMs !== undefined) timer.dueMs = now() + timer.everyMs;
      else timer.dueMs = 1e18;
      // Each as a task of its own: what one throws is none of the others' business.
      real.setTimeout(() => {
        // An earlier one may have cleared it.
        if (!timers.has(id)) return;
        if (timer.everyMs === undefined) timers.delete(id);
        timer.fn.apply(window, timer.args);
      }, 0);
    }
    arm();
  };
  const add = (fn, ms, args, everyMs) => {
    timers.set(++lastId, { fn, args, dueMs: now() + ms, everyMs });
    arm();
    return lastId;
  };
  const ms = (it) => Math.max(0, Number(it) || 0);
  window.setTimeout = (fn, after, ...args) => add(fn, ms(after), args);
  window.setInterval = (fn, every, ...args) =>
    add(fn, ms(every), args, Math.max(4, ms(every)));
  window.clearTimeout = window.clearInterval = (id) => void timers.delete(id);
  AbortSignal.timeout = (after) => {
    const end = new AbortController();
    const abort = () =>
      end.abort(new DOMException("timed out", "TimeoutError"));
    window.setTimeout(abort, after);
    return end.signal;
  };

  Object.defineProperty(window, "conserveClock", {
    value: {
      /** Lets time pass at once. */
      jump(byMs) {
        jumps.push([real.now(), byMs]);
        sessionStorage.setItem(storageKey, String(jumped()));
        fire();
      },
      /** Sets the wall clock wrong from now on. */
      skew: (byMs) => void (skewMs += byMs),
      /** Until the next timer, in ms; more than anybody waits without one. */
      nextMs: () => firstMs() - now(),
      /** Waits by our clock. */
      sleep: (byMs) => new Promise((done) => real.setTimeout(done, byMs)),
    },
  });
};
