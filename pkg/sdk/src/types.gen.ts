// Turns the wire and the agent's commands into types for TypeScript; written by
// `cargo xtask codegen`, never by hand.

/**
 * Names one item, for ever: the collector keeps one row per project and item id.
 *
 * A UUID, version 7 when made by our SDK; written with hyphens in JSON, as 16 bytes in
 * `postcard`.
 */
export type ItemId = string;

/**
 * Names one HTTP body; stable over its retries.
 *
 * A UUID, version 7 when made by our SDK; written with hyphens in JSON, as 16 bytes in
 * `postcard`.
 */
export type BatchId = string;

/**
 * Names one browser profile on one origin, until its storage is cleared.
 *
 * A UUID, version 7 when made by our SDK; written with hyphens in JSON, as 16 bytes in
 * `postcard`.
 */
export type InstallId = string;

/**
 * Names one visit: it ends after thirty minutes without activity.
 *
 * A UUID, version 7 when made by our SDK; written with hyphens in JSON, as 16 bytes in
 * `postcard`.
 */
export type SessionId = string;

/**
 * Names one page load, within which `seq` counts.
 *
 * A UUID, version 7 when made by our SDK; written with hyphens in JSON, as 16 bytes in
 * `postcard`.
 */
export type BootId = string;

/**
 * Names one person's pass through one survey; its revisions replace each other.
 *
 * A UUID, version 7 when made by our SDK; written with hyphens in JSON, as 16 bytes in
 * `postcard`.
 */
export type ResponseId = string;

/**
 * The first line of an envelope: who sends, and by which clock.
 */
export type Header = {
  /**
   * Name and version of the sender.
   */
  sdk: string;
  /**
   * The browser profile.
   */
  install: InstallId;
  /**
   * The visit.
   */
  session: SessionId;
  /**
   * The page load.
   */
  boot: BootId;
  /**
   * The sender's wall clock when this body was first built, in milliseconds since 1970 (UTC).
   * The time of an item is `sent_wall - age_ms`, corrected by the sender's clock offset.
   */
  sent_wall: number;
  /**
   * Items that the sender had to drop since its last report, by reason. A map to whoever reads;
   * whoever writes may use what is smaller, as long as it is written as a map.
   */
  report: Record<string, number>;
};

/**
 * One line of an envelope, generic over how far its body is decoded.
 */
export type Item<P> = {
  /**
   * Minted once, when the thing happened; the same on every attempt to deliver it.
   */
  id: ItemId;
  /**
   * Position within the page load, from 0, without gaps unless an item was lost.
   */
  seq: number;
  /**
   * Milliseconds, on a monotonic clock, from the happening to the header's `sent_wall`.
   */
  age_ms: number;
  /**
   * Which of the bodies below `p` is: see [`ItemType`].
   */
  type: ItemType;
  /**
   * The body.
   */
  p: P;
};

/**
 * The kinds of item that this version of the wire knows.
 */
export type ItemType = "impression" | "response" | "dismissal";

/**
 * One published version of one survey. Versions count from 1 and never change once published.
 */
export type SurveyRef = {
  /**
   * The survey's slug: see [`crate::limits::is_slug`].
   */
  id: string;
  /**
   * Its version.
   */
  version: number;
};

/**
 * Where in the product something happened.
 */
export type PageContext = {
  /**
   * Origin and path. The SDK removes query and fragment, which may hold secrets.
   */
  url: string;
  /**
   * BCP 47 tag of the language that the person was shown.
   */
  language: string;
};

/**
 * A survey became visible to a person.
 */
export type Impression = {
  /**
   * What was shown.
   */
  survey: SurveyRef;
  /**
   * Where it was shown.
   */
  page: PageContext;
};

/**
 * What a person answered so far; a later revision replaces an earlier one.
 *
 * The first revision is sent as soon as the first answer is given, so that an NPS score counts
 * even when the person leaves before the reason.
 */
export type Response = {
  /**
   * What was answered.
   */
  survey: SurveyRef;
  /**
   * This person's pass through the survey.
   */
  response: ResponseId;
  /**
   * Counts from 1; the collector keeps the highest.
   */
  revision: number;
  /**
   * Whether the person reached an ending.
   */
  complete: boolean;
  /**
   * Answers in the order of the questions; a question not yet reached is absent.
   */
  answers: Array<Answer>;
  /**
   * Where it was answered.
   */
  page: PageContext;
};

/**
 * The answer to one question.
 */
export type Answer = {
  /**
   * The question's id.
   */
  question: string;
  /**
   * The question as it was shown: its wording may change later, the answer must not.
   */
  prompt: string;
  /**
   * What was answered.
   */
  value: AnswerValue;
};

