// Turns inputs into calls of the agent's wasm, and the commands it returns into actions, in order.
import type { Command } from "../types.gen.js";

/** The inputs that carry nothing, in the order in which the agent's wasm counts them. */
export const SIGNALS = [
  "tick",
  "visible",
  "hidden",
  "online",
  "shown",
  "show_failed",
  "completed",
  "closed_by_person",
  "closed_by_page",
] as const;

type Signal = (typeof SIGNALS)[number];

/** The inputs with arguments; each one is a method of the wasm class. */
export interface Inputs {
  /** `config` counts with status 200, the rest with any other. */
  configured: [
    status: number,
    config: Uint8Array,
    retryAfterMs: number,
    code: string,
  ];
  page: [url: string, language: string];
  synced: [state: Uint8Array];
  show: [survey: string];
  /** Without a score the text counts; an empty one is a skip. */
  answered: [
    question: string,
    prompt: string,
    score: number | undefined,
    text: string,
  ];
  delivered: [
    batch: string,
    status: number,
    letters: string,
    retryAfterMs: number,
    code: string,
  ];
}

/** The wasm class: each method takes the clocks last and returns commands as JSON. */
export type Agent = {
  [I in keyof Inputs]: (
    ...args: [...Inputs[I], wallMs: number, monoMs: number]
  ) => string;
} & { signal(signal: number, wallMs: number, monoMs: number): string };

/** What the agent's glue exports. */
export interface AgentModule {
  default(options: { module_or_path: string }): Promise<unknown>;
  Agent: new (state: Uint8Array, wallMs: number, monoMs: number) => Agent;
}

/** How each command is carried out. */
export type Hands = {
  [C in Command["do"]]: (command: Extract<Command, { do: C }>) => void;
};

/** Gives one input to the agent and carries out what it decides. Never throws. */
export type Call = <I extends Signal | keyof Inputs>(
  input: I,
  ...args: I extends keyof Inputs ? Inputs[I] : []
) => void;

/**
 * Connects the agent with its hands. `failed` hears of everything that throws; `fatal` when it was
 * the agent itself, which is never called again then: what it holds may be broken.
 */
export function createBridge(
  agent: Agent,
  hands: Hands,
  failed: (error: unknown, fatal: boolean) => void,
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
    if (dead) return;
    try {
      todo.push(...decide(agent, input, args));
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

function decide(
  agent: Agent,
  input: Signal | keyof Inputs,
  args: unknown[],
): Command[] {
  const signal = SIGNALS.indexOf(input as Signal);
  const clocks = [Date.now(), performance.now()] as const;
  const method = agent[input as keyof Inputs] as (...args: unknown[]) => string;
  const commands =
    signal < 0
      ? method.call(agent, ...args, ...clocks)
      : agent.signal(signal, ...clocks);
  return JSON.parse(commands) as Command[];
}
