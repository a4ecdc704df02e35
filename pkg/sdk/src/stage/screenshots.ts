// Turns the widget's wish for screenshot tools into those tools, which are fetched for that.
import type { Backstage } from "../boot/backstage.js";
import type { Screenshots, WidgetOptions, Words } from "../widget/contract.js";

/** What the module at the URL of the screenshot tools exports. */
export interface ShotModule {
  createTools(page: Window, slot: HTMLElement, words: Words): Screenshots;
}

/** Until the tools are there, there are no images; when they cannot be had, the form works without. */
export function screenshots({
  page,
  site,
  load,
  report,
}: Backstage): NonNullable<WidgetOptions["screenshot"]> {
  return (slot, words) => {
    let tools: Screenshots | undefined;
    let gone = false;
    load(site.assets + __STAGE__.shot)
      .then((module) => {
        if (gone) return;
        tools = (module as ShotModule).createTools(page, slot, words);
      })
      .catch((error: unknown) => report("widget_failed", String(error)));
    return {
      images: () => tools?.images() ?? [],
      destroy() {
        gone = true;
        tools?.destroy();
      },
    };
  };
}