/**
 * What was answered, by kind of question: `{"nps": 9}`, `{"text": "Fast"}` or `"skipped"`.
 */
export type AnswerValue = { nps: NpsScore } | { text: string } | "skipped";

/**
 * An answer on the NPS scale: an integer from 0 to 10.
 *
 * Anything else (11, 7.5, `"9"`) fails to decode; it is never clamped or rounded.
 */
export type NpsScore = number;

/**
 * A survey was closed by the person or by the page.
 */
export type Dismissal = {
  /**
   * What was closed.
   */
  survey: SurveyRef;
  /**
   * The response under way, when at least one question had been answered.
   */
  response: ResponseId | null;
  /**
   * Who closed it.
   */
  reason: DismissReason;
  /**
   * Where it was closed.
   */
  page: PageContext;
};

/**
 * Who closed a survey.
 */
export type DismissReason = "person" | "page";

/**
 * The answer to an envelope that could be read: status 200.
 */
export type BatchReply = {
  /**
   * One [`Outcome::letter`] per item, in the order of the lines.
   */
  r: string;
  /**
   * Why items were rejected or kept aside, by index from 0. Absent when there is nothing to say.
   */
  err?: Array<ItemError>;
};

/**
 * Why one item was refused: `[2, "invalid_answer", "p.answers[0].value.nps: …"]`.
 */
export type ItemError = [number, DiscardReason, string];

/**
 * Why one item was refused while others of its envelope were kept.
 */
export type DiscardReason =
  | "malformed_item"
  | "item_too_large"
  | "unknown_type"
  | "invalid_item"
  | "invalid_answer"
  | "unknown_survey"
  | "unknown_question"
  | "conflict";

/**
 * The body of every answer that is not a success.
 */
export type ErrorReply = {
  /**
   * What went wrong.
   */
  error: ErrorBody;
};

/**
 * What went wrong: a code for programs, a sentence for people.
 */
export type ErrorBody = {
  /**
   * The stable code.
   */
  code: ErrorCode;
  /**
   * What happened and what to do; not stable.
   */
  message: string;
};

/**
 * Why a whole request was refused.
 */
export type ErrorCode =
  | "unknown_site_key"
  | "origin_not_allowed"
  | "invalid_parameter"
  | "unreadable_body"
  | "unsupported_encoding"
  | "body_too_large"
  | "too_many_items"
  | "overloaded"
  | "not_found"
  | "method_not_allowed"
  | "not_signed_in"
  | "wrong_credentials"
  | "too_many_attempts"
  | "cross_origin"
  | "internal";

/**
 * Everything that the agent of one site needs.
 */
export type Config = {
  /**
   * Always first, always [`CONFIG_FORMAT`] for this layout.
   */
  format: number;
  /**
   * Surveys that are running, by priority (highest first), then by id.
   */
  surveys: Array<SurveyRule>;
};

/**
 * One running survey, without its content: that is fetched only to be shown.
 */
export type SurveyRule = {
  /**
   * Which survey, in its current version.
   */
  survey: SurveyRef;
  /**
   * Who sees it, when, how often.
   */
  show: DisplayRule;
};

/**
 * Who sees a survey, when, and how often.
 */
export type DisplayRule = {
  /**
   * Among several eligible surveys the highest wins, then the smaller id.
   */
  priority: number;
  /**
   * Share of installs that may see it, in thousandths (0 to 1000). Sticky: raising it only adds.
   */
  sample_permille: number;
  /**
   * Shown where the page's URL contains any of these, ignoring case; empty means everywhere.
   */
  url_contains: Array<string>;
  /**
   * Milliseconds on the page before it is shown.
   */
  delay_ms: number;
  /**
   * Impressions without an answer or a dismissal after which it is not shown again.
   */
  max_impressions: number;
  /**
   * Days of 24 hours until it may be shown again to someone who answered; absent means never.
   */
  again_after_answer_days: number | null;
  /**
   * Days of 24 hours until it may be shown again to someone who closed it; absent means never.
   */
  again_after_dismissal_days: number | null;
};

/**
 * A survey as its author writes, stores and publishes it.
 */
export type Survey = {
  /**
   * Slug, unique in its project: see [`crate::limits::is_slug`].
   */
  id: string;
  /**
   * What the team calls it; people who answer never see it.
   */
  name: string;
  /**
   * BCP 47 tag of the language that the texts are written in.
   */
  language: string;
  /**
   * Asked in this order, one at a time.
   */
  questions: Array<Question>;
  /**
   * Shown after the last question.
   */
  thanks: Thanks;
  /**
   * Whether the widget carries the small "Firsthand" mark.
   */
  mark: boolean;
  /**
   * Who sees it, when, how often.
   */
  show: DisplayRule;
};

