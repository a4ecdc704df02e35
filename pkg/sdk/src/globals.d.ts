// Turns what the bundler fills in into names that TypeScript knows.

/** Where the assets that the loader fetches are, relative to its directory. */
declare const __ASSETS__: {
  readonly agent: string;
  readonly agentWasm: string;
  /** Instead of the agent where surveys may run. */
  readonly asker: string;
  readonly askerWasm: string;
  readonly stage: string;
  readonly rows: string;
  readonly vitals: string;
  readonly outbox: string;
};

/** Where the assets that the stage fetches are, relative to the loader's directory. */
declare const __STAGE__: {
  readonly widget: string;
  readonly widgetWasm: string;
  readonly shot: string;
  /** The widget's own words, by BCP 47 tag. */
  readonly words: Readonly<Record<string, string>>;
};

/** The version of this build, such as `0.1.0`. */
declare const __VERSION__: string;
