// Turns what a page calls into what the agent hears, and what it says into events.
import { afterEach, expect, test, vi } from "vitest";
import type { Firsthand } from "../src/api.js";
import { emits, PAGE, SURVEY, Visit } from "./visit.js";
import { warnings } from "./page.js";

afterEach(() => vi.restoreAllMocks());

test("calls made before the script and before the start are made up for", async () => {
  const visit = new Visit();
  const shown = vi.fn();
  const firsthand = [
    ["on", "shown", shown],
    ["identify", { id: "u1", traits: { plan: "pro" } }],
    ["show", "nps"],
    (api: Firsthand) => api.track("bought", { items: 2 }),
  ];
  Object.assign(visit.fake.page, { firsthand });
  visit.says["show"] = [emits("shown")];
  await visit.start();
  expect(visit.heard.slice(0, -1)).toEqual([
    "start ",
    'identify {"id":"u1"}',
    "traits plan\u001fpro\u001f",
    "show 0 nps",
    "track bought items\u001f2\u001f",
    PAGE,
  ]);
  const detail = { survey: SURVEY, response: null, answer: null };
  expect(shown).toHaveBeenCalledWith(detail);
});

test("a call by name works the same before and after the script has arrived", async () => {
  const visit = new Visit();
  await visit.start();
  visit.api.push(["show", "nps", { ignoreConditions: true }]);
  visit.api.push(["close"]);
  visit.api.push(["openFeedback", "feedback"]);
  expect(visit.heard.slice(-3)).toEqual([
    "show 2 nps",
    "closed 1",
    "show 1 feedback",
  ]);
});

test("each call reaches the agent as one input", async () => {
  const visit = new Visit();
  await visit.start();
  visit.heard.length = 0;
  const { api } = visit;
  api.identify({ id: "u1", signature: "ab" });
  api.identify(null);
  api.setTraits({ seats: 3 });
  api.track("left");
  api.setConsent(false);
  api.setConsent("granted");
  api.reset();
  expect(visit.heard).toEqual([
    'identify {"id":"u1","signature":"ab"}',
    "identify ",
    "traits seats\u001f3\u001f",
    "track left ",
    "consent 0 0",
    // What earlier pages have saved counts again.
    "synced ",
    "consent 1 0",
    "reset",
  ]);
});

test("names that begin with $ are ours", async () => {
  const said = warnings();
  const visit = new Visit();
  await visit.start();
  visit.api.track("$0");
  expect(visit.heard.some((it) => it.startsWith("track"))).toBe(false);
  expect(said).toEqual(["[firsthand] invalid_event: $0: $ is not yours"]);
});

