// Turns a document that runs in this process into a page with everything that the stage gets.
import { setMaxListeners } from "node:events";
import { Window as Dom } from "happy-dom";
import { onTestFinished, vi } from "vitest";
import type { Backstage } from "../src/boot/backstage.js";
import type { Call } from "../src/boot/bridge.js";
import { createEvents } from "../src/boot/events.js";
import { createStorage } from "../src/boot/storage.js";
import { request } from "../src/transport/request.js";

export interface World {
  page: Window & typeof globalThis;
  document: Document;
  backstage: Backstage;
  /** What the agent was told, one line each. */
  heard: string[];
  /** The codes of all warnings. */
  warned: string[];
  /** What was fetched, and what comes back; by default, the address itself. */
  fetched: { url: string; init: RequestInit | undefined }[];
  answer: (url: string) => Response | Promise<Response>;
  /** What is imported, by a part of its address. */
  modules: Record<string, unknown>;
  /** Ends everything, as `destroy` does. */
  end: () => void;
}

export function world(html = "", url = "https://shop.example/cart"): World {
  vi.useFakeTimers({
    toFake: [
      "setTimeout",
      "clearTimeout",
      "setInterval",
      "clearInterval",
      "performance",
      "Date",
    ],
  });
  const dom = new Dom({ url, width: 1280, height: 720 });
  const page = dom as unknown as Window & typeof globalThis;
  // The clock of the tests, not the document's own.
  for (const name of [
    "setTimeout",
    "clearTimeout",
    "setInterval",
    "clearInterval",
  ] as const) {
    Object.assign(page, { [name]: globalThis[name].bind(globalThis) });
  }
  page.document.body.innerHTML = html;
  const end = new AbortController();
  setMaxListeners(0, end.signal);
  const heard: string[] = [];
  const warned: string[] = [];
  const call: Call = (input, ...args) => {
    const words = args.map((arg) =>
      arg instanceof Uint8Array ? `<${arg.length}>` : String(arg),
    );
    heard.push([input, ...words].join(" ").trim());
  };
  const made: World = {
    page,
    document: page.document,
    heard,
    warned,
    fetched: [],
    answer: (it) =>
      new Response(
        it.includes("words") ? '{"feedback":"Feedback"}' : `for ${it}`,
      ),
    modules: {},
    end: () => end.abort(),
    backstage: undefined as unknown as Backstage,
  };
  made.backstage = {
    page,
    site: {
      siteKey: "fh_demo_shop",
      endpoint: "https://c.example/",
      assets: "https://c.example/",
      theme: undefined,
      corner: undefined,
      language: "en",
      consent: 1,
      deaf: false,
      beforeSend: undefined,
    },
    fetch: async (input, init) => {
      made.fetched.push({ url: String(input), init });
      return made.answer(String(input));
    },
    request,
    load: (it) => {
      const found = Object.entries(made.modules).find(([part]) =>
        it.includes(part),
      );
      return found
        ? Promise.resolve(found[1])
        : Promise.reject(new Error(`no ${it}`));
    },
    call,
    report: (code) => void warned.push(code),
    // This document knows its own events only.
    events: createEvents({ document: new EventTarget() } as unknown as Window),
    storage: createStorage(page, "firsthand:fh_demo_shop", true),
    signal: end.signal,
    kept: (fn) => fn({ storage: "memory", kept: 0 }),
    language: () => made.backstage.site.language ?? "en",
    answer: undefined,
    scrub: (item) => item,
    moved: () => {},
  };
  onTestFinished(async () => {
    end.abort();
    vi.useRealTimers();
    await dom.happyDOM.close();
  });
  return made;
}

/** Lets promises settle and this much time pass. */
export const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

/** The first element that a selector finds. */
export function get<T extends HTMLElement>(
  root: ParentNode | null | undefined,
  selector: string,
): T {
  const found = root?.querySelector<T>(selector);
  if (!found) throw new Error(`no ${selector}`);
  return found;
}
