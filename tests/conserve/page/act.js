// Turns a step of the plan into what a person or the page itself does, as far as the page is able to.
//
// Every answer carries a marker that nothing else carries: by it an answer is found on disk, or missed, or found twice.

() => {
  if (location.protocol !== "http:") return;
  const tell = (what, about) => console.error(`conserve ${what}: ${about}`);
  /** How long a widget may take to come, by our clock, in ms. */
  const PATIENCE_MS = 1_000;

  const root = () => document.querySelector("firsthand-widget")?.shadowRoot;
  const sleep = (ms) => window.conserveClock.sleep(ms);
  const until = async (find) => {
    const end = 1 + PATIENCE_MS / 25;
    for (let n = 0; n < end; n++) {
      const found = find();
      if (found) return found;
      await sleep(25);
    }
    return undefined;
  };
  /** What was open is gone in the next microtask: nobody clicks that fast, but this script would. */
  const closed = async () => {
    window.firsthand.close();
    await until(() => !root());
  };
  const submit = () => root()?.querySelector("button[type=submit]")?.click();
  const write = (area, text) => {
    area.value = text;
    area.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  };
  /** What a widget has taken in is no longer there to be written; only that was given. */
  const taken = async (marker, mine) => {
    if (!(await until(() => !mine.querySelector("textarea")))) return;
    tell("said", marker);
    await thanked(marker, mine);
  };
  /** Thanks are a promise; whoever is gone before them was promised nothing. */
  const thanked = async (marker, mine) => {
    // The thanks of the next survey are for another answer.
    if (
      await until(() => root() === mine && /Thank you/.test(mine.textContent))
    )
      tell("thanks", `${marker} by ${mine.textContent}`);
    // Only one tab shows a survey at a time.
    if (root() === mine) window.firsthand.close();
  };

  const deeds = {
    async answer(n, marker) {
      await closed();
      window.firsthand.show("pulse", { ignoreConditions: true });
      const scores = await until(() => {
        const all = root()?.querySelectorAll("input[type=radio]") ?? [];
        return all.length > 0 && all;
      });
      if (!scores) return tell("note", "no widget came");
      scores[n % scores.length].click();
      submit();
      const area = await until(() => root()?.querySelector("textarea"));
      if (!area) return tell("note", "no second question came");
      write(area, marker);
      const mine = root();
      submit();
      void taken(marker, mine);
    },
    async feedback(n, marker) {
      await closed();
      window.firsthand.openFeedback("form");
      const area = await until(() => root()?.querySelector("textarea"));
      if (!area) return tell("note", "no form came");
      write(area, marker);
      const mine = root();
      submit();
      void taken(marker, mine);
    },
    async "close the survey"() {
      window.firsthand.show("pulse", { ignoreConditions: true });
      await until(root);
      window.firsthand.close();
    },
    async requests(n) {
      const statuses = [200, 200, 200, 204, 404, 500, 503, 0];
      const all = Array.from({ length: n * 3 }, (_, idx) => {
        const status = statuses[(n + idx) % statuses.length];
        const path = `/api/${status}/${(idx * 7) % 40}/${idx % 2 ? "cart" : "list"}`;
        return fetch(path)
          .then((it) => it.text())
          .catch(() => undefined);
      });
      await Promise.all(all);
    },
    track(n, marker) {
      for (let idx = 0; idx < n; idx++)
        window.firsthand.track("bought", { marker: `${marker}-${idx}`, idx });
    },
    async wait(n) {
      await sleep(n * 60);
    },
  };

  Object.defineProperty(window, "conserveAct", {
    value: async (what, n, marker) => {
      try {
        // Before that it is the list of calls that a page makes in advance.
        await until(() => window.firsthand?.init);
        await deeds[what](n, marker);
      } catch (error) {
        // The product may refuse, never throw.
        tell("error", `${what}: ${error.stack}`);
      }
    },
  });
};
