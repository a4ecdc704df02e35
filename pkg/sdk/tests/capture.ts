// Turns plain objects into a page whose requests a test answers, with a clock that it moves.
import { vi } from "vitest";
import type { Page } from "../src/capture/call.js";
import { connect } from "../src/rows/index.js";
import { watch, type Capture } from "../src/capture/watch.js";

/** The fields of one row. */
export interface Row {
  kind: string;
  method: string;
  url: string;
  graphql: string;
  start: string;
  headers: string;
  body: string;
  status: string;
  error: string;
  flags: string;
  queue: string;
  connect: string;
  server: string;
  transfer: string;
  main: string;
  trace: string;
  feature: string;
}

const FIELDS =
  "kind method url graphql start headers body status error flags queue connect server transfer main trace feature".split(
    " ",
  );

/** What the browser measured: times in ms of the page's clock. */
export type Told = Partial<PerformanceResourceTiming> & {
  deliveryType?: string;
};

/** Answers one request of the page. */
export type Reply = (...args: unknown[]) => unknown;

class FakeXhr extends EventTarget {
  static readonly DONE = 4;
  readyState = 0;
  status = 0;
  open(_method: string, _url: string): void {
    this.readyState = 1;
  }
  /** What the browser does to send it. */
  sending = (): void => {};
  send(_body?: unknown): void {
    this.sending();
  }
  /** Goes on as the browser does. */
  goOn(readyState: number, status: number, ...events: string[]): void {
    Object.assign(this, { readyState, status });
    for (const name of ["readystatechange", ...events])
      this.dispatchEvent(new Event(name));
  }
}

class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  constructor(readonly url: string) {
    super();
  }
  close(): void {}
}

/** A page that is watched, its rows, and all that a test may do to it. */
export class Site {
  clock = 1_000;
  /** How far the wall clock is ahead of its start. */
  slept = 0;
  reply: Reply = () => new Promise(() => {});
  readonly rows: Row[] = [];
  lost = 0;
  exits = 0;
  readonly document = Object.assign(new EventTarget(), {
    baseURI: "https://shop.example/cart?token=secret",
    hidden: false,
    prerendering: false,
  });
  readonly page: Page;
  readonly native: Reply;
  readonly capture: Capture;
  private timers: (() => void)[] = [];
  private told: ((entries: Told[]) => void) | undefined;
  private pending: Told[] = [];

  constructor() {
    vi.spyOn(performance, "now").mockImplementation(() => this.clock);
    vi.spyOn(Date, "now").mockImplementation(
      () => 1_700_000_000_000 + this.clock + this.slept,
    );
    const site = this;
    this.native = function fetch(this: unknown, ...args) {
      return site.reply.apply(this, args);
    };
    class Observer {
      constructor(fn: (list: { getEntries(): Told[] }) => void) {
        site.told = (entries) => fn({ getEntries: () => entries });
      }
      observe(): void {}
      disconnect(): void {}
      takeRecords = () => site.pending.splice(0);
    }
    this.page = Object.assign(new EventTarget(), {
      document: this.document,
      location: new URL("https://shop.example/cart"),
      navigator: { onLine: true },
      fetch: this.native,
      Response: class extends Response {
        override text(): Promise<string> {
          return super.text();
        }
        override json(): Promise<unknown> {
          return super.json();
        }
      },
      XMLHttpRequest: class XMLHttpRequest extends FakeXhr {
        override open(method: string, url: string): void {
          super.open(method, url);
        }
        override send(body?: unknown): void {
          super.send(body);
        }
      },
      WebSocket: FakeSocket,
      PerformanceObserver: Observer,
      setTimeout: (fn: () => void) => this.timers.push(fn),
    }) as unknown as Page;
    this.capture = watch(this.page);
  }

  /** An answer of this page's own class. */
  answer(body = "{}", init: ResponseInit = {}): Response {
    return new this.page.Response(body, init);
  }

  /** Begins to take rows. */
  connect(endpoint = "https://c.example/v1/"): this {
    connect(this.capture.book, [endpoint], (lost, exit, text) => {
      this.lost += lost;
      this.exits += exit;
      if (!text) return;
      for (const row of text.split("\x1e")) {
        const fields = row.split("\x1f").map((field, i) => [FIELDS[i], field]);
        this.rows.push(Object.fromEntries(fields) as Row);
      }
    });
    return this;
  }

  /** Time passes. */
  pass(ms: number): void {
    this.clock += ms;
  }

  /** The page's timers fire, and it is idle. */
  idle(): void {
    for (const fn of this.timers.splice(0)) fn();
  }

  /** Time passes until whatever may still be told is written. */
  settle(): void {
    for (let i = 0; i < 3; i++) {
      this.pass(2_100);
      this.idle();
    }
  }

  /** The browser tells what it has measured; `late` only when it is asked. */
  tell(entry: Told, late = false): void {
    const whole = {
      initiatorType: "fetch",
      transferSize: 300,
      encodedBodySize: 10,
      serverTiming: [],
      ...entry,
    } as Told;
    if (late) this.pending.push(whole);
    else this.told?.([whole]);
  }

  /** An event of the document or the page. */
  happen(name: string, target: EventTarget = this.document, more = {}): void {
    const event = new Event(name);
    for (const [key, value] of Object.entries(more))
      Object.defineProperty(event, key, { value });
    target.dispatchEvent(event);
  }
}
