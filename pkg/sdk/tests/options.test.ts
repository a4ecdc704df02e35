// Turns attributes and options into sites, or into one warning.
import { expect, test, vi } from "vitest";
import { fromDataset, toSite } from "../src/boot/options.js";
import { init, on, show } from "../src/index.js";
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
      widget: { theme: "auto", position: "bottom-right" },
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

test("a wrong choice falls back with a warning", () => {
  const made = site({
    siteKey: "fh_demo_shop",
    theme: "pink",
    position: "top",
  });
  expect(made.site?.widget).toEqual({
    theme: "auto",
    position: "bottom-right",
  });
  expect(made.codes).toEqual(["invalid_option", "invalid_option"]);
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
  const heard: unknown[] = [];
  const end = on("shown", (detail) => heard.push(detail));
  init(options);
  expect(scripts).toMatchObject([
    { async: true, src: "https://c.example/fh/sdk.js" },
  ]);
  const calls = page.firsthand as unknown[][];
  expect(calls.map(([name]) => name)).toEqual(["init", "show", "on", "init"]);
  const listener = calls[2]?.[2] as (detail: unknown) => void;
  listener(1);
  end();
  listener(2);
  expect(heard).toEqual([1]);
  vi.unstubAllGlobals();
});

test("from npm, a server that renders the page does nothing", () => {
  expect(() => {
    init({ siteKey: "fh_demo_shop", endpoint: "https://c.example/" });
    show("nps");
  }).not.toThrow();
});
