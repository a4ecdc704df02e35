// Turns a fake page and a fake agent into one visit, with everything that the agent heard.
import { explainGates } from "../src/stage/explain.js";
import { expect } from "vitest";
import type { Firsthand } from "../src/api.js";
import type { Backstage, Stage } from "../src/boot/backstage.js";
import type { Capture } from "../src/capture/watch.js";
import { INPUTS, type AgentModule } from "../src/boot/bridge.js";
import { install } from "../src/boot/install.js";
import type { Command } from "../src/types.gen.js";
import { fakePage, type FakePage } from "./page.js";
import { serve, type Noted } from "./server.js";

export const SURVEY = { id: "nps", version: 3 };

export const PAGE =
  'page 0 https://shop.example/cart de {"url":"https://shop.example/cart","language":"de"}';

export type Emit = Extract<Command, { do: "emit" }>;

export const emits = (
  event: Emit["event"],
  survey: Emit["survey"] = SURVEY,
): Command => ({ do: "emit", event, survey, response: null });

/** How the arguments of each input follow each other: number, bytes or text. */
const SHAPES: Partial<Record<(typeof INPUTS)[number], string>> = {
  closed: "n",
  configure: "b",
  config_failed: "nnt",
  page: "nttt",
  synced: "b",
  show: "nt",
  ready: "nb",
  busy: "n",
  answered: "nttt",
  delivered: "nnntt",
  track: "tt",
  traits: "t",
  identify: "t",
  sensed: "t",
  explain: "t",
  consent: "nn",
  left: "b",
  lost: "nn",
  measured: "nnt",
};

/** Reads what {@link encode} writes, as the agent does. */
export function decode(bytes: Uint8Array): (string | number | undefined)[] {
  let at = 0;
  const number = () => {
    for (let n = 0, unit = 1; ; unit *= 128) {
      const byte = bytes[at++] ?? 0;
      n += (byte & 127) * unit;
      if (byte < 128) return n;
    }
  };
  const text = () => {
    const end = number() + at;
    const content = bytes.subarray(at, end);
    at = end;
    return new TextDecoder().decode(content);
  };
  const name = INPUTS[number()] ?? "tick";
  const n = [number(), number(), number()];
  const b = [text()];
  const t = [text(), text(), text()];
  expect(at).toBe(bytes.length);
  const shape = [...(SHAPES[name] ?? "")] as ("n" | "b" | "t")[];
  return [name, ...shape.map((kind) => ({ n, b, t })[kind].shift())];
}

/** Everything around one visit: what the agent heard, what it is to say, the open widgets. */
export class Visit {
  readonly fake: FakePage = fakePage();
  readonly heard: string[] = [];
  /** What the stage was told. */
  readonly staged: string[] = [];
  backstage: Backstage | undefined;
  /** What the agent answers to the input of this name. */
  readonly says: Partial<Record<string, Command[]>> = {};
  readonly saw: string[] = [];
  requests: Noted[] = [];
  private heardMore = () => {};

  get api(): Firsthand {
    return this.fake.page.firsthand as Firsthand;
  }

  /** Resolves once the agent has heard `input`, which starts with a name. */
  async hears(input: string): Promise<void> {
    while (!this.heard.some((it) => it.startsWith(input))) {
      await new Promise<void>((done) => (this.heardMore = done));
    }
  }

  note(line: string): void {
    this.heard.push(line);
    this.heardMore();
  }

  /** What watches the page's requests. */
  capture: Capture | undefined;

  /** What other parts are, by the end of their names. */
  readonly parts: Record<string, unknown> = {};

  /** What cannot be fetched. */
  blocked = "";

  readonly load = (url: string): Promise<unknown> => {
    if (this.blocked && url.includes(this.blocked)) {
      return Promise.reject(new Error("blocked"));
    }
    const [, module] = /a\/(agent|asker)\.js$/.exec(url) ?? [];
    if (module) return Promise.resolve(this.agentModule(module));
    if (url.endsWith("a/stage.js")) return Promise.resolve(this.stageModule());
    const part = Object.keys(this.parts).find((name) => url.endsWith(name));
    if (part) return Promise.resolve(this.parts[part]);
    return Promise.reject(new Error(`no ${url}`));
  };

  /** Which of both agents was started. */
  started = "";

  private agentModule(name: string): AgentModule {
    return {
      default: ({ module_or_path }) => {
        expect(module_or_path).toMatch(`a/${name}.wasm`);
        this.started = name;
        return Promise.resolve();
      },
      start: (state) => this.note(`start ${[...state].join(",")}`),
      hear: (bytes, ...clocks) => {
        expect(clocks.map((clock) => typeof clock)).toEqual([
          "number",
          "number",
        ]);
        const [name, ...args] = decode(bytes);
        this.note([name, ...args].join(" "));
        const commands = this.says[String(name)]?.splice(0) ?? [];
        return new TextEncoder().encode(JSON.stringify(commands));
      },
    };
  }

  private stageModule() {
    return {
      createStage: (backstage: Backstage): Stage => {
        this.backstage = backstage;
        return {
          hear: (command) => void this.staged.push(command.do),
          explain: ({ survey, gates: raw }) => {
            const gates = explainGates(raw);
            return { survey, eligible: false, gates };
          },
          openFeedback: () => void this.staged.push("feedback"),
          restyle: () => {
            const { theme, language } = backstage.site;
            this.staged.push(`${theme} ${language}`);
          },
        };
      },
    };
  }

  /** What the collector answers to the question for the config. */
  config: Uint8Array | undefined;

  /** Starts a page with `data` on its script tag, against a collector that has everything. */
  async start(data: DOMStringMap = { siteKey: "fh_demo_shop" }): Promise<void> {
    const server = await serve(({ url }, response) => {
      const config = url.startsWith("/v1/config") && this.config;
      response.end(
        config || (url.startsWith("/v1/batch") ? '{"r":"a"}' : `for ${url}`),
      );
    });
    this.requests = server.requests;
    this.install(data, `${server.url}sdk.js`);
    this.fake.runTimers();
    await this.hears("configure");
  }

  install(data: DOMStringMap, url = "https://c.example/sdk.js"): void {
    install(this.fake.page, { url, data }, fetch, this.load, this.capture);
  }
}
