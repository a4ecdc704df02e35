// Turns the agent's words about what is shown into at most one survey on the page.
import type { Backstage } from "../boot/backstage.js";
import type { DeliveryState, Progress } from "../widget/contract.js";
import { fromBase64 } from "./answers.js";
import { createGuard } from "./guard.js";
import type { Library } from "./library.js";
import { createLock } from "./lock.js";
import { Showing, type Scene, type Show } from "./showing.js";

export interface Shower {
  show(command: Show): void;
  open(): void;
  hide(): void;
  setDelivery(state: DeliveryState): void;
  /** The site's theme or language is another now. */
  restyle(): void;
  /** The agent has forgotten the person. */
  forget(): void;
}

/** `covers` hears whether something stands above the page now. */
export function createShower(
  backstage: Backstage,
  library: Library,
  covers: (shown: boolean) => void,
): Shower {
  const { page, site, report, storage, signal, language } = backstage;
  let current: Showing | undefined;
  /** How far the person was in what was hidden: more than the agent knows. */
  let kept: { name: string; progress: Progress } | undefined;
  let tongue = language();
  const scene: Scene = {
    backstage,
    library,
    guard: createGuard(page, signal),
    lock: createLock(page, site.siteKey, storage.isKept),
    covers,
    ended(showing) {
      if (current === showing) current = undefined;
    },
  };
  onLeave(page, () => current?.save(), signal);
  signal.addEventListener("abort", () => current?.drop());

  return {
    show(command) {
      current?.drop();
      tongue = language();
      current = new Showing(scene, command);
    },
    open() {
      if (!current) return;
      const { resume } = current.command;
      const same = kept?.name === current.name ? kept.progress : undefined;
      // A fresh pass must not begin with the answers of an earlier one.
      const ours = resume !== null || same?.answered === false;
      current.open((ours && same?.resume) || fromBase64(resume));
      kept = undefined;
    },
    hide() {
      if (!current) return;
      const { name } = current;
      const progress = current.progress();
      kept = progress && { name, progress };
      current?.drop();
    },
    setDelivery: (state) => current?.setDelivery(state),
    restyle() {
      current?.setTheme();
      if (tongue === language()) return;
      tongue = language();
      // Without the network it stays in the language that it has.
      current
        ?.translate()
        .catch((error: unknown) => report("widget_failed", String(error)));
    },
    forget() {
      kept = undefined;
    },
  };
}

/** Calls `leave` when the page may go: before the agent hears of it, so on the way down. */
function onLeave(page: Window, leave: () => void, signal: AbortSignal): void {
  const options = { capture: true, signal };
  const hidden = () => {
    if (page.document.visibilityState === "hidden") leave();
  };
  page.addEventListener("visibilitychange", hidden, options);
  page.addEventListener("pagehide", leave, options);
}
