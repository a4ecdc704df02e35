// Turns the browser into what a person may attach to feedback: what helps to understand it.
import type { Backstage } from "../boot/backstage.js";

/** Nothing of it names the person; the address is without query and fragment. */
export function contextOf({
  page,
  language,
}: Backstage): Record<string, string> {
  const { location, navigator, screen, innerWidth, innerHeight } = page;
  return {
    page: location.origin + location.pathname,
    browser: navigator.userAgent,
    window: `${innerWidth} × ${innerHeight}`,
    screen: `${screen.width} × ${screen.height} @ ${page.devicePixelRatio}`,
    language: language(),
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}
