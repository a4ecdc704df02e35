// Turns what the loader has into what its lazy part, the stage, may use of it.
import type { Delivery, Explanation } from "../api.js";
import type { Answer, Body, Command, Item } from "../types.gen.js";
import type { Fetch, request } from "../transport/request.js";
import type { Call } from "./bridge.js";
import type { Events } from "./events.js";
import type { Site } from "./options.js";
import type { Report } from "./report.js";
import type { Storage } from "./storage.js";

/** One for each start; the loader and the stage both write into it where it says so. */
export interface Backstage {
  page: Window;
  site: Site;
  fetch: Fetch;
  request: typeof request;
  /** Dynamic import, so that tests need no server. */
  load: (url: string) => Promise<unknown>;
  call: Call;
  report: Report;
  events: Events;
  storage: Storage;
  /** Where what was not delivered is kept, and how much. */
  kept: (fn: (state: Pick<Delivery, "storage" | "kept">) => void) => void;
  /** Ends everything. */
  signal: AbortSignal;
  /** BCP 47 tag of the language that the person reads now. */
  language: () => string;
  /** What the stage's last `answered` was about, for the page's listeners. */
  answer: Answer | undefined;
  /** The stage's: takes what is private out of an item; all that could hold any is its own. */
  scrub: (item: Item<Body>) => Item<Body>;
  /** The stage's, called when the address has changed. */
  moved: () => void;
}

/** The lazy part around agent and widget: everything that is not needed on every page. */
export interface Stage {
  /** Carries out what is about the page: `show`, `open`, `hide`, `delivery`, `furnish`, `wipe`. */
  hear(command: Command): void;
  /** Puts what the agent said of a survey's gates into words. */
  explain(
    explained: Extract<Command, { do: "explained" }>,
  ): Omit<Explanation, "storage">;
  /** Opens the first feedback form of the site. */
  openFeedback(): void;
  /** The site's theme or language is another now. */
  restyle(): void;
}

/** What the module at the stage's URL exports. */
export interface StageModule {
  createStage(backstage: Backstage): Stage;
}
