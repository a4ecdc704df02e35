// Turns the loader's few words into everything in the page around agent and widget.
import type { Backstage, StageModule } from "../boot/backstage.js";
import { SHOW_BY_PERSON } from "../codes.js";
import type { Command, Furniture } from "../types.gen.js";
import { explainGates } from "./explain.js";
import { createLaunchers } from "./launchers.js";
import { createLibrary } from "./library.js";
import { scrub } from "./scrub.js";
import { sense } from "./sense.js";
import { createShower, type Shower } from "./show.js";
import { onTheme } from "./theme.js";

export const createStage: StageModule["createStage"] = (backstage) => {
  const { page, site, signal } = backstage;
  backstage.scrub = scrub;
  const library = createLibrary(backstage);
  const launchers = createLaunchers(backstage, library.words);
  const shower = createShower(backstage, library, launchers.hide);
  let furniture: Furniture = { probes: [], launchers: [] };
  let sensing = new AbortController();
  signal.addEventListener("abort", () => sensing.abort());

  const furnish = (next: Furniture) => {
    furniture = next;
    sensing.abort();
    if (signal.aborted) return;
    sensing = new AbortController();
    backstage.moved = sense(backstage, next.probes, sensing.signal);
    launchers.set(next.launchers);
  };
  const restyle = () => {
    launchers.restyle();
    shower.restyle();
  };
  onTheme(page, () => site.theme === "host" && restyle(), signal);

  return {
    restyle,
    hear(command) {
      if (command.do === "furnish") furnish(command.furniture);
      else perform(shower, command);
    },
    explain({ survey, gates: raw }) {
      const gates = explainGates(raw);
      return { survey, eligible: gates.every((it) => it.passes), gates };
    },
    openFeedback: () => openFirst(backstage, () => furniture),
  };
};

function perform(shower: Shower, command: Command): void {
  switch (command.do) {
    case "show":
      return shower.show(command);
    case "open":
      return shower.open();
    case "hide":
      return shower.hide();
    case "delivery":
      return shower.setDelivery(command.state);
    case "wipe":
      return shower.forget();
  }
}

/** Opens the site's first feedback form, once the config has said which there are. */
function openFirst(
  { page, events, call, report }: Backstage,
  furniture: () => Furniture,
): void {
  const stop = events.on("ready", () => {
    stop();
    // The furniture may come with the same words of the agent, after "ready".
    page.setTimeout(() => {
      const [first] = furniture().launchers;
      if (first) call("show", SHOW_BY_PERSON, first.survey);
      else report("no_feedback", "no feedback form is running on this site");
    });
  });
}
