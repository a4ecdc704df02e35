// Turns the page's calls into inputs of the agent, now or once it runs, and never into exceptions.
import type { Firsthand } from "../api.js";
import { CLOSED_BY_PAGE, SHOW_ANYHOW, SHOW_BY_PERSON } from "../codes.js";
import { flat, type Inputs } from "./bridge.js";
import type { Core } from "./core.js";
import { guarded } from "./report.js";

/** The methods of `window.firsthand`, none of which throws. */
export function createApi(core: Core): Firsthand {
  const tell = <I extends keyof Inputs>(input: I, ...args: Inputs[I]) =>
    core.later(({ call }) => call(input, ...args));
  const made: Record<string, unknown> = { version: __VERSION__ };
  const api = made as unknown as Firsthand;
  const methods = {
    ...inGeneral(core, api),
    ...ofPeople(core, tell),
    ...ofSurveys(core, tell, api),
  };
  for (const [name, method] of Object.entries(methods)) {
    made[name] = guarded(
      core.report,
      method as (...args: unknown[]) => unknown,
    );
  }
  // Not guarded: what it throws is the page's own.
  made["mark"] = core.capture?.mark ?? ((_: string, fn: () => unknown) => fn());
  return Object.freeze(api);
}

type Tell = <I extends keyof Inputs>(input: I, ...args: Inputs[I]) => void;
type Methods<M extends keyof Firsthand> = Pick<Firsthand, M>;

function inGeneral(
  { init, destroy, events, report }: Core,
  api: Firsthand,
): Methods<"push" | "init" | "on" | "off" | "destroy"> {
  return {
    push(call) {
      if (typeof call === "function") return call(api);
      const [name, ...args] = call;
      const method: unknown = api[name];
      if (typeof method !== "function") {
        throw new Error(`there is no ${String(name)} to call`);
      }
      method(...(args as unknown[]));
    },
    init,
    on(event, listener) {
      if (typeof listener === "function") return events.on(event, listener);
      report("invalid_listener", `on("${event}") needs a function`);
      return () => {};
    },
    off: events.off,
    destroy,
  };
}

function ofPeople(
  { later, report }: Core,
  tell: Tell,
): Methods<
  | "identify"
  | "setTraits"
  | "track"
  | "setLanguage"
  | "setTheme"
  | "setConsent"
  | "reset"
> {
  return {
    identify(user) {
      const { id, signature, traits } = user ?? {};
      tell("identify", id ? JSON.stringify({ id: `${id}`, signature }) : "");
      if (traits) tell("traits", flat(traits));
    },
    setTraits: (traits) => tell("traits", flat(traits)),
    track(name, properties) {
      if (/^\$/.test(name)) report("invalid_event", `${name}: $ is not yours`);
      else tell("track", `${name}`, flat(properties));
    },
    setLanguage: (tag) =>
      later(({ site, look, restyle }) => {
        site.language = tag;
        look();
        restyle();
      }),
    setTheme: (theme) =>
      later(({ site, restyle }) => {
        site.theme = theme;
        restyle();
      }),
    setConsent: (consent) =>
      later(({ allow }) => allow(consent === true || consent === "granted")),
    reset: () => tell("reset"),
  };
}

function ofSurveys(
  { page, later, onBroken, report, signal }: Core,
  tell: Tell,
  api: Firsthand,
): Methods<
  "show" | "close" | "openFeedback" | "attachTo" | "explain" | "delivery"
> {
  return {
    show: (id, options) =>
      tell("show", options?.ignoreConditions ? SHOW_ANYHOW : 0, `${id}`),
    close: () => tell("closed", CLOSED_BY_PAGE),
    openFeedback: (id) =>
      later(({ call, stage }) => {
        // As a listener of clicks it is called with an event.
        if (typeof id === "string") call("show", SHOW_BY_PERSON, id);
        else stage((it) => it.openFeedback());
      }),
    attachTo(target, id) {
      const { document } = page;
      const open = guarded(report, (event: Event) => {
        const hit = (at: Partial<Element>) =>
          typeof target === "string" ? at.matches?.(target) : at === target;
        if (event.composedPath().some(hit as (at: EventTarget) => boolean)) {
          api.openFeedback(id);
        }
      });
      // Also elements that are not there yet, and those whose own listeners stop the event.
      document.addEventListener("click", open, { capture: true, signal });
      return () =>
        document.removeEventListener("click", open, { capture: true });
    },
    explain: (survey) =>
      new Promise((done) => {
        onBroken((actual) => {
          const gates = [
            { gate: "agent", needed: null, actual, passes: false },
          ];
          done({ survey, eligible: false, gates, storage: "memory" });
        });
        later(({ call, asked }) => {
          asked.push(done);
          call("explain", survey);
        });
      }),
    delivery: () =>
      new Promise((done) =>
        later(({ call, asked }) => {
          asked.push(done);
          call("count");
        }),
      ),
  };
}
