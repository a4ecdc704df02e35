// Turns a trace of Chromium into the longest task of the page's main thread.

/** Milliseconds of the longest task on the main thread of `page`'s renderer while `work` runs. */
export async function longestTask(browser, page, work) {
  await browser.startTracing(page, {
    categories: [
      "toplevel",
      "devtools.timeline",
      "disabled-by-default-devtools.timeline",
      "blink.user_timing",
    ],
  });
  let text;
  try {
    await page.evaluate(() => performance.mark("conformance-page"));
    await work();
  } finally {
    text = (await browser.stopTracing()).toString();
  }
  const { traceEvents } = JSON.parse(text);
  const mark = traceEvents.find(({ name }) => name === "conformance-page");
  if (mark === undefined)
    throw new Error("the trace does not tell which process is the page's");
  const tasks = traceEvents.filter(
    ({ name, pid, tid, dur }) =>
      pid === mark.pid &&
      tid === mark.tid &&
      dur !== undefined &&
      /RunTask$/.test(name),
  );
  return Math.max(0, ...tasks.map(({ dur }) => dur)) / 1_000;
}
