// Turns a site into a running agent: fetches agent and config, connects everything once.
import { createOutbox } from "../transport/outbox.js";
import { errorCode, request, type Fetch } from "../transport/request.js";
import type { WidgetModule } from "../widget/contract.js";
import {
  createBridge,
  type AgentModule,
  type Call,
  type Hands,
} from "./bridge.js";
import type { Events } from "./events.js";
import { listen } from "./listen.js";
import type { Site } from "./options.js";
import { explain, guarded, type Report } from "./report.js";
import { createStage } from "./stage.js";
import { createStorage } from "./storage.js";

/** What a start needs from the page. */
export interface Ground {
  page: Window;
  fetch: Fetch;
  /** Dynamic import, so that tests need no server. */
  load: (url: string) => Promise<unknown>;
  events: Events;
  report: Report;
  /** Hears why the agent, once started, can run no longer. */
  fail: (error: unknown) => void;
}

/** Resolves with the way to call the running agent; rejects when it cannot run here. */
export async function start(site: Site, ground: Ground): Promise<Call> {
  const { page, fetch, load, events, report, fail } = ground;
  const asset = (name: keyof typeof __ASSETS__) =>
    site.assets + __ASSETS__[name];
  const getConfig = () =>
    request(fetch, `${site.endpoint}v1/config?k=${site.siteKey}&v=1`);

  const storage = createStorage(page, site.siteKey);
  // Side by side: the agent's way to "show" is as long as the longer of the two.
  const firstConfig = getConfig();
  const agent = (await load(asset("agent"))) as AgentModule;
  await agent.default({ module_or_path: asset("agentWasm") });
  agent.start(storage.load(), Date.now(), performance.now());

  let timer: number | undefined;
  let look = () => {};
  const takeConfig = async (answer: ReturnType<typeof getConfig>) => {
    const config = await answer;
    const { status, body, retryAfterMs } = config;
    if (status === 200) call("configure", body);
    else call("config_failed", status, retryAfterMs, errorCode(config));
  };
  const importWidget = async () => {
    const widget = (await load(asset("widget"))) as WidgetModule;
    await widget.load(asset("widgetWasm"));
    return widget;
  };
  const tick = guarded(report, () => {
    look();
    call("tick");
  });
  const hands: Hands = {
    fetch_config: () => void takeConfig(getConfig()),
    show: ({ survey }) => stage.show(survey),
    hide: () => stage.hide(),
    send: (command) => outbox.send(command),
    resend: ({ slot, attempt, exit }) => outbox.resend(slot, attempt, exit),
    forget: ({ slot }) => outbox.forget(slot),
    wake({ in_ms }) {
      page.clearTimeout(timer);
      timer = page.setTimeout(tick, in_ms);
    },
    save: ({ state }) => storage.save(state),
    delivery: ({ state }) => stage.setDelivery(state),
    emit: ({ event, survey, response, answer }) =>
      events.emit(event, { survey, response, answer }),
    warn: ({ code, about }) => report(...explain(code, about)),
  };
  const call = createBridge(agent, hands, (error, fatal) => {
    if (!fatal) return report("internal", String(error));
    fail(error);
    stage.hide();
  });
  const stage = createStage(site, { fetch, importWidget }, call, report);
  const outbox = createOutbox(site, fetch, (it) =>
    call("delivered", it.slot, it.status, it.letters, it.retryAfterMs, it.code),
  );
  storage.onSaved((state) => call("synced", state));
  look = listen(page, call, storage.load, (fn) => guarded(report, fn));
  void takeConfig(firstConfig);
  return call;
}
