// Turns inputs into calls of the agent's wasm, and the commands it returns into actions, in order.
import type { Command } from "../types.gen.js";

/** The agent's inputs and their arguments, without the clocks that every one carries. */
export interface Inputs {
  tick: [];
  visible: [];
  hidden: [];
  online: [];
  painted: [];
  show_failed: [];
  /** One of `CLOSED_*`. */
  closed: [reason: number];
  configure: [config: Uint8Array];
  config_failed: [status: number, retryAfterMs: number, code: string];
  /** `context` is the JSON of where the page is, as it goes on the wire. */
  page: [device: number, url: string, language: string, context: string];
  synced: [state: Uint8Array];
  show: [flags: number, survey: string];
  ready: [guard: number, state: Uint8Array];
  busy: [guard: number];
  answered: [flags: number, answers: string, resume: string, extras: string];
  delivered: [
    slot: number,
    status: number,
    retryAfterMs: number,
    letters: string,
    code: string,
  ];
  /** `properties` and traits are written by {@link flat}. */
  track: [name: string, properties: string];
  traits: [traits: string];
  identify: [person: string];
  sensed: [states: string];
  explain: [survey: string];
  /** 0 denied, 1 granted, 2 not said; `quiet` is 1 when the browser asks not to be measured. */
  consent: [said: number, quiet: number];
  reset: [];
  /** Rows of requests, as capture writes them; `exit` is 1 when the page is going. */
  measured: [overflow: number, exit: number, rows: string];
  count: [];
  /** Items that an earlier page left, as `src/outbox/rows.ts` writes them: one envelope of one sender. */
  left: [rows: Uint8Array];
  /** Items that cannot be kept any longer, by reason: 0 expired, 1 no room, 2 no consent. */
  lost: [reason: number, n: number];
}

/** Every input, in the order in which the agent counts them. */
export const INPUTS =
  "tick visible hidden online painted show_failed closed configure config_failed page synced show ready busy answered delivered track traits identify sensed explain consent reset measured count left lost".split(
    " ",
  ) as (keyof Inputs)[];

/** Names and values as the agent takes them; what is neither text nor number nor truth is left out. */
export function flat(values: object | null | undefined): string {
  return Object.entries(values ?? {})
    .filter(([, value]) => /^[sbn]/.test(typeof value))
    .flat()
    .map((text) => String(text).replace(/\x1f/g, "") + "\x1f")
    .join("");
}

/** What the agent's glue exports. */
export interface AgentModule {
  default(options: { module_or_path: string }): Promise<unknown>;
  start(state: Uint8Array, wallMs: number, monoMs: number): void;
  /** Takes one input as {@link encode} writes it, returns commands as JSON. */
  hear(input: Uint8Array, wallMs: number, monoMs: number): Uint8Array;
}

/** How each command is carried out. */
export type Hands = {
  [C in Command["do"]]: (command: Extract<Command, { do: C }>) => void;
};

/** Gives one input to the agent and carries out what it decides. Never throws. */
export type Call = <I extends keyof Inputs>(
  input: I,
  ...args: Inputs[I]
) => void;

/**
 * Connects the agent with its hands. `failed` hears of everything that throws; `fatal` when it was
 * the agent itself, which is never called again then: what it holds may be broken. Nor is it once
 * `signal` has ended everything.
 */
export function createBridge(
  agent: Pick<AgentModule, "hear">,
  hands: Hands,
  failed: (error: unknown, fatal: boolean) => void,
  signal: AbortSignal,
): Call {
  const todo: Command[] = [];
  let busy = false;
  let dead = false;
  const carryOut = (command: Command) => {
    try {
      (hands[command.do] as (command: Command) => void)(command);
    } catch (error) {
      failed(error, false);
    }
  };
  return (input, ...args) => {
    if (dead || signal.aborted) return;
    try {
      const json = agent.hear(
        encode(input, args),
        Date.now(),
        performance.now(),
      );
      const text = new TextDecoder().decode(json);
      todo.push(...(JSON.parse(text) as Command[]));
    } catch (error) {
      dead = true;
      failed(error, true);
      return;
    }
    // A command may cause another input (a listener calls `show`): its commands come after those
    // that are being carried out.
    if (busy) return;
    busy = true;
    for (let next; (next = todo.shift());) carryOut(next);
    busy = false;
  };
}

/** One input as bytes: its place in {@link INPUTS}, three numbers, bytes, three texts. */
export function encode<I extends keyof Inputs>(
  input: I,
  args: Inputs[I],
): Uint8Array {
  // Texts may be long: they are copied once, as a whole.
  const parts: ArrayLike<number>[] = [];
  let length = 0;
  const put = (part: ArrayLike<number>) => {
    parts.push(part);
    length += part.length;
  };
  const number = (n = 0) => {
    // The agent takes whatever is not a number of its kind as one that is too large.
    let rest = Number.isInteger(n) && n >= 0 ? n : 2 ** 40;
    for (; rest > 127; rest = Math.floor(rest / 128)) put([(rest % 128) | 128]);
    put([rest]);
  };
  const bytes = (content: Uint8Array = new Uint8Array()) => {
    number(content.length);
    put(content);
  };
  const all = args as readonly (number | string | Uint8Array)[];
  const numbers = all.filter((arg) => typeof arg === "number");
  const texts = all.filter((arg) => typeof arg === "string");
  number(INPUTS.indexOf(input));
  for (let i = 0; i < 3; i++) number(numbers[i]);
  bytes(all.find((arg) => arg instanceof Uint8Array));
  for (let i = 0; i < 3; i++) bytes(new TextEncoder().encode(texts[i]));
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
