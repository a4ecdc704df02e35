// Turns the loader's few words into everything in the page around agent and widget.
import type { StageModule } from "../boot/backstage.js";
import { SHOW, type Furniture } from "../commands.js";
import { createLaunchers } from "./launchers.js";
import { createLibrary } from "./library.js";
import { sense } from "./sense.js";
import { createShower } from "./show.js";
import { onTheme } from "./theme.js";

const NOTHING: Furniture = { probes: [], launchers: [] };

export const createStage: StageModule["createStage"] = (backstage) => {
  const { page, site, call, report, events, signal } = backstage;
  const library = createLibrary(backstage);
  const launchers = createLaunchers(backstage, library.words);
  const shower = createShower(backstage, library, launchers.hide);
  let sensing = new AbortController();
  signal.addEventListener("abort", () => sensing.abort());

  const restyle = () => {
    launchers.restyle();
    shower.restyle();
  };
  onTheme(page, () => site.theme === "host" && restyle(), signal);

  return {
    ...shower,
    restyle,
    furnish() {
      const { probes, launchers: specs } = read(backstage.furniture);
      sensing.abort();
      if (signal.aborted) return;
      sensing = new AbortController();
      backstage.moved = sense(backstage, probes, sensing.signal);
      launchers.set(specs);
    },
    openFeedback() {
      // Which forms there are is known once the config has come.
      const stop = events.on("ready", () => {
        stop();
        const { launchers } = read(backstage.furniture);
        const [first] = launchers;
        if (first) call("show", SHOW.byPerson, first.survey);
        else report("no_feedback", "no feedback form is running on this site");
      });
    },
  };
};

function read(json: string): Furniture {
  return json === "" ? NOTHING : (JSON.parse(json) as Furniture);
}
