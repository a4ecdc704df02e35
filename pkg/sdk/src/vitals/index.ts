// Turns what the library of Chrome's makers says of a page's web vitals into one value each.
import { onCLS, onFCP, onINP, onLCP, onTTFB, type Metric } from "web-vitals";

/** The lazy part that watches web vitals, as the loader sees it. */
export interface VitalsModule {
  watchVitals(tell: (name: string, value: number) => void): void;
}

/**
 * Tells each vital of a page once: LCP, INP, FCP and TTFB in milliseconds, CLS without a unit.
 *
 * Those that may go on changing are told when the page is hidden for the first time, or as the library
 * sees fit; another view of the page out of the back-forward cache counts anew.
 */
export function watchVitals(tell: (name: string, value: number) => void): void {
  const told = new Set<string>();
  const hear = ({ id, name, value }: Metric) => {
    if (told.has(id)) return;
    told.add(id);
    tell(name, value);
  };
  for (const on of [onCLS, onFCP, onINP, onLCP, onTTFB]) on(hear);
}