test("what is shown is the stage's, which is fetched for that and told in order", async () => {
  const visit = new Visit();
  const load = vi.spyOn(visit, "load");
  await visit.start();
  expect(load).toHaveBeenCalledTimes(1);
  visit.says["show"] = [
    { do: "hide" },
    { do: "show", survey: SURVEY, resume: null, by_person: false },
    { do: "delivery", state: "sending" },
  ];
  visit.says["closed"] = [{ do: "open" }, { do: "hide" }];
  visit.api.show("nps");
  visit.api.close();
  await vi.waitFor(() => expect(visit.staged).toHaveLength(4));
  expect(visit.staged).toEqual(["show", "delivery", "open", "hide"]);
  // The agent, the stage, and the outbox: what is shown may be answered.
  expect(load.mock.calls.map(([url]) => url.replace(/.*\//, ""))).toEqual([
    "asker.js",
    "stage.js",
    "outbox.js",
  ]);
});

test("a stage that cannot be fetched is told, and tried again", async () => {
  const said = warnings();
  const visit = new Visit();
  await visit.start();
  visit.blocked = "stage";
  visit.says["show"] = [
    { do: "show", survey: SURVEY, resume: null, by_person: false },
  ];
  visit.api.show("nps");
  await visit.hears("show_failed");
  expect(said).toEqual(["[firsthand] widget_failed: Error: blocked"]);
  visit.blocked = "";
  visit.api.openFeedback();
  await vi.waitFor(() => expect(visit.staged).toEqual(["feedback"]));
});

test("language and theme are told where they matter", async () => {
  const visit = new Visit();
  await visit.start();
  visit.heard.length = 0;
  visit.api.setTheme("dark");
  visit.api.setLanguage("fr");
  expect(visit.heard).toEqual([PAGE.replace(/\bde\b/g, "fr")]);
  visit.api.openFeedback();
  visit.api.setLanguage("nl");
  await vi.waitFor(() => expect(visit.staged).toEqual(["feedback", "dark nl"]));
});

test.each([
  [true, 390, 844, 2],
  [true, 820, 1180, 1],
  [false, 390, 844, 0],
])(
  "coarse %s, %d × %d is device %d",
  async (matches, width, height, device) => {
    const visit = new Visit();
    const screen = { width, height };
    Object.assign(visit.fake.page, { screen, matchMedia: () => ({ matches }) });
    await visit.start();
    await visit.hears(`page ${device} `);
  },
);

test("late listeners hear that it is ready, and what is shown", async () => {
  const visit = new Visit();
  visit.says["configure"] = [emits("ready", null), emits("shown")];
  await visit.start();
  const heard: unknown[] = [];
  const { api } = visit;
  api.on("ready", (detail) => heard.push(detail));
  api.on("shown", ({ survey }) => heard.push(survey));
  api.on("eligible", () => heard.push("never"));
  const end = api.on("shown", () => heard.push("ended before"));
  end();
  expect(heard).toEqual([]);
  await Promise.resolve();
  expect(heard).toEqual([{}, SURVEY]);
  visit.says["closed"] = [{ do: "hide" }];
  api.close();
  api.on("shown", () => heard.push("hidden"));
  await Promise.resolve();
  expect(heard).toHaveLength(2);
});

test("events are told to the document, too, and listeners can go", async () => {
  const visit = new Visit();
  await visit.start();
  const details: unknown[] = [];
  visit.fake.document.addEventListener("firsthand:snoozed", (event) =>
    details.push((event as CustomEvent).detail),
  );
  const gone = vi.fn();
  visit.api.on("snoozed", gone);
  visit.api.off("snoozed", gone);
  visit.says["closed"] = [emits("snoozed")];
  visit.api.close();
  expect(details).toEqual([{ survey: SURVEY, response: null, answer: null }]);
  expect(gone).not.toHaveBeenCalled();
});

test("a survey is explained with all its gates", async () => {
  const visit = new Visit();
  const raw = [[6, 0, 700, 500]];
  const gates = [{ gate: "sample", needed: 500, actual: 700, passes: false }];
  const survey = "nps";
  visit.says["explain"] = [{ do: "explained", survey, gates: raw }];
  const asked = new Promise((done) => {
    Object.assign(visit.fake.page, {
      firsthand: [(api: Firsthand) => void api.explain(survey).then(done)],
    });
  });
  await visit.start();
  const explained = { survey, eligible: false, gates };
  expect(await asked).toEqual({ ...explained, storage: "kept" });
  visit.says["explain"] = [{ do: "explained", survey, gates: raw }];
  visit.api.setConsent("denied");
  expect(await visit.api.explain(survey)).toEqual({
    ...explained,
    storage: "memory",
  });
});

test("clicks on what was attached open a feedback form, until that ends", async () => {
  const visit = new Visit();
  await visit.start();
  const target = { matches: () => false } as unknown as Element;
  const click = (...path: unknown[]) =>
    visit.fake.document.dispatchEvent(
      Object.assign(new Event("click"), { composedPath: () => path }),
    );
  const end = visit.api.attachTo(target, "feedback");
  click({}, target);
  click({});
  end();
  click(target);
  visit.api.attachTo(".help", "other");
  click({ matches: (selector: string) => selector === ".help" });
  expect(visit.heard.filter((it) => it.startsWith("show"))).toEqual([
    "show 1 feedback",
    "show 1 other",
  ]);
});

test("without consent nothing is kept, and what was kept goes", async () => {
  const visit = new Visit();
  visit.fake.stored.set("firsthand:fh_demo_shop", "AQ==");
  visit.says["consent"] = [{ do: "wipe" }];
  visit.says["track"] = [{ do: "save", state: "Ag==" }];
  await visit.start();
  visit.api.setConsent(false);
  visit.api.track("bought");
  expect([...visit.fake.stored]).toEqual([]);
  visit.says["track"] = [{ do: "save", state: "Aw==" }];
  visit.api.setConsent(true);
  visit.api.track("bought");
  expect([...visit.fake.stored.values()]).toEqual(["Aw=="]);
});

test("after destroy nothing is heard, and calls warn once", async () => {
  const said = warnings();
  const visit = new Visit();
  visit.says["configure"] = [{ do: "wake", in_ms: 1_000 }];
  await visit.start();
  visit.api.destroy();
  visit.api.destroy();
  expect(visit.heard.at(-1)).toBe("hidden");
  visit.heard.length = 0;
  visit.fake.go("https://shop.example/b");
  visit.fake.page.dispatchEvent(new Event("online"));
  visit.fake.runTimers();
  visit.api.show("nps");
  visit.api.track("bought");
  expect(visit.heard).toEqual([]);
  expect(said).toEqual(["[firsthand] destroyed: nothing comes after it"]);
});

test("a page that is destroyed before it is idle starts nothing", () => {
  const visit = new Visit();
  const load = vi.spyOn(visit, "load");
  visit.install({ siteKey: "fh_demo_shop" });
  visit.api.destroy();
  visit.fake.runTimers();
  expect(load).not.toHaveBeenCalled();
});

test("what became of everything is told as the agent counts it", async () => {
  const visit = new Visit();
  await visit.start();
  const counts = {
    made: 3,
    adopted: 1,
    accepted: 1,
    duplicate: 0,
    conflict: 0,
    rejected: 0,
    pending: 1,
    dropped: { too_large: 2 },
  };
  visit.says["count"] = [{ do: "counted", ...counts }];
  visit.parts["a/outbox.js"] = {
    createOutbox: () => ({
      state: () => Promise.resolve({ storage: "localstorage", kept: 7 }),
    }),
  };
  expect(await visit.api.delivery()).toEqual({
    ...counts,
    storage: "localstorage",
    kept: 7,
  });
});

test("without the outbox, what waits is in memory, and that is said", async () => {
  const said = warnings();
  const visit = new Visit();
  await visit.start();
  const counts = { made: 1, adopted: 0, accepted: 1, duplicate: 0 };
  const rest = { conflict: 0, rejected: 0, pending: 0, dropped: {} };
  visit.says["count"] = [{ do: "counted", ...counts, ...rest }];
  const { storage, kept } = await visit.api.delivery();
  expect([storage, kept]).toEqual(["memory", 0]);
  expect(said.join()).toContain("outbox_failed");
});

test("the outbox is fetched at once where something was left, and only there", async () => {
  const visit = new Visit();
  const look = vi.fn();
  visit.parts["a/outbox.js"] = { createOutbox: () => ({ look }) };
  await visit.start();
  expect(look).not.toHaveBeenCalled();
  const marker = "firsthand:fh_demo_shop:kept";
  visit.fake.stored.set(marker, "1");
  visit.fake.page.dispatchEvent(
    Object.assign(new Event("storage"), { key: marker }),
  );
  await vi.waitFor(() => expect(look).toHaveBeenCalledTimes(1));

  const next = new Visit();
  next.parts["a/outbox.js"] = { createOutbox: () => ({ look }) };
  next.fake.stored.set(marker, "1");
  await next.start();
  await vi.waitFor(() => expect(look).toHaveBeenCalledTimes(2));
});

test.each([
  [{}, {}, undefined],
  [{ globalPrivacyControl: true }, {}, "consent 1 1"],
  [{ doNotTrack: "1" }, {}, "consent 1 1"],
  [{ doNotTrack: "0" }, {}, undefined],
  [{ globalPrivacyControl: true }, { privacySignals: "ignore" }, undefined],
  [{}, { consent: "pending" }, "consent 2 0"],
  [{}, { consent: "denied" }, "consent 0 0"],
  [{ doNotTrack: "1" }, { consent: "pending" }, "consent 2 1"],
])(
  "a browser with %j and options %j is heard as %s",
  async (asks, data, heard) => {
    const visit = new Visit();
    Object.assign(visit.fake.page.navigator, asks);
    await visit.start({ siteKey: "fh_demo_shop", ...data });
    expect(visit.heard.find((it) => it.startsWith("consent"))).toBe(heard);
  },
);

test("before consent nothing of this device is read or written", async () => {
  const visit = new Visit();
  const name = "firsthand:fh_demo_shop";
  visit.fake.stored.set(name, "AAEC").set(`${name}:kept`, "1");
  visit.says["configure"] = [{ do: "save", state: "BBBB" }];
  await visit.start({ siteKey: "fh_demo_shop", consent: "pending" });
  expect(visit.heard[0]).toBe("start ");
  expect(visit.fake.stored.get(name)).toBe("AAEC");
  const createOutbox = vi.fn(() => ({ look: () => {} }));
  visit.parts["a/outbox.js"] = { createOutbox };
  visit.api.setConsent("granted");
  expect(visit.heard.slice(-2)).toEqual([
    "synced \0\u0001\u0002",
    "consent 1 0",
  ]);
  await vi.waitFor(() => expect(createOutbox).toHaveBeenCalled());
});

test.each([
  [true, 0],
  [false, 1],
])(
  "no answer while the browser says onLine = %s is status %i",
  async (onLine, status) => {
    const visit = new Visit();
    Object.assign(visit.fake.page.navigator, { onLine });
    const real = fetch;
    vi.spyOn(globalThis, "fetch").mockImplementation((url, init) =>
      init?.method ? Promise.reject(new TypeError("no")) : real(url, init),
    );
    await visit.start();
    const header = {
      sdk: "",
      install: "",
      session: "",
      boot: "",
      sent_wall: 0,
    };
    visit.says["track"] = [
      {
        do: "send",
        slot: 7,
        batch: "b",
        attempt: 1,
        header: { ...header, report: {} },
        items: [],
        exit: false,
      },
    ];
    visit.api.track("x");
    await visit.hears("delivered");
    expect(visit.heard.at(-1)).toMatch(`delivered 7 ${status} 0`);
  },
);
