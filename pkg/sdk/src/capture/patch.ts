// Turns functions of the browser into ones that are noticed, and back.

type Function = (...args: never[]) => unknown;

/** The object's own method from before zone.js, which makes an Angular page check itself after every call of its own. */
export function native<T extends object, K extends keyof T & string>(
  of: T,
  name: K,
): T[K] {
  const zones = of as Record<string, T[K] | undefined>;
  return zones[`__zone_symbol__${name}`] ?? of[name];
}

/** Stands before a function, with all that it is called with. */
export interface Handler {
  apply?(it: Function, self: never, args: never[]): unknown;
  construct?(it: Function, args: never[], target: Function): object;
}

/** Puts `handler` before a function; `owner` may be missing, as in an old browser. */
export type Patch = (
  owner: object | undefined,
  name: string,
  handler: Handler,
) => void;

/**
 * A way to patch, and one to undo it all.
 *
 * A proxy keeps name, length, prototype and constants of its function by itself. Who has wrapped it
 * meanwhile goes on to call it: without its traps it is the function that it stands for.
 */
export function createPatches(): { patch: Patch; undo: () => void } {
  const undos: (() => void)[] = [];
  return {
    patch(owner, name, handler) {
      const of = owner as Record<string, Function> | undefined;
      const original = of?.[name];
      if (!of || !original) return;
      const ours = (of[name] = new Proxy(original, handler as object));
      undos.push(() => {
        if (of[name] === ours) of[name] = original;
        delete handler.apply;
        delete handler.construct;
      });
    },
    undo() {
      for (const undo of undos) undo();
    },
  };
}
