// Turns the feedback forms of a site into buttons and tabs on the page.
import type { Backstage } from "../boot/backstage.js";
import { SHOW_BY_PERSON } from "../codes.js";
import type { LauncherSpec } from "../types.gen.js";
import type { Words } from "../widget/contract.js";
import { toCorner } from "./choice.js";
import css from "./launcher.css";
import { resolve } from "./language.js";
import { createShadow } from "./shadow.js";
import { themeOf } from "./theme.js";

export interface Launchers {
  /** Puts up these, instead of those that are there. */
  set(specs: readonly LauncherSpec[]): void;
  /** Theme or language are other ones now. */
  restyle(): void;
  /** They make room for what is shown. */
  hide(hidden: boolean): void;
}

interface Up {
  spec: LauncherSpec;
  host: HTMLElement;
  button: HTMLButtonElement;
}

export function createLaunchers(
  backstage: Backstage,
  getWords: (language: string) => Promise<Words>,
): Launchers {
  const { page, site, call, report, language, signal } = backstage;
  let all: Up[] = [];
  let hidden = false;
  const clear = () => {
    for (const { host } of all.splice(0)) host.remove();
  };
  signal.addEventListener("abort", clear);

  const label = async (up: Up) => {
    const wanted = language();
    const own = labelOf(up.spec, wanted);
    // Words that cannot be fetched keep nobody from giving feedback.
    const words = own
      ? undefined
      : await getWords(wanted).catch(() => undefined);
    const [text, tag] = own ?? [
      words?.["feedback"] ?? "Feedback",
      words?.["language"] ?? "en",
    ];
    if (signal.aborted) return;
    up.button.textContent = text;
    up.button.lang = tag;
    // Only with its name on it.
    if (all.includes(up) && !up.host.isConnected)
      page.document.body.append(up.host);
  };
  const dress = (up: Up) => {
    up.host.dataset["theme"] = themeOf(backstage);
    up.host.hidden = hidden;
    label(up).catch((error: unknown) => report("internal", String(error)));
  };
  return {
    set(specs) {
      clear();
      const taken = new Map<string, number>();
      all = specs
        .filter(({ launcher }) => launcher !== "page")
        .map((spec) => {
          const corner =
            spec.corner?.replace("_", "-") ?? toCorner(site.corner, report);
          const where =
            spec.launcher === "tab" ? corner.replace(/.*-/, "") : corner;
          const place = taken.get(where) ?? 0;
          taken.set(where, place + 1);
          const up = create(page, spec, corner, place);
          up.button.addEventListener("click", () =>
            call("show", SHOW_BY_PERSON, spec.survey),
          );
          return up;
        });
      all.forEach(dress);
    },
    restyle: () => all.forEach(dress),
    hide(it) {
      hidden = it;
      for (const { host } of all) host.hidden = it;
    },
  };
}

function create(
  page: Window,
  spec: LauncherSpec,
  corner: string,
  place: number,
): Up {
  const { host, root } = createShadow(page, "firsthand-launcher", css);
  host.dataset["launcher"] = spec.launcher;
  host.dataset["corner"] = corner;
  host.style.setProperty("--place", String(place));
  const button = page.document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-haspopup", "dialog");
  root.append(button);
  return { spec, host, button };
}

/** The author's words and their language; `undefined` when there are none. */
function labelOf(
  { label, language }: LauncherSpec,
  wanted: string,
): [string, string] | undefined {
  if (label === null) return undefined;
  if (typeof label === "string") return [label, language];
  const tag = resolve(wanted, Object.keys(label)) ?? language;
  const text = label[tag];
  return text === undefined ? undefined : [text, tag];
}
