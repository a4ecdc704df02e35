// Turns plain objects into as much of a browser's window as the SDK touches.
import { vi } from "vitest";

type Fake = Window & { firsthand?: unknown };

/** What a test may set up or look at besides the window itself. */
export interface FakePage {
  page: Fake;
  document: EventTarget & { visibilityState: string; readyState: string };
  stored: Map<string, string>;
  /** Runs what the page's timers and idle callbacks were asked to run. */
  runTimers(): void;
  go(href: string, event?: string): void;
}

export function fakePage(): FakePage {
  const stored = new Map<string, string>();
  let timers: (() => void)[] = [];
  const later = (fn: () => void) => timers.push(fn);
  const document = Object.assign(new EventTarget(), {
    visibilityState: "visible",
    readyState: "complete",
    documentElement: { lang: "de" },
  });
  const page = Object.assign(new EventTarget(), {
    document,
    location: new URL("https://shop.example/cart?token=secret#top"),
    navigator: { language: "en" },
    screen: { width: 1280, height: 720 },
    matchMedia: () => ({ matches: false }),
    localStorage: {
      getItem: (name: string) => stored.get(name) ?? null,
      setItem: (name: string, value: string) => void stored.set(name, value),
      removeItem: (name: string) => void stored.delete(name),
    },
    setTimeout: later,
    clearTimeout: (id: number) => {
      if (id) timers[id - 1] = () => {};
    },
    requestIdleCallback: later,
  });
  return {
    page: page as unknown as Fake,
    document,
    stored,
    runTimers() {
      for (const fn of timers.splice(0)) fn();
    },
    go(href, event = "popstate") {
      page.location.href = href;
      page.dispatchEvent(new Event(event));
    },
  };
}

/** The console's warnings during one test, one string each. */
export function warnings(): string[] {
  const said: string[] = [];
  vi.spyOn(console, "warn").mockImplementation((...words: unknown[]) => {
    said.push(words.join(" "));
  });
  return said;
}
