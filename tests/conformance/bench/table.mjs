// Turns the figures of all rounds into a table for the terminal and a page for the documentation.

const TARGETS = [
  ["main-thread time added per fetch", "at most 50 µs"],
  ["uploaded for 1,000 fetches of 50 templates", "at most 4 KB"],
  ["long tasks (50 ms and more)", "none"],
  ["main-thread time per flush", "at most 2 ms"],
  ["requests in flight at once", "at most 1"],
];

/** Rows for the terminal. */
export function lines(sdks, results, tasks, conditions) {
  const rows = [HEADS, ...cells(sdks, results, tasks, conditions)];
  const widths = HEADS.map((_, i) =>
    Math.max(...rows.map((row) => row[i].length)),
  );
  return rows.map((row) =>
    row
      .map((text, i) =>
        i === 0 ? text.padEnd(widths[i]) : text.padStart(widths[i]),
      )
      .join("  "),
  );
}

const HEADS = [
  "SDK",
  "µs a fetch",
  "least-most",
  "script µs",
  "x ours",
  "x bare",
  "uploads",
  "preflights",
  "bytes",
  "x ours",
  "bytes if it stays",
  "in flight",
  "ms a flush",
  "heap added KB",
  "longest task ms",
  "long tasks",
];

/** The page of the documentation. */
export function document(sdks, results, tasks, conditions) {
  const { chromium, rounds, ourRounds, cores, load, calls, templates } =
    conditions;
  const own = median(bareOf(results).map(({ taskMs }) => taskMs));
  return [
    "# What an SDK costs the page that it watches",
    "",
    `${calls} fetches of ${templates} templates, small JSON answers from loopback, five at a time. Chromium ${chromium},`,
    `${cores} cores. Beside each page with an SDK one without runs, in turns of 100 fetches, and is taken off: ${ourRounds} times for`,
    `Firsthand, ${rounds} times for the others; medians, and the least and the most.`,
    `The page alone needs ${Math.round((own / calls) * 1_000)} µs of its main thread for a fetch; the table tells what comes`,
    "on top, from the first fetch until nothing is left to do after the page was hidden. Time is CPU time of the main thread,",
    "bytes are bodies as they went over the wire. `cargo xtask bench page` writes this page.",
    `The machine's load average was ${load.toFixed(1)}: the more of other work, the more a thread finds its caches cold.`,
    "",
    `| ${HEADS.join(" | ")} |`,
    `|---|${HEADS.slice(1)
      .map(() => "--:|")
      .join("")}`,
    ...cells(sdks, results, tasks, conditions).map(
      (row) => `| ${row.join(" | ")} |`,
    ),
    "",
    "- `µs a fetch`: main-thread time added; `script µs` is the part of it inside of JavaScript.",
    "- `x bare`: main-thread time of the page with the SDK, as a multiple of the page without.",
    "- `heap added KB`: after a garbage collection at the end, wasm memory included, beyond the page without an SDK.",
    "- `bytes`: of a page that is hidden four seconds after its last request.",
    "- `bytes if it stays`: of one that stays for 35 seconds, long enough for uploads that are made in peace.",
    "- `in flight`: uploads that waited for their answer at the same time, at most.",
    "- `ms a flush`: main-thread time of the tasks around an upload while the page itself does nothing, median; in the first",
    "  row, of nothing but one `fetch` that posts as many bytes as Firsthand does.",
    "- `an observer that does nothing` has a `PerformanceObserver` of requests, `wrappers that do nothing` a function and a",
    "  promise before `fetch` and `json`: the least that it takes to see a request without changing what the page sees.",
    "- The longest task, flushes and the page that stays are of one more page, which was traced and therefore slower.",
    "",
    "| to reach | |",
    "|---|---|",
    ...TARGETS.map((row) => `| ${row.join(" | ")} |`),
    "",
  ].join("\n");
}

function cells(sdks, results, tasks, { calls }) {
  const figures = new Map(
    sdks
      .filter(({ id }) => results.has(id))
      .map((sdk) => [sdk.id, summary(results.get(sdk.id), calls)]),
  );
  const bare = bareOf(results);
  figures.set(
    "bare",
    summary(
      bare.map((one) => ({ own: one, bare: one })),
      calls,
    ),
  );
  // The shim stands in where the whole is not measured.
  const ours =
    sdks.find(({ ours }) => ours) ?? sdks.find(({ id }) => id === "shim");
  const mine = ours && figures.get(ours.id);
  return sdks.map((sdk) => {
    const it = figures.get(sdk.id);
    // Of what only shows a price there are no uploads.
    const {
      bytes,
      flushes = [],
      longest,
      inFlight = 0,
    } = tasks.get(sdk.id) ?? {};
    const isBare = sdk.id === "bare";
    const ratio = (own, other) =>
      isBare || sdk.isControl || other === undefined || !(other > 0)
        ? "–"
        : (own / other).toFixed(1);
    return [
      `${sdk.name} ${sdk.version ?? ""}`.trim(),
      it.added.toFixed(0),
      `${it.least.toFixed(0)}..${it.most.toFixed(0)}`,
      it.script.toFixed(0),
      ratio(it.added, mine?.added),
      it.timesBare.toFixed(2),
      String(it.uploads),
      String(it.preflights),
      String(it.bytes),
      ratio(it.bytes, mine?.bytes),
      isBare ? "0" : String(bytes ?? "–"),
      isBare ? "0" : String(Math.max(it.inFlight, inFlight)),
      flushes.length > 0 ? median(flushes).toFixed(1) : "–",
      (it.heap / 1_000).toFixed(0),
      longest?.toFixed(1) ?? "–",
      String(it.longTasks),
    ];
  });
}

/** Every page without an SDK. */
function bareOf(results) {
  return [...results.values()].flat().map(({ bare }) => bare);
}

/** Medians of all pairs: a page with the SDK, and the one without that ran beside it. */
function summary(pairs, calls) {
  const added = pairs.map(
    ({ own, bare }) => ((own.taskMs - bare.taskMs) / calls) * 1_000,
  );
  const of = (field) => median(pairs.map(({ own }) => own[field]));
  const beyond = (field) =>
    median(pairs.map(({ own, bare }) => own[field] - bare[field]));
  return {
    added: median(added),
    least: Math.min(...added),
    most: Math.max(...added),
    script: (beyond("scriptMs") / calls) * 1_000,
    timesBare: median(pairs.map(({ own, bare }) => own.taskMs / bare.taskMs)),
    uploads: Math.round(of("uploads")),
    preflights: Math.round(of("preflights")),
    bytes: Math.round(of("bytes")),
    inFlight: Math.max(...pairs.map(({ own }) => own.inFlight)),
    heap: beyond("heap"),
    longTasks: Math.max(...pairs.map(({ own }) => own.longTasks)),
  };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}
