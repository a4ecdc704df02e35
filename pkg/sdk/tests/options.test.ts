// Turns attributes and options into sites, or into one warning.
import { expect, test, vi } from "vitest";
import { fromDataset, toSite } from "../src/boot/options.js";
import {
  attachTo,
  explain,
  identify,
  init,
  on,
  show,
  type Firsthand,
  type FirsthandCall,
} from "../src/index.js";
import { toCorner, toTheme } from "../src/stage/choice.js";
import { fakePage } from "./page.js";

const SCRIPT = "https://collect.shop.example/fh/sdk.js?v=2";

/** The site of these attributes, and the codes of all warnings. */
function site(data: DOMStringMap) {
  const codes: string[] = [];
  const options = fromDataset(data) ?? { siteKey: "" };
  return { codes, site: toSite(options, SCRIPT, (code) => codes.push(code)) };
}

test("everything but the key has a default", () => {
  expect(site({ siteKey: "fh_demo_shop" })).toEqual({
    codes: [],
    site: {
      siteKey: "fh_demo_shop",
      endpoint: "https://collect.shop.example/fh/",
      assets: "https://collect.shop.example/fh/",
      theme: undefined,
      corner: undefined,
      language: undefined,
      consent: 1,
      deaf: false,
      beforeSend: undefined,
    },
  });
});

test.each([
  ["https://other.example", "https://other.example/"],
  ["https://other.example/a/b", "https://other.example/a/b/"],
  ["https://other.example/a/?x#y", "https://other.example/a/"],
  ["/elsewhere", "https://collect.shop.example/elsewhere/"],
  ["", "https://collect.shop.example/fh/"],
])("endpoint %j is %s", (endpoint, expected) => {
  const made = site({ siteKey: "fh_demo_shop", endpoint }).site;
  expect(made?.endpoint).toBe(expected);
  expect(made?.assets).toBe("https://collect.shop.example/fh/");
});

test("choices are taken as they are written, and checked where they matter", () => {
  const data = { siteKey: "fh_demo_shop", theme: "pink", position: "top" };
  expect(site({ ...data, language: "fr" })).toMatchObject({
    codes: [],
    site: { theme: "pink", corner: "top", language: "fr" },
  });
  const codes: string[] = [];
  const report = (code: string) => void codes.push(code);
  expect(toTheme("pink" as "dark", report)).toBe("auto");
  expect(toCorner("top" as "top-left", report)).toBe("bottom-right");
  expect(toCorner("top-left", report)).toBe("top-left");
  expect(toTheme(undefined, report)).toBe("auto");
  expect(codes).toEqual(["invalid_option", "invalid_option"]);
});

test.each(["", "short", "has space", "x".repeat(65), "ünïcödé_key"])(
  "%j is no site key",
  (siteKey) => {
    expect(site({ siteKey })).toEqual({
      codes: ["invalid_site_key"],
      site: undefined,
    });
  },
);

test("from npm, one script is put on the page and calls wait for it", () => {
  const { page } = fakePage();
  const scripts: HTMLScriptElement[] = [];
  vi.stubGlobal("window", page);
  vi.stubGlobal("document", {
    baseURI: "https://shop.example/",
    createElement: () => ({ dataset: {} }),
    querySelector: () => scripts[0] ?? null,
    head: { append: (script: HTMLScriptElement) => scripts.push(script) },
  });
  const options = { siteKey: "fh_demo_shop", endpoint: "https://c.example/fh" };
  init(options);
  show("nps");
  const heard: string[] = [];
  const script = () =>
    ({
      on(event: string) {
        heard.push(`on ${event}`);
        return () => heard.push("end");
      },
    }) as unknown as Firsthand;
  const end = on("shown", () => {});
  const never = on("answered", () => {});
  never();
  init(options);
  expect(scripts).toMatchObject([
    {
      async: true,
      crossOrigin: "anonymous",
      src: "https://c.example/fh/sdk.js",
    },
  ]);
  const queue = page.firsthand as FirsthandCall[];
  const firsthand = script();
  queue.forEach((call) =>
    typeof call === "function" ? call(firsthand) : undefined,
  );
  expect(queue.filter((call) => typeof call !== "function")).toEqual([
    ["init", options],
    ["show", "nps", undefined],
    ["init", options],
  ]);
  expect(heard).toEqual(["on shown"]);
  end();
  expect(heard).toEqual(["on shown", "end"]);
  vi.unstubAllGlobals();
});

test("from npm, a server that renders the page does nothing", () => {
  expect(() => {
    init({ siteKey: "fh_demo_shop", endpoint: "https://c.example/" });
    show("nps");
    identify({ id: "u1" });
    attachTo(".help")();
    void explain("nps");
  }).not.toThrow();
});

test.each([
  ["denied", 0],
  ["granted", 1],
  ["pending", 2],
  ["yes", -1],
])("consent %s is %i", (consent, place) => {
  const made = site({ siteKey: "fh_demo_shop", consent: consent as never });
  expect(made.site?.consent).toBe(place);
});
