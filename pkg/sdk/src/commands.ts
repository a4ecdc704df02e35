// Turns what the agent and the config say into types: one name for each thing that the facade does.
import type { Body, Header, Item, SurveyRef } from "./types.gen.js";
import type { DeliveryState } from "./widget/contract.js";

/** Who closed: the argument of `closed`. */
export const CLOSED_BY_PERSON = 0;
export const CLOSED_BY_PAGE = 1;
export const CLOSED_UNTIL_LATER = 2;

/** What `show` may be told: opened by the person; the conditions do not count. */
export const SHOW_BY_PERSON = 1;
export const SHOW_ANYHOW = 2;

/** What the page's own listeners hear from the agent. */
export type AgentEvent =
  | "ready"
  | "eligible"
  | "shown"
  | "answered"
  | "submitted"
  | "dismissed"
  | "snoozed";

/** One thing that must be so before a survey is shown. */
export interface Gate {
  /** Stable. */
  gate: string;
  /** What it asks for; `null` for a wait without an end. */
  needed: number | string | null;
  /** What is. */
  actual: number | string | null;
  passes: boolean;
}

/** One thing for the facade to do. */
export type Command =
  | { do: "fetch_config" }
  | {
      do: "show";
      survey: SurveyRef;
      /** Where an earlier page stopped, in base64. */
      resume: string | null;
      by_person: boolean;
    }
  | { do: "open" }
  | { do: "hide" }
  | {
      do: "send";
      slot: number;
      batch: string;
      attempt: number;
      header: Header;
      items: Item<Body>[];
      exit: boolean;
    }
  | { do: "resend"; slot: number; attempt: number; exit: boolean }
  | { do: "forget"; slot: number }
  | { do: "wake"; in_ms: number }
  | { do: "save"; state: string }
  | { do: "wipe" }
  | { do: "delivery"; state: DeliveryState }
  | {
      do: "emit";
      event: AgentEvent;
      survey: SurveyRef | null;
      response: string | null;
    }
  | { do: "furnish"; furniture: Furniture }
  | { do: "explained"; survey: string; eligible: boolean; gates: Gate[] }
  | { do: "warn"; code: string; about: string };

/** What only the page itself can find out. */
export type Probe =
  | { regex: string }
  | { element: string }
  | { click: string }
  | { scroll: number }
  | "exit";

/** What opens a feedback form. */
export interface LauncherSpec {
  survey: string;
  launcher: "page" | "button" | "tab";
  corner: "bottom_right" | "bottom_left" | "top_right" | "top_left" | null;
  /** In the survey's own language, or by language. */
  label: string | Record<string, string> | null;
  language: string;
}

/** What the facade watches and puts up for the surveys of a site. */
export interface Furniture {
  probes: Probe[];
  launchers: LauncherSpec[];
}