/**
 * What the widget shows: `GET /v1/survey/<id>@<version>?k=<site key>` answers it as `postcard`
 * bytes, immutable; with `.json` at the end, the same for people.
 */
export type SurveyContent = {
  /**
   * Always first, always [`CONTENT_FORMAT`] for this layout.
   */
  format: number;
  /**
   * Which survey.
   */
  survey: SurveyRef;
  /**
   * BCP 47 tag of the texts.
   */
  language: string;
  /**
   * Asked in this order.
   */
  questions: Array<Question>;
  /**
   * Shown after the last question.
   */
  thanks: Thanks;
  /**
   * Whether to carry the small "Firsthand" mark.
   */
  mark: boolean;
};

/**
 * One question.
 */
export type Question = {
  /**
   * Slug, unique in its survey. Answers are kept under it, so it outlives every rewording.
   */
  id: string;
  /**
   * The question itself, as text.
   */
  title: string;
  /**
   * A line below the title.
   */
  description: string | null;
  /**
   * Whether the survey goes on only with an answer.
   */
  required: boolean;
  /**
   * What can be answered.
   */
  kind: QuestionKind;
};

/**
 * What can be answered.
 */
export type QuestionKind =
  | {
      nps: {
        /**
         * What 0 means.
         */
        low: string;
        /**
         * What 10 means.
         */
        high: string;
      };
    }
  | {
      text: {
        /**
         * Characters at most, up to [`crate::limits::MAX_TEXT_CHARS`].
         */
        max_chars: number;
      };
    };

/**
 * What is shown after the last question.
 */
export type Thanks = {
  /**
   * The headline.
   */
  title: string;
  /**
   * A line below it.
   */
  text: string | null;
};

/**
 * One thing for the facade to do. It decides nothing on its own; it only carries out.
 */
export type Command =
  | { do: "fetch_config" }
  | {
      do: "show";
      /**
       * Which survey.
       */
      survey: SurveyRef;
    }
  | { do: "hide" }
  | {
      do: "send";
      /**
       * Names the envelope between agent and facade.
       */
      slot: number;
      /**
       * Names the envelope to the collector: the query parameter `b`.
       */
      batch: BatchId;
      /**
       * Always 1 here: the query parameter `n`.
       */
      attempt: number;
      /**
       * The first line.
       */
      header: Header;
      /**
       * The other lines, in this order.
       */
      items: Array<Item<Body>>;
      /**
       * Whether the page may be about to go.
       */
      exit: boolean;
    }
  | {
      do: "resend";
      /**
       * Which envelope.
       */
      slot: number;
      /**
       * Counts from 2.
       */
      attempt: number;
      /**
       * Whether the page may be about to go.
       */
      exit: boolean;
    }
  | {
      do: "forget";
      /**
       * Which envelope.
       */
      slot: number;
    }
  | {
      do: "wake";
      /**
       * Milliseconds from now.
       */
      in_ms: number;
    }
  | {
      do: "save";
      /**
       * Opaque; given back to [`crate::Agent::new`]. In JSON it is base64.
       */
      state: string;
    }
  | {
      do: "delivery";
      /**
       * How far they got.
       */
      state: DeliveryState;
    }
  | {
      do: "emit";
      /**
       * What happened.
       */
      event: Event;
      /**
       * To which survey.
       */
      survey: SurveyRef;
      /**
       * The pass through the survey, once something was answered.
       */
      response: ResponseId | null;
      /**
       * What was answered, with `answered` only.
       */
      answer: Answer | null;
    }
  | {
      do: "warn";
      /**
       * Stable.
       */
      code: WarnCode;
      /**
       * What is concerned: a survey's id, a number of items, the collector's own code; or empty.
       */
      about: string;
    };

/**
 * The body of an item: written as the body alone, its type stands beside it in the item.
 */
export type Body = Impression | Response | Dismissal;

/**
 * How far the answers of the open survey got.
 */
export type DeliveryState = "sending" | "waiting" | "stored" | "refused";

/**
 * What the page's own listeners may hear.
 */
export type Event = "shown" | "answered" | "completed" | "dismissed";

/**
 * What the page's developer should know. Stable; documented by the facade.
 */
export type WarnCode =
  | "unknown_survey"
  | "already_open"
  | "not_again_yet"
  | "config_unreadable"
  | "refused"
  | "item_rejected"
  | "item_dropped";
