// Turns what has to outlive the page into calls of the outbox, which is fetched for that.
import type { Delivery } from "../api.js";
import type { Command } from "../types.gen.js";
import type { Outbox, OutboxModule, Surroundings } from "../outbox/index.js";
import { guarded } from "./report.js";

/** For the agent's input `lost`: nothing was lost, but nothing else than this page has it. */
const KEPT_IN_MEMORY = 5;

type Of<C extends Command["do"]> = Extract<Command, { do: C }>;

/** What the page keeps of what was not delivered yet. */
export interface Keeping {
  keep(command: Of<"keep">): void;
  unkeep(command: Of<"unkeep">): void;
  /** Removes what is kept, also by pages that are gone. */
  wipe(): void;
  /** Fetches the outbox: there may soon be something to keep. */
  prepare(): void;
  /** Delivers what earlier pages left, if they left anything. */
  look(): void;
  /** Where things are kept, and how many; without leave to look, nowhere. */
  state(
    mayLook: boolean,
    fn: (state: Pick<Delivery, "storage" | "kept">) => void,
  ): void;
}

/** `load` fetches the outbox; `isMarked` is whether some page says that something is kept. */
export function createKeeping(
  around: Surroundings,
  load: () => Promise<unknown>,
  isMarked: () => boolean,
): Keeping {
  const { call, report, signal } = around;
  let opened: Promise<Outbox> | undefined;
  const outbox = (fn: (outbox: Outbox) => void, otherwise?: () => void) => {
    opened ??= load().then((module) =>
      (module as OutboxModule).createOutbox(around),
    );
    opened.then(guarded(report, fn), (error: unknown) => {
      opened = undefined;
      if (!signal.aborted) report("outbox_failed", String(error));
      otherwise?.();
    });
  };
  return {
    keep: (command) =>
      outbox(
        (it) => it.keep(command),
        () => call("lost", KEPT_IN_MEMORY, command.items.length),
      ),
    unkeep: ({ ids }) => opened && outbox((it) => it.unkeep(ids)),
    wipe: () => (opened || isMarked()) && outbox((it) => it.wipe()),
    prepare: () => outbox(() => {}),
    look: () => isMarked() && outbox((it) => it.look()),
    state(mayLook, fn) {
      const nowhere = () => fn({ storage: "memory", kept: 0 });
      if (mayLook) outbox((it) => void it.state().then(fn), nowhere);
      else nowhere();
    },
  };
}
