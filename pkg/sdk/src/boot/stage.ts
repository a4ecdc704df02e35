// Turns the decision to show a survey into an open widget, and what a person does there into inputs.
import { errorCode, request, type Fetch } from "../transport/request.js";
import type { SurveyRef } from "../types.gen.js";
import type {
  DeliveryState,
  WidgetEvent,
  WidgetHandle,
  WidgetModule,
} from "../widget/contract.js";
import type { Call } from "./bridge.js";
import type { Site } from "./options.js";
import type { Report } from "./report.js";

/** Where the one open survey is. */
export interface Stage {
  show(survey: SurveyRef): void;
  hide(): void;
  setDelivery(state: DeliveryState): void;
}

/** What the stage needs from outside: the network, and the widget's module. */
export interface Backstage {
  fetch: Fetch;
  importWidget: () => Promise<WidgetModule>;
}

export function createStage(
  site: Site,
  { fetch, importWidget }: Backstage,
  call: Call,
  report: Report,
): Stage {
  let handle: WidgetHandle | undefined;
  /** Counts what was asked for, so that what arrives too late is not shown. */
  let turn = 0;

  const open = async (survey: SurveyRef, mine: number) => {
    const name = encodeURIComponent(`${survey.id}@${survey.version}`);
    const url = `${site.endpoint}v1/survey/${name}?k=${site.siteKey}`;
    const [widget, content] = await Promise.all([
      importWidget(),
      request(fetch, url),
    ]);
    if (content.status !== 200) {
      throw new Error(
        `survey ${survey.id}: ${content.status} ${errorCode(content)}`,
      );
    }
    if (mine !== turn) return;
    handle = widget.open(content.body, site.widget, (event) => {
      if (mine === turn) tell(event, call);
    });
  };

  return {
    show(survey) {
      const mine = ++turn;
      open(survey, mine).catch((error: unknown) => {
        report("widget_failed", String(error));
        if (mine === turn) call("show_failed");
      });
    },
    hide() {
      turn++;
      handle?.close();
      handle = undefined;
    },
    setDelivery: (state) => handle?.setDelivery(state),
  };
}

function tell(event: WidgetEvent, call: Call): void {
  switch (event.type) {
    case "visible":
      return call("shown");
    case "completed":
      return call("completed");
    case "closed":
      return call("closed_by_person");
    case "answered": {
      const { question, prompt } = event;
      if ("nps" in event) {
        return call("answered_nps", question, prompt, event.nps);
      }
      // Trimmed here, because the agent knows white space of ASCII only; empty is a skip.
      const text = "text" in event ? event.text.trim() : "";
      return call("answered_text", question, prompt, text);
    }
  }
}
