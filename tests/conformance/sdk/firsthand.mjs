// Turns our own SDK into an adapter: the built loader, a real collector, and the reports that reach it.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { CLASSES } from "./classes.mjs";
import { Collector } from "./collector.mjs";
import { episodes } from "./episodes.mjs";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const BUILT = existsSync(`${ROOT}www/dist/sdk.js`);

/** What the last slice of a report is the number of. */
const SLICE_MS = 10_000;

export default {
  id: "firsthand",
  name: "Firsthand",
  ours: true,
  version: BUILT ? "" : undefined,
  async prepare() {
    const collector = await Collector.start(ROOT);
    await collector.promise(BUDGETS);
    return {
      head(site) {
        // Everything goes through the sink: it sees what is uploaded, and the collector answers.
        site.collector = new URL(collector.url);
        return `<script crossorigin src="${site.sink}/sdk.js" data-site-key="${collector.siteKey}"></script>
<script>firsthand.on("ready", () => { window.conformance.ready = true; })</script>`;
      },
      alerts: (visit) => episodes(visit, collector),
      stop: () => collector.stop(),
    };
  },
  read: (uploads) =>
    uploads
      .filter(({ url }) => url.pathname.endsWith("/v1/batch"))
      .flatMap(({ text }) => text.split("\n").slice(1))
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line))
      .filter(({ type }) => type === "latency")
      .flatMap(({ p }) =>
        p.features.flatMap((feature) =>
          feature.keys.flatMap((key) => observations(p, feature, key)),
        ),
      ),
};

/** The operations that the suite asks for, by the features that they are here. */
const OPERATIONS = {
  "search-products": "SearchProducts",
  "cart-total": "CartTotal",
  me: "Me",
  orders: "Orders",
};

/** Features by which GraphQL's operations are told apart, and two that promise something. */
const BUDGETS = {
  v: 1,
  graphql: { paths: ["/graphql"], errors: true },
  features: [
    ...Object.entries(OPERATIONS).map(([id, graphql]) => ({
      id,
      match: [{ graphql }],
    })),
    ...["night", "outage"].map((id) => ({
      id,
      match: [{ path: `/api/${id}/**` }],
      availability: { target: 0.999 },
      latency: [{ within: "500ms", target: 0.99 }],
    })),
  ],
};

/** One observation for each class that attempts of this method and template fell into. */
function observations(
  report,
  { id, slices },
  { m = "GET", t, c, h, p = [], x = [] },
) {
  if (m === "NAV") return [];
  const [queue, connect, server, transfer] = p;
  const n = p[5];
  const each = (sum) => (n > 0 ? sum / n : undefined);
  return CLASSES.flatMap((outcome, index) => {
    const count = c[index] ?? 0;
    if (count === 0) return [];
    // The slowest is told exactly: of a single attempt, that is the attempt. What was fast is in the sums only.
    const [ms, slice] = x.find(([, , kind]) => kind === index) ?? [
      index === 0 ? longest(h) : undefined,
      slices.at(-1)?.[0],
    ];
    return {
      // Names of operations follow the path.
      name: t.split(" ")[0],
      method: m,
      outcome,
      count,
      headersMs: ms,
      durationMs: ms,
      bodyMs:
        ms === undefined || n === 0 || n === undefined
          ? undefined
          : ms + each(transfer),
      phases: {
        queue: each(queue),
        connect: each(connect),
        server: each(server),
        transfer: each(transfer),
      },
      atMs: (report.slice + (slice ?? 0)) * SLICE_MS,
      graphql: operations(id, t),
    };
  });
}

/** Milliseconds of the longest of a histogram: the seventh number, see `latency::Histogram`. */
function longest(histogram) {
  if (histogram === undefined) return undefined;
  const numbers = [];
  let number = 0;
  let unit = 1;
  // Groups of seven bits, the lowest first.
  for (const byte of Buffer.from(histogram, "base64")) {
    number += (byte & 127) * unit;
    unit *= 128;
    if (byte > 127) continue;
    numbers.push(number);
    number = 0;
    unit = 1;
  }
  return numbers[6] / 10;
}

/** Told by the feature, or by the template; a batch belongs to one feature and has several. */
function operations(feature, template) {
  const named = Object.values(OPERATIONS).filter((name) =>
    new RegExp(`\\b${name}\\b`).test(template),
  );
  return [...new Set([OPERATIONS[feature], ...named])]
    .filter(Boolean)
    .join(",");
}
