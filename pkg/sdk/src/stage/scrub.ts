// Turns an item into the same without what its surroundings hold of e-mail addresses, cards and tokens.
//
// The collector does it again, by the same rule (`crates/collector/src/ingest/scrub.rs`): both pass the
// texts of `tests/fixtures/scrub.json`. What a person answers, and what the page says of a person it
// knows, is what an item is for, and stays.
import type { Body, Item } from "../types.gen.js";

/** Parameters of an address that say where somebody came from, and nothing about them. */
const ALLOWED =
  /^(lang|page|tab|utm_(campaign|content|medium|source|term))(=|$)/;
/** RFC 5321, 4.5.3.1, for the length of the part before the `@`. */
const EMAIL =
  /[\w.+~!'-]{1,64}(?:@|%40)[a-z\d](?:[a-z\d-]*\.)+[a-z]{2,}(?![a-z\d])/gi;
/** Up to 19 digits (ISO/IEC 7812-1), 13 in use at least; those of payment begin with 2 to 6. */
const CARD = /(^|[^\w-])([2-6](?:[ -]?\d){12,18})(?![ -]?\d|[a-z])/gi;
/** The prefixes that issuers document for secret scanning; `eyJ` is `{"` in base64url. */
const TOKEN =
  /(^|\W)(?:(?:A[KS]IA|[Bb]earer |gh[posu]_|github_pat_|glpat-|npm_|[rs]k_live_|sk_test_|xox[bp]-|ya29\.)[\w.-]{16,}|eyJ[\w.-]{24,}|AIza[\w.-]{30,})/g;

/** Text without e-mail addresses, numbers of cards and tokens. */
export function scrubText(text: string): string {
  return text
    .replace(TOKEN, "$1[token]")
    .replace(EMAIL, "[email]")
    .replace(CARD, (all, before: string, digits: string) =>
      isCard(digits) ? `${before}[card]` : all,
    );
}

/** A free value: an address loses user, fragment and all but a few parameters, too. */
export function scrubValue(value: string): string {
  if (!value.includes("://") || /\s/.test(value)) return scrubText(value);
  const [whole = ""] = value.split("#");
  const at = whole.indexOf("?");
  const query = at < 0 ? "" : whole.slice(at + 1);
  const kept = query.split("&").filter((pair) => ALLOWED.test(pair));
  const address = (at < 0 ? whole : whole.slice(0, at)).replace(
    /^([^/]*:\/\/)[^/]*@/,
    "$1",
  );
  return scrubText([address, kept.join("&")].filter(Boolean).join("?"));
}

/** The item without what nobody was asked for; changes the one that it is given. */
export function scrub(item: Item<Body>): Item<Body> {
  const { page, context } = item.p as Partial<
    Extract<Body, { context?: object }>
  >;
  if (page) page.url = scrubValue(page.url);
  for (const [name, value] of Object.entries(context ?? {})) {
    context![name] = scrubValue(`${value}`);
  }
  return item;
}

/** The sum in which every second digit from the right is doubled is a multiple of ten (annex B). */
function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, "");
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]) * (1 + (i % 2));
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}
