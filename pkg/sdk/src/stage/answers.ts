// Turns a person's progress into what the agent is told of it, with images uploaded before.
import type { Backstage } from "../boot/backstage.js";
import type { Progress, WidgetEvent } from "../widget/contract.js";
import { upload, type Uploaded } from "./upload.js";

type Progressed = Extract<WidgetEvent, { type: "progressed" }>;

/** What the answers of one opening are told with. */
export interface Teller {
  /** Takes one step of the person. */
  step(event: Progressed): void;
  /** The page may go: tells what was not told yet. */
  save(progress: Progress): void;
  /** Calls `then` when every step was told: at once, unless images are on their way. */
  idle(then: () => void): void;
}

/** What telling needs from the opening. */
export interface Desk {
  /** What goes with feedback when the person agrees. */
  context: Record<string, string>;
  /** Ends with the opening: what is told later would be taken for the answers of another one. */
  signal: AbortSignal;
  /** Images are on their way. */
  sending(): void;
  /** Images will not arrive. */
  lost(): void;
}

export function createTeller(backstage: Backstage, desk: Desk): Teller {
  const { call, report } = backstage;
  /** What was told last, so that nothing is told twice. */
  let last = "";
  /** Ends when everything before it was told; absent while nothing is on its way. */
  let queue: Promise<void> | undefined;

  /** `again` tells also what was told last. */
  const tell = (progress: Progress, extras: object, again = false) => {
    const answers = JSON.stringify(progress.answers);
    const resume = toBase64(progress.resume);
    const more = JSON.stringify(extras);
    const flags = (progress.answered ? 1 : 0) | (progress.complete ? 2 : 0);
    const all = [flags, answers, resume, more].join("\n");
    // Before anything was answered there is no response yet: going on, or back, does not make one.
    const isNothing = last === "" && flags === 0 && answers === "[]";
    if ((all === last && !again) || isNothing) return;
    last = all;
    call("answered", flags, answers, resume, more === "{}" ? "" : more);
  };
  const say = (event: Progressed, { ids, all }: Uploaded) => {
    const { progress, context, answer } = event;
    backstage.answer = answer;
    const extras = {
      ...(ids.length > 0 && { attachments: ids }),
      ...(context && { context: desk.context }),
    };
    // What was refused may be sent again as it is: the agent knows whether it was.
    tell(progress, extras, progress.complete);
    if (!all) desk.lost();
  };
  return {
    step(event) {
      if (!queue && event.images.length === 0) {
        return say(event, { ids: [], all: true });
      }
      desk.sending();
      // One after the other, and each after its images.
      const before = queue;
      const mine = upload(backstage, event.images).then(async (uploaded) => {
        await before;
        if (!desk.signal.aborted) say(event, uploaded);
      });
      queue = mine
        .catch((error: unknown) => report("internal", String(error)))
        .then(() => {
          if (queue === done) queue = undefined;
        });
      const done = queue;
    },
    save(progress) {
      backstage.answer = undefined;
      // The text does not wait for its images: they follow with another revision.
      if (queue || !progress.complete) tell(progress, {});
    },
    idle(then) {
      if (queue) void queue.then(then);
      else then();
    },
  };
}

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export function fromBase64(text: string | null): Uint8Array {
  return Uint8Array.from(atob(text ?? ""), (char) => char.charCodeAt(0));
}
