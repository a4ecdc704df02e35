// Turns what Angular's users reported about needless change detections into a count of them.

import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { must } from "../site/visit.mjs";

const resolveDir = fileURLToPath(new URL("..", import.meta.url));

const detections = {
  number: 19,
  issues: ["DataDog/browser-sdk#4117", "getsentry/sentry-javascript#11661"],
  says: "an Angular application runs not one change detection more",
  harmless: true,
  async check(visit) {
    visit.site.files.set("/zone.js", {
      type: "text/javascript",
      body: await zoneJs(),
    });
    const before = '<script src="/zone.js"></script>';
    await visit.open({ path: "/bare", before, sdk: false });
    const without = await visit.run(application);
    await visit.page.close();
    await visit.open({ before });
    const withSdk = await visit.run(application);
    must(without > 0, "the application detects no changes at all");
    must(
      withSdk <= without,
      `${withSdk} change detections instead of ${without}`,
    );
  },
};

/** Angular's zones as a script. */
async function zoneJs() {
  const stdin = { contents: 'import "zone.js";', resolveDir };
  const { outputFiles } = await build({
    stdin,
    bundle: true,
    format: "iife",
    write: false,
    logLevel: "error",
  });
  return outputFiles[0].text;
}

/** Runs in the page: 20 requests inside a zone that counts as Angular's `NgZone` does, and two idle seconds. */
async function application() {
  let depth = 0;
  let microtasks = false;
  let detections = 0;
  const settle = () => {
    if (depth === 0 && !microtasks) detections += 1;
  };
  const inside = (run) => {
    depth += 1;
    try {
      return run();
    } finally {
      depth -= 1;
      settle();
    }
  };
  const zone = Zone.current.fork({
    name: "angular",
    onInvokeTask: (delegate, current, target, task, self, args) =>
      inside(() => delegate.invokeTask(target, task, self, args)),
    onInvoke: (delegate, current, target, callback, self, args, source) =>
      inside(() => delegate.invoke(target, callback, self, args, source)),
    onHasTask(delegate, current, target, state) {
      delegate.hasTask(target, state);
      if (current !== target || state.change !== "microTask") return;
      microtasks = state.microTask;
      settle();
    },
  });
  const wait = Zone.root.run(() => window.setTimeout);
  const sleep = (ms) =>
    Zone.root.run(() => new Promise((done) => wait(done, ms)));
  for (let i = 0; i < 20; i++) {
    zone.run(() => {
      fetch(`/api/angular/call?i=${i}`)
        .then((response) => response.json())
        .then(() => {});
    });
    await sleep(25);
  }
  await sleep(2_000);
  return detections;
}

export default [detections];
