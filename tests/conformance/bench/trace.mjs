// Turns a trace of Chromium into what the page's main thread did: its longest task, and what each upload took.

/** Time around an upload in which a task belongs to it, in ms: making it up before, hearing of its answer after. */
const AROUND_MS = 100;

/**
 * Traces the main thread of `page`'s renderer while `work` runs. Answers with milliseconds: `longest`, of the longest
 * task, and `flushes`, of CPU time for each upload to `sink` that began after the mark `conformance-rest`, when the
 * application itself does nothing any more.
 */
export async function traced(browser, page, sink, work) {
  await browser.startTracing(page, {
    categories: ["toplevel", "devtools.timeline", "blink.user_timing"],
  });
  let text;
  try {
    await page.evaluate(() => performance.mark("conformance-page"));
    await work();
  } finally {
    text = (await browser.stopTracing()).toString();
  }
  const { traceEvents } = JSON.parse(text);
  const marked = (mark) => traceEvents.find(({ name }) => name === mark);
  const start = marked("conformance-page");
  if (start === undefined)
    throw new Error("the trace does not tell which process is the page's");
  const own = traceEvents.filter(
    ({ pid, tid }) => pid === start.pid && tid === start.tid,
  );
  const tasks = outermost(
    own.filter(({ name, dur }) => dur !== undefined && /RunTask$/.test(name)),
  );
  const rest = marked("conformance-rest");
  const sends = own.filter(
    ({ name, ts, args }) =>
      name === "ResourceSendRequest" &&
      ts > (rest?.ts ?? Infinity) &&
      args.data.requestMethod === "POST" &&
      args.data.url.startsWith(sink),
  );
  return {
    longest: Math.max(0, ...tasks.map(({ dur }) => dur)) / 1_000,
    flushes: sends.map((send) => around(tasks, send.ts)),
  };
}

/** Without those that are a part of another: the same task is told under several names. */
function outermost(tasks) {
  let end = 0;
  return tasks
    .sort((a, b) => a.ts - b.ts || b.dur - a.dur)
    .filter(({ ts, dur }) => {
      if (ts < end) return false;
      end = ts + dur;
      return true;
    });
}

/** Milliseconds of CPU time of the tasks around a time in microseconds. */
function around(tasks, at) {
  const near = tasks.filter(
    ({ ts, dur }) =>
      ts + dur > at - AROUND_MS * 1_000 && ts < at + AROUND_MS * 1_000,
  );
  return near.reduce((sum, { tdur, dur }) => sum + (tdur ?? dur), 0) / 1_000;
}
