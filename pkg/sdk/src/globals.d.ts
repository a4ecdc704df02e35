// Turns what the bundler fills in into names that TypeScript knows.

/** Where the other assets are, relative to the directory of the loader. */
declare const __ASSETS__: {
  readonly agent: string;
  readonly agentWasm: string;
  readonly widget: string;
  readonly widgetWasm: string;
};

/** The version of this build, such as `0.1.0`. */
declare const __VERSION__: string;
