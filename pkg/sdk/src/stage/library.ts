// Turns the name of a survey into everything that showing it needs, fetched side by side.
import type { Backstage } from "../boot/backstage.js";
import type { Answer } from "../transport/request.js";
import type { SurveyRef } from "../types.gen.js";
import type { ContentAbout, WidgetModule, Words } from "../widget/contract.js";
import { resolve } from "./language.js";

/**
 * The protocol's `CONTENT_FORMAT`, raised with it: answers are cached for a year, and a widget that reads another layout
 * must not be given those of before.
 */
const CONTENT_FORMAT = 2;

/** What one survey is shown with. */
export interface Book {
  widget: WidgetModule;
  content: Uint8Array;
  about: ContentAbout;
  words: Words;
}

export interface Library {
  /** Rejects when a part cannot be had or read. */
  get(survey: SurveyRef): Promise<Book>;
  /** The widget's own words in this language, or in the nearest that there is. */
  words(language: string): Promise<Words>;
}

export function createLibrary(backstage: Backstage): Library {
  const { site, load, fetch, request, language } = backstage;
  const kept = new Map<string, Promise<unknown>>();
  /** Fetches once; what has failed is fetched anew, for the network may be back. */
  const once = <T>(name: string, get: () => Promise<T>): Promise<T> => {
    const known = kept.get(name) as Promise<T> | undefined;
    const made = known ?? get();
    kept.set(name, made);
    made.catch(() => kept.delete(name));
    return made;
  };
  const getOk = async (url: string): Promise<Answer> => {
    const answer = await request(fetch, url);
    if (answer.status !== 200) throw new Error(`${url}: ${answer.status}`);
    return answer;
  };
  const widget = () =>
    once("widget", async () => {
      const module = (await load(
        site.assets + __STAGE__.widget,
      )) as WidgetModule;
      await module.load(site.assets + __STAGE__.widgetWasm);
      return module;
    });
  const words = (wanted: string) => {
    const tags = Object.keys(__STAGE__.words);
    const tag = resolve(wanted, tags) ?? "en";
    return once(tag, async () => {
      const { body } = await getOk(site.assets + (__STAGE__.words[tag] ?? tag));
      return JSON.parse(new TextDecoder().decode(body)) as Words;
    });
  };
  return {
    words,
    async get({ id, version }) {
      const name = encodeURIComponent(`${id}@${version}`);
      const mine = language();
      const query = `k=${site.siteKey}&l=${encodeURIComponent(mine)}&f=${CONTENT_FORMAT}`;
      const url = `${site.endpoint}v1/survey/${name}?${query}`;
      const [module, { body: content }, first] = await Promise.all([
        widget(),
        once(url, () => getOk(url)),
        words(mine),
      ]);
      const about = module.about(content);
      // A survey that is not in the person's language has its buttons in its own one.
      const same = resolve(about.language, [mine]) !== undefined;
      return {
        widget: module,
        content,
        about,
        words: same ? first : await words(about.language),
      };
    },
  };
}
