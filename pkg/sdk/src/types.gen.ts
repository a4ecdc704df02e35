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
sdk: string,
/**
 * The browser profile.
 */
install: InstallId,
/**
 * The visit.
 */
session: SessionId,
/**
 * The page load.
 */
boot: BootId,
/**
 * The sender's wall clock when this body was first built, in milliseconds since 1970 (UTC).
 * The time of an item is `sent_wall - age_ms`, corrected by the sender's clock offset.
 */
sent_wall: number,
/**
 * Items that the sender had to drop since its last report, by reason. Names that begin with
 * `kept_` are no losses: they count items of which only a lesser place of the sender's device has
 * a copy (`kept_in_localstorage`), or none but its memory (`kept_in_memory`). A map to whoever reads;
 * whoever writes may use what is smaller, as long as it is written as a map.
 */
report: Record<string, number>, };

/**
 * One line of an envelope, generic over how far its body is decoded.
 */
export type Item<P> = {
/**
 * Minted once, when the thing happened; the same on every attempt to deliver it.
 */
id: ItemId,
/**
 * Position within the page load, from 0, without gaps unless an item was lost.
 */
seq: number,
/**
 * Milliseconds, on a monotonic clock, from the happening to the header's `sent_wall`.
 */
age_ms: number,
/**
 * Which of the bodies below `p` is: see [`ItemType`].
 */
type: ItemType,
/**
 * The body.
 */
p: P, };

/**
 * The kinds of item that this version of the wire knows.
 */
export type ItemType = "impression" | "response" | "dismissal" | "latency";

/**
 * One published version of one survey. Versions count from 1 and never change once published.
 */
export type SurveyRef = {
/**
 * The survey's slug: see [`crate::limits::is_slug`].
 */
id: string,
/**
 * Its version.
 */
version: number, };

/**
 * Where in the product something happened.
 */
export type PageContext = {
/**
 * Origin and path. The SDK removes query and fragment, which may hold secrets.
 */
url: string,
/**
 * BCP 47 tag of the language that the person was shown.
 */
language: string, };

/**
 * A survey became visible to a person.
 */
export type Impression = {
/**
 * What was shown.
 */
survey: SurveyRef,
/**
 * Where it was shown.
 */
page: PageContext, };

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
survey: SurveyRef,
/**
 * This person's pass through the survey.
 */
response: ResponseId,
/**
 * Counts from 1; the collector keeps the highest.
 */
revision: number,
/**
 * Whether the person reached an ending.
 */
complete: boolean,
/**
 * Answers in the order of the questions; a question not yet reached is absent.
 */
answers: Array<Answer>,
/**
 * Where it was answered.
 */
page: PageContext,
/**
 * Who answered, when the page has said so.
 */
person?: Person | null,
/**
 * Images that were uploaded before, at most [`crate::limits::MAX_ATTACHMENTS`].
 */
attachments?: Array<AttachmentId>,
/**
 * What the person agreed to attach: name and value of what the browser knows.
 */
context?: { [key in string]: string },
/**
 * What the person had waited for by then, when the page measures it.
 */
latency?: LatencyContext | null, };

/**
 * The answer to one question.
 */
export type Answer = {
/**
 * The question's id.
 */
question: string,
/**
 * The question as it was shown: its wording may change later, the answer must not.
 */
prompt: string,
/**
 * What was answered.
 */
value: AnswerValue,
/**
 * The person went back and took another way: kept, but no part of any number.
 */
off_path?: boolean, };

/**
 * What was answered, by kind of question: `{"nps": 9}`, `{"text": "Fast"}` or `"skipped"`.
 */
export type AnswerValue = { "nps": NpsScore } | { "text": string } | "skipped" | { "csat": number } | { "ces": number } | { "rating": number } | { "choice": Chosen } | { "consent": boolean } | { "reaction": Reaction };

/**
 * An answer on the NPS scale: an integer from 0 to 10.
 *
 * Anything else (11, 7.5, `"9"`) fails to decode; it is never clamped or rounded.
 */
export type NpsScore = number;

/**
 * What was chosen.
 */
export type Chosen = {
/**
 * In the order of the survey's definition, whatever order was shown; never empty.
 */
options: Array<ChosenOption>,
/**
 * What was written beside [`crate::survey::OTHER`]: trimmed, never empty, absent without it.
 */
other?: string | null, };

/**
 * One chosen option.
 */
export type ChosenOption = {
/**
 * The option's id.
 */
id: string,
/**
 * The option as it was shown.
 */
label: string, };

/**
 * Who uses the product, as the page knows them.
 */
export type Person = {
/**
 * The page's own id of them; empty when only traits are known.
 */
id: string,
/**
 * HMAC-SHA-256 of `id` with the site's secret, in hex, made by the page's server; may be empty.
 */
signature?: string,
/**
 * What the page says about them.
 */
traits?: { [key in string]: string }, };

/**
 * Names one uploaded image.
 *
 * A UUID, version 7 when made by our SDK; written with hyphens in JSON, as 16 bytes in
 * `postcard`.
 */
export type AttachmentId = string;

/**
 * A survey was closed by the person or by the page.
 */
export type Dismissal = {
/**
 * What was closed.
 */
survey: SurveyRef,
/**
 * The response under way, when at least one question had been answered.
 */
response: ResponseId | null,
/**
 * Who closed it.
 */
reason: DismissReason,
/**
 * Where it was closed.
 */
page: PageContext, };

/**
 * Who closed a survey.
 */
export type DismissReason = "person" | "page" | "snoozed";

/**
 * What one page load measured since its last report.
 */
export type LatencyReport = {
/**
 * Number of the first slice, by the sender's own clock: see [`SLICE_MS`].
 */
slice: number,
/**
 * Each at most once.
 */
features: Array<FeatureReport>,
/**
 * Requests that were seen and not measured: the page's own buffer was full.
 */
overflow?: number,
/**
 * Clock of the sender jumped meanwhile: its slices are marked, not believed.
 */
skewed?: boolean,
/**
 * Web vitals of the page load, at most once each: name (`LCP`, `INP`, `CLS`, `FCP`, `TTFB`)
 * and value in thousandths (of a millisecond, or of the unit of `CLS`).
 */
vitals?: [string, number][], };

/**
 * What was measured of one feature.
 */
export type FeatureReport = {
/**
 * Id in the budgets; empty for what belongs to no feature.
 */
id: string,
/**
 * The latency thresholds that were counted, in the order of the budgets.
 */
within?: Array<Within>,
/**
 * In order of time; slices without attempts are absent.
 */
slices: Array<Array<number>>,
/**
 * By method and template.
 */
keys: Array<KeyReport>, };

/**
 * One threshold: stage and milliseconds.
 */
export type Within = [Stage, number];

/**
 * Until when the clock of a request runs.
 */
export type Stage = "headers" | "body";

/**
 * What was measured of one method and template.
 */
export type KeyReport = {
/**
 * HTTP method, `GET` when absent; `WS`, `SSE`, `BEACON` and `NAV` for what is none.
 */
m?: string,
/**
 * Template, or [`OTHER_TEMPLATE`]; with its origin when that is not the page's.
 */
t: string,
/**
 * Attempts by class, [`CLASSES`] numbers; zeros at the end may be left out.
 */
c: Array<number>,
/**
 * Histogram of latency until headers, of what counts for latency: `latency::Histogram` as
 * bytes in base64 without padding; empty when nothing counts.
 */
h?: string,
/**
 * The same of attempts that failed (classes throttled, server error, network, timeout).
 */
e?: string,
/**
 * Milliseconds by phase ([`PHASES`] sums: queue, connect, server, transfer, main thread), then
 * how many attempts they are sums of; empty when the browser told nothing.
 */
p?: Array<number>,
/**
 * The slowest; the page leaves out what was in time, worked and took less than a tenth of a second.
 */
x?: Array<Exemplar>, };

/**
 * One attempt that was slow: milliseconds, slice after [`LatencyReport::slice`], class, status and
 * trace id (empty without one).
 */
export type Exemplar = [number, number, number, number, string];

/**
 * What a person had waited for when they answered: kept beside the answer.
 */
export type LatencyContext = {
/**
 * Requests of the page load that count for latency.
 */
requests: number,
/**
 * Their 75th percentile in milliseconds; absent without any.
 */
p75_ms?: number | null,
/**
 * Those of them that had a budget.
 */
budgeted: number,
/**
 * Those of these that were over it (the first latency objective of their feature).
 */
over_budget: number,
/**
 * The feature with the largest share over its budget; absent when none was over.
 */
worst?: string | null,
/**
 * Attempts that failed in the last ten minutes.
 */
recent_failures: number, };

/**
 * The answer to an envelope that could be read: status 200.
 */
export type BatchReply = {
/**
 * One [`Outcome::letter`] per item, in the order of the lines.
 */
r: string,
/**
 * Why items were rejected or kept aside, by index from 0. Absent when there is nothing to say.
 */
err?: Array<ItemError>, };

/**
 * Why one item was refused: `[2, "invalid_answer", "p.answers[0].value.nps: …"]`.
 */
export type ItemError = [number, DiscardReason, string];

/**
 * Why one item was refused while others of its envelope were kept.
 */
export type DiscardReason = "malformed_item" | "item_too_large" | "unknown_type" | "invalid_item" | "invalid_answer" | "unknown_survey" | "unknown_question" | "invalid_latency" | "invalid_histogram" | "conflict" | "erased";

/**
 * The body of every answer that is not a success.
 */
export type ErrorReply = {
/**
 * What went wrong.
 */
error: ErrorBody, };

/**
 * What went wrong: a code for programs, a sentence for people.
 */
export type ErrorBody = {
/**
 * The stable code.
 */
code: ErrorCode,
/**
 * What happened and what to do; not stable.
 */
message: string, };

/**
 * Why a whole request was refused.
 */
export type ErrorCode = "unknown_site_key" | "origin_not_allowed" | "invalid_parameter" | "unreadable_body" | "unsupported_encoding" | "body_too_large" | "too_many_items" | "attachment_too_large" | "image_too_large" | "not_an_image" | "attachment_conflict" | "attachment_erased" | "invalid_survey" | "invalid_budgets" | "overloaded" | "not_found" | "method_not_allowed" | "not_signed_in" | "wrong_credentials" | "too_many_attempts" | "forbidden" | "rate_limited" | "last_admin" | "address_taken" | "conflict" | "name_taken" | "too_many_at_once" | "link_expired" | "cross_origin" | "internal";

/**
 * Everything that the agent of one site needs.
 */
export type Config = {
/**
 * Always first, always [`CONFIG_FORMAT`] for this layout.
 */
format: number,
/**
 * Surveys that are running, by priority (highest first), then by id.
 */
surveys: Array<SurveyRule>,
/**
 * [`Furniture`] as JSON, which the agent hands on unread; empty when there is none.
 */
furniture: string,
/**
 * What is measured of the page's requests.
 */
metering: Metering, };

/**
 * How requests are measured: the project's [`crate::budget::Budgets`], compiled.
 */
export type Metering = {
/**
 * Milliseconds after which an attempt counts as a timeout.
 */
hard_timeout_ms: number,
/**
 * Templates that one page load tells apart.
 */
max_keys: number,
/**
 * Paths that answer GraphQL.
 */
graphql_paths: Array<string>,
/**
 * Whether `errors` in an answer with status 200 is a server error.
 */
graphql_errors: boolean,
/**
 * Templates of paths, in the order in which they are tried.
 */
templates: Array<string>,
/**
 * The first that matches a request owns it.
 */
features: Array<FeatureRule>, };

/**
 * What makes a request part of a feature, and which thresholds are counted.
 */
export type FeatureRule = {
/**
 * Slug.
 */
id: string,
/**
 * Any of these; see [`RequestRule`].
 */
matches: Array<RequestRule>,
/**
 * Thresholds in the order of the budgets.
 */
within: Array<Within>,
/**
 * Whether requests of a hidden page count for latency.
 */
background: boolean,
/**
 * Whether answers out of the browser's cache count for latency.
 */
cache: boolean, };

/**
 * What a request must look like; an empty text fits all.
 */
export type RequestRule = {
/**
 * HTTP method.
 */
method: string,
/**
 * Origin; empty for that of the page, `*` for any.
 */
origin: string,
/**
 * Path: `*` within a segment, `**` for any number of segments.
 */
path: string,
/**
 * Name of a GraphQL operation.
 */
graphql: string, };

/**
 * One running survey, without its content: that is fetched only to be shown.
 */
export type SurveyRule = {
/**
 * Which survey, in its current version.
 */
survey: SurveyRef,
/**
 * What it measures.
 */
class: Class,
/**
 * Among several eligible surveys the highest wins, then the smaller id.
 */
priority: number,
/**
 * Share of installs that may see it, in thousandths (0 to 1000).
 */
sample_permille: number,
/**
 * Not before; milliseconds since 1970 (UTC), 0 without a limit.
 */
from_ms: number,
/**
 * Not from then on; milliseconds since 1970 (UTC), 0 without a limit.
 */
until_ms: number,
/**
 * All must hold.
 */
conditions: Array<Condition>,
/**
 * Any arms it for this page load; none means that it is armed.
 */
triggers: Array<CompiledTrigger>,
/**
 * Any disarms it for this page load.
 */
cancels: Array<CompiledTrigger>,
/**
 * Milliseconds between being eligible and being shown.
 */
delay_ms: number,
/**
 * Impressions without an answer or a dismissal after which it is not shown again.
 */
max_impressions: number,
/**
 * All must be over.
 */
waits: Array<Quiet>,
/**
 * Part of the page rather than above it: may be shown beside another, at any moment.
 */
inline: boolean, };

/**
 * What a survey measures: the scope of "not two of a kind".
 */
export type Class = "other" | "nps" | "csat" | "ces" | "feedback";

/**
 * Something that must be so.
 */
export type Condition = {
/**
 * What is looked at.
 */
fact: Fact,
/**
 * Which trait or property; else empty.
 */
key: string,
/**
 * Any of these must fit; with `negated`, none. A fact that is missing never fits, negated or
 * not.
 */
any: Array<Match>,
/**
 * Whether none must fit.
 */
negated: boolean, };

/**
 * What a condition looks at.
 */
export type Fact = "url" | "device" | "language" | "trait" | "property" | "pages" | "dwell" | "element";

/**
 * How a fact fits.
 */
export type Match = {
/**
 * How `value` is read.
 */
op: Op,
/**
 * A text, a number in decimal digits, or the index of a probe.
 */
value: string, };

/**
 * How the value of a [`Match`] is read.
 */
export type Op = "is" | "contains" | "glob" | "within" | "at_least" | "below" | "present" | "probe";

/**
 * Something that happens.
 */
export type CompiledTrigger = {
/**
 * Name of the event: the page's own, `$<index>` for a probe, `$breach` when a request took longer
 * than its feature's first threshold, `$failed` when one failed (both with the properties
 * `feature` and `ms`, at most once in ten seconds for each feature).
 */
event: string,
/**
 * What its properties must be.
 */
filters: Array<Condition>,
/**
 * Times at least.
 */
times: number,
/**
 * Within this many milliseconds; 0 means since the page was loaded.
 */
within_ms: number, };

/**
 * How long a survey is quiet after what.
 */
export type Quiet = {
/**
 * Of which surveys.
 */
scope: Scope,
/**
 * What happened to them.
 */
outcome: Outcome,
/**
 * Days of 24 hours; absent means for good.
 */
days: number | null, };

/**
 * Whose outcomes are looked at.
 */
export type Scope = "survey" | "class" | "any";

/**
 * What became of a survey on the screen.
 */
export type Outcome = "seen" | "snoozed" | "dismissed" | "partial" | "completed";

/**
 * What the facade must watch and put up for the surveys of a site, as JSON.
 */
export type Furniture = {
/**
 * What only the page itself can find out, by index.
 */
probes: Array<Probe>,
/**
 * What opens feedback forms.
 */
launchers: Array<LauncherSpec>, };

/**
 * What only the page itself can find out.
 */
export type Probe = { "regex": string } | { "element": string } | { "click": string } | { "scroll": number } | "exit";

/**
 * What opens a feedback form.
 */
export type LauncherSpec = {
/**
 * Id of the feedback form.
 */
survey: string,
/**
 * A button or a tab; `page` when only the page opens it.
 */
launcher: Launcher,
/**
 * Where it is; the page's own choice when absent.
 */
corner: Corner | null,
/**
 * What it says; the widget's own word when absent.
 */
label: LocalText | null,
/**
 * The survey's own language: that of a plain label.
 */
language: string, };

/**
 * What the widget shows: `GET /v1/survey/<id>@<version>?k=<site key>&l=<language>` answers it as
 * `postcard` bytes, immutable; with `.json` at the end, the same for people.
 */
export type SurveyContent = {
/**
 * Always first, always [`CONTENT_FORMAT`] for this layout.
 */
format: number,
/**
 * Which survey.
 */
survey: SurveyRef,
/**
 * BCP 47 tag of the texts that name no other.
 */
language: string,
/**
 * What a feedback form has beside its questions; absent for a survey.
 */
feedback: FeedbackParts | null,
/**
 * Shown before the first question.
 */
intro: Intro<Phrase> | null,
/**
 * Asked in this order, unless their rules jump.
 */
questions: Array<Question<Phrase>>,
/**
 * Shown at the end; the first is the usual one.
 */
endings: Array<Ending<Phrase>>,
/**
 * Where and in which colours it appears; every colour that follows from another is filled in.
 */
look: Look, };

/**
 * What a feedback form has beside its questions, as the widget needs to know it.
 */
export type FeedbackParts = {
/**
 * Whether a screenshot can be added.
 */
screenshot: boolean,
/**
 * Whether the person is asked to attach what the browser knows.
 */
context: boolean, };

/**
 * A text as its author writes it: `"Why?"`, or `{"en": "Why?", "de": "Warum?"}` by BCP 47 tag.
 *
 * A plain text is in the survey's own language.
 */
export type LocalText = string | { [key in string]: string };

/**
 * A text in the one language that a person is shown.
 */
export type Phrase = {
/**
 * The text.
 */
text: string,
/**
 * BCP 47 tag where it is not in the language of its survey's content; else empty.
 */
language: string, };

/**
 * A survey, or a feedback form, as its author writes, stores and publishes it.
 */
export type Survey = {
/**
 * Where an editor finds the schema of this file; nobody else reads it.
 */
$schema?: string | null,
/**
 * Slug, unique in its project: see [`crate::limits::is_slug`].
 */
id: string,
/**
 * What the team calls it; people who answer never see it.
 */
name: string,
/**
 * Whether it asks by itself, or waits for people who have something to say.
 */
kind: SurveyKind,
/**
 * BCP 47 tag of the language that plain texts are written in.
 */
language: string,
/**
 * Further languages: every text must have each of them before the survey may run.
 */
languages: Array<string>,
/**
 * What happens to people who read none of these languages.
 */
otherwise: MissingLanguage,
/**
 * Shown before the first question.
 */
intro: Intro<LocalText> | null,
/**
 * Asked in this order, unless their rules jump.
 */
questions: Array<Question<LocalText>>,
/**
 * Shown at the end: the first, unless a rule names another.
 */
endings: Array<Ending<LocalText>>,
/**
 * Where and in which colours it appears.
 */
look: Look,
/**
 * Who sees it, when, how often.
 */
show: DisplayRule, };

/**
 * Whether a survey asks by itself, or waits for people who have something to say.
 */
export type SurveyKind = "survey" | { "feedback": Feedback };

/**
 * What a feedback form has beside its questions.
 */
export type Feedback = {
/**
 * Whether a screenshot can be added.
 */
screenshot: boolean,
/**
 * Whether the person is asked to attach what the browser knows: address, browser, window.
 */
context: boolean,
/**
 * What opens it, beside `openFeedback` and `attachTo`.
 */
launcher: Launcher,
/**
 * What the launcher says; the widget's own word for "Feedback" when absent.
 */
label: LocalText | null, };

/**
 * What opens a feedback form.
 */
export type Launcher = "page" | "button" | "tab";

/**
 * What happens to people who read none of a survey's languages.
 */
export type MissingLanguage = "fallback" | "hide";

/**
 * What is shown before the first question.
 */
export type Intro<T> = {
/**
 * The headline.
 */
title: T,
/**
 * Below it.
 */
text: T | null,
/**
 * What the button says; the widget's own word for "Start" when absent.
 */
button: T | null, };

/**
 * One question.
 */
export type Question<T> = {
/**
 * Slug, unique in its survey. Answers are kept under it, so it outlives every rewording.
 */
id: string,
/**
 * The question itself, as text. `{{other_question|otherwise}}` is replaced by an earlier answer.
 */
title: T,
/**
 * A line below the title.
 */
description: T | null,
/**
 * Whether the survey goes on only with an answer.
 */
required: boolean,
/**
 * What can be answered.
 */
kind: QuestionKind<T>,
/**
 * Where an answer leads: the first rule that holds wins.
 */
rules: Array<Rule>,
/**
 * Where it leads when no rule holds.
 */
otherwise: Target,
/**
 * What the button that goes on says; the widget's own word when absent.
 */
button: T | null, };

/**
 * What can be answered.
 */
export type QuestionKind<T> = { "nps": {
/**
 * What 0 means.
 */
low: T,
/**
 * What 10 means.
 */
high: T, } } | { "text": {
/**
 * Characters at most, up to [`crate::limits::MAX_TEXT_CHARS`].
 */
max_chars: number,
/**
 * Characters at least, when anything is written.
 */
min_chars: number,
/**
 * What the text has to be.
 */
format: TextFormat,
/**
 * One line instead of several.
 */
short: boolean, } } | { "csat": {
/**
 * What 1 means.
 */
low: T,
/**
 * What 5 means.
 */
high: T,
/**
 * How the five are drawn.
 */
look: ScaleLook, } } | { "ces": {
/**
 * What 1 means.
 */
low: T,
/**
 * What 7 means.
 */
high: T, } } | { "rating": {
/**
 * 2 to 10.
 */
max: number,
/**
 * What 1 means.
 */
low: T,
/**
 * What `max` means.
 */
high: T,
/**
 * How the steps are drawn.
 */
look: ScaleLook, } } | { "single_choice": Choice<T> } | { "multiple_choice": Choice<T> } | { "consent": {
/**
 * What the person agrees to.
 */
label: T, } } | { "statement": {
/**
 * Shown above the text.
 */
image: Image<T> | null,
/**
 * Shown below the text.
 */
link: Link<T> | null,
/**
 * Whether the person can react with one tap.
 */
reactions: boolean, } };

/**
 * Options to choose from.
 */
export type Choice<T> = {
/**
 * 2 to [`crate::limits::MAX_OPTIONS`], in this order unless shuffled.
 */
options: Array<ChoiceOption<T>>,
/**
 * Label of an option with a text field of its own; its id is [`super::OTHER`].
 */
other: T | null,
/**
 * Label of an option that excludes all others; its id is [`super::NONE`].
 */
none: T | null,
/**
 * Whether each person gets an order of their own; `other` and `none` stay last.
 */
shuffle: boolean,
/**
 * Of a multiple choice, options at least, when any is chosen; 0 is no limit.
 */
min: number,
/**
 * Of a multiple choice, options at most; 0 is no limit.
 */
max: number, };

/**
 * One option.
 */
export type ChoiceOption<T> = {
/**
 * Slug, unique in its question; neither `other` nor `none`.
 */
id: string,
/**
 * What the person reads.
 */
label: T, };

/**
 * What a text answer has to be.
 */
export type TextFormat = "any" | "email" | "url" | "number";

/**
 * How the steps of a scale are drawn.
 */
export type ScaleLook = "numbers" | "stars" | "emoji";

/**
 * One tap in answer to an announcement.
 */
export type Reaction = "up" | "down" | "heart";

/**
 * An image.
 */
export type Image<T> = {
/**
 * `https` address.
 */
url: string,
/**
 * What it shows, for people who do not see it; empty when it only decorates.
 */
alt: T, };

/**
 * A link to somewhere else; it opens in a tab of its own.
 */
export type Link<T> = {
/**
 * `https`, `http` or `mailto` address.
 */
url: string,
/**
 * What it says.
 */
label: T, };

/**
 * What is shown after the last question.
 */
export type Ending<T> = {
/**
 * Slug, unique among the endings.
 */
id: string,
/**
 * The headline.
 */
title: T,
/**
 * Below it.
 */
text: T | null,
/**
 * A link to go on with.
 */
link: Link<T> | null,
/**
 * Address that the page goes to once the answers are kept; same origin, or `https`.
 */
redirect: string | null, };

/**
 * One jump: when it holds, that is where the survey goes on.
 */
export type Rule = {
/**
 * Id of the question whose answer is looked at; the question that has the rule when absent.
 */
of: string | null,
/**
 * What its answer must be.
 */
when: Test,
/**
 * Where the survey goes on.
 */
go: Target, };

/**
 * What an answer must be. A test that does not fit the kind of question never holds.
 */
export type Test = { "between": [number, number] } | { "bucket": Bucket } | { "any_of": Array<string> } | { "all_of": Array<string> } | { "none_of": Array<string> } | "answered" | "skipped";

/**
 * A part of a scale: 0–6, 7–8, 9–10 of an NPS scale; else below, at and above the middle.
 */
export type Bucket = "low" | "middle" | "high";

/**
 * Where a survey goes on.
 */
export type Target = "next" | { "question": string } | { "end": string };

/**
 * Where and in which colours a survey appears.
 */
export type Look = {
/**
 * How it stands on the page.
 */
placement: Placement,
/**
 * Which corner, or which side; the page's own choice when absent.
 */
corner: Corner | null,
/**
 * Of an inline survey, the CSS selector of the element that it is put into.
 */
element: string | null,
/**
 * All questions on one screen instead of one after the other.
 */
together: boolean,
/**
 * Whether the person sees how far they are.
 */
progress: boolean,
/**
 * Whether the person can go back.
 */
back: boolean,
/**
 * Whether the person can ask to be asked later.
 */
snooze: boolean,
/**
 * Whether the widget carries the small "Firsthand" mark.
 */
mark: boolean,
/**
 * Colours of its own.
 */
colors: Colors, };

/**
 * How a survey stands on the page. On a phone, all but `inline` are a sheet at the foot.
 */
export type Placement = "popover" | "modal" | "inline" | "tab";

/**
 * A corner of the window. Left and right are those of the window in every language.
 */
export type Corner = "bottom_right" | "bottom_left" | "top_right" | "top_left";

/**
 * Colours of a survey for both themes.
 */
export type Colors = {
/**
 * In the light theme.
 */
light: Palette,
/**
 * In the dark theme.
 */
dark: Palette, };

/**
 * Colours as `#rrggbb`; what is absent is the widget's own.
 */
export type Palette = {
/**
 * What can be acted on.
 */
accent: string | null,
/**
 * Text on the accent; black or white, whichever can be read better, when absent.
 */
on_accent: string | null,
/**
 * The ground of the card.
 */
surface: string | null,
/**
 * Text on the card.
 */
ink: string | null, };

/**
 * Who sees a survey, when, and how often. Everything that is said must hold.
 */
export type DisplayRule = {
/**
 * Among several eligible surveys the highest wins, then the smaller id.
 */
priority: number,
/**
 * Share of installs that may see it, in thousandths (0 to 1000). Sticky: raising it only adds.
 */
sample_permille: number,
/**
 * Not before this time (RFC 3339).
 */
from: string | null,
/**
 * Not from this time on (RFC 3339).
 */
until: string | null,
/**
 * Where the page's address (origin and path) is one of these; empty means everywhere.
 */
url: Array<UrlTest>,
/**
 * But not where it is one of these.
 */
url_not: Array<UrlTest>,
/**
 * On one of these kinds of device; empty means on all.
 */
devices: Array<Device>,
/**
 * For people who read one of these languages (BCP 47; `pt` includes `pt-BR`); empty means all.
 */
languages: Array<string>,
/**
 * For people with all of these traits.
 */
traits: Array<Filter>,
/**
 * Pages seen in this session, this one included, at least.
 */
pages: number,
/**
 * Milliseconds on this page, at least.
 */
dwell_ms: number,
/**
 * While this CSS selector finds an element.
 */
element: string | null,
/**
 * Once any of these has happened; empty means that being on the page is enough.
 */
triggers: Array<Trigger>,
/**
 * Not after any of these has happened in this page load.
 */
cancel: Array<EventTest>,
/**
 * Milliseconds from the moment when all of the above holds; all of it is asked again then.
 */
delay_ms: number,
/**
 * Impressions without an answer or a dismissal after which it is not shown again.
 */
max_impressions: number,
/**
 * How long it is quiet after what.
 */
again: Again, };

/**
 * One way to look at the page's address, which is origin and path, without query and fragment.
 */
export type UrlTest = { "contains": string } | { "equals": string } | { "glob": string } | { "regex": string };

/**
 * A kind of device.
 */
export type Device = "desktop" | "tablet" | "phone";

/**
 * One property, of an event or of a person, and what it must be. One that is missing never fits,
 * whatever the test.
 */
export type Filter = {
/**
 * Name of the property.
 */
key: string,
/**
 * What it must be.
 */
test: ValueTest, };

/**
 * What a value must be. Values are compared as text, numbers as decimal numbers.
 */
export type ValueTest = { "is": Array<string> } | { "is_not": Array<string> } | { "contains": Array<string> } | { "at_least": bigint } | { "below": bigint } | "present";

/**
 * An event that the page tells of with `track`; or `$breach` (a request took longer than its feature's
 * first threshold) or `$failed`, with the properties `feature` and `ms`.
 */
export type EventTest = {
/**
 * Its name, exactly.
 */
name: string,
/**
 * What its properties must be, all of them.
 */
filters: Array<Filter>,
/**
 * Times at least, at least 1.
 */
times: number,
/**
 * Within this many seconds; 0 means since the page was loaded.
 */
within_s: number, };

/**
 * What sets a survey off.
 */
export type Trigger = { "event": EventTest } | { "click": string } | { "scroll": number } | "exit" | { "breach": {
/**
 * Which feature; any when absent.
 */
feature: string | null,
/**
 * Times at least, at least 1.
 */
times: number,
/**
 * Within this many seconds; 0 means since the page was loaded.
 */
within_s: number, } };

/**
 * How long a survey is quiet, and for the sake of what.
 */
export type Again = {
/**
 * After what happened to this survey.
 */
survey: Waits,
/**
 * After what happened to any survey of the same class: all NPS, all CSAT, all CES, all others.
 */
class: Waits,
/**
 * After what happened to any survey.
 */
any: Waits, };

/**
 * How long after each outcome; absent means no wait.
 */
export type Waits = {
/**
 * It was on the screen.
 */
seen: Wait | null,
/**
 * The person asked for later.
 */
snoozed: Wait | null,
/**
 * The person closed it without an answer.
 */
dismissed: Wait | null,
/**
 * The person answered in part, and left.
 */
partial: Wait | null,
/**
 * The person reached an ending.
 */
completed: Wait | null, };

/**
 * How long.
 */
export type Wait = { "days": number } | "never";

/**
 * One thing for the facade to do. It decides nothing on its own; it only carries out.
 */
export type Command = { "do": "fetch_config" } | { "do": "furnish",
/**
 * What.
 */
furniture: Furniture, } | { "do": "show",
/**
 * Which survey.
 */
survey: SurveyRef,
/**
 * What the widget goes on from, in base64; absent for a fresh start.
 */
resume: string | null,
/**
 * Opened by the person: no moment has to be waited for.
 */
by_person: boolean, } | { "do": "open" } | { "do": "hide" } | { "do": "send",
/**
 * Names the envelope between agent and facade.
 */
slot: number,
/**
 * Names the envelope to the collector: the query parameter `b`.
 */
batch: BatchId,
/**
 * Always 1 here: the query parameter `n`.
 */
attempt: number,
/**
 * The first line.
 */
header: Header,
/**
 * The other lines, in this order.
 */
items: Array<Item<Body>>,
/**
 * Whether the page may be about to go.
 */
exit: boolean, } | { "do": "resend",
/**
 * Which envelope.
 */
slot: number,
/**
 * Counts from 2.
 */
attempt: number,
/**
 * Whether the page may be about to go.
 */
exit: boolean, } | { "do": "forget",
/**
 * Which envelope.
 */
slot: number, } | { "do": "keep",
/**
 * Whose they are, and when by the wall clock this was said.
 */
header: Header,
/**
 * As they would be sent now.
 */
items: Array<Item<Body>>, } | { "do": "unkeep",
/**
 * Which; some may never have been kept.
 */
ids: Array<ItemId>, } | { "do": "wake",
/**
 * Milliseconds from now.
 */
in_ms: number, } | { "do": "save",
/**
 * Opaque, in base64; its bytes are given back to [`crate::Agent::new`].
 */
state: string, } | { "do": "wipe" } | { "do": "delivery",
/**
 * How far they got.
 */
state: DeliveryState, } | { "do": "emit",
/**
 * What happened.
 */
event: Event,
/**
 * To which survey; absent with `ready`.
 */
survey: SurveyRef | null,
/**
 * The pass through the survey, once something was answered.
 */
response: ResponseId | null, } | { "do": "explained",
/**
 * Id of the survey.
 */
survey: string,
/**
 * Every gate, in the order in which they are asked: its place in [`Gate`], whether it is
 * open (1 or 0), what it found (absent when it is not known), then what it needed. That
 * is a limit; of a wait, places of scope and outcome, then days, if it ends; of a
 * condition, the place of its fact, its key, whether it is negated (1 or 0), then for
 * each of its matches the place of the operation and the value.
 *
 * [`Gate`]: survey::eligibility::Gate
 */
gates: Array<Array<Known | null>>, } | { "do": "counted",
/**
 * Items that came to be here, those that were given up at once among them.
 */
made: number,
/**
 * Items that an earlier page had left and this one delivers.
 */
adopted: number,
/**
 * On the collector's disk.
 */
accepted: number,
/**
 * On the collector's disk since an earlier attempt.
 */
duplicate: number,
/**
 * Kept aside by the collector: the id is known with another body.
 */
conflict: number,
/**
 * Refused by the collector for good.
 */
rejected: number,
/**
 * Neither decided nor given up.
 */
pending: number,
/**
 * Given up, by reason.
 */
dropped: { [key in string]: number }, } | { "do": "warn",
/**
 * Stable.
 */
code: WarnCode,
/**
 * What is concerned: a survey's id, a number of items, the collector's own code; or empty.
 */
about: string, };

/**
 * The body of an item: written as the body alone, its type stands beside it in the item.
 */
export type Body = Response | Dismissal | Impression | LatencyReport;

/**
 * How far the answers of the open survey got.
 */
export type DeliveryState = "sending" | "waiting" | "stored" | "refused";

/**
 * What the page's own listeners may hear.
 */
export type Event = "ready" | "eligible" | "shown" | "answered" | "submitted" | "dismissed" | "snoozed";

/**
 * A value that a gate needed or found.
 */
export type Known = number | string;

/**
 * What the page's developer should know. Stable; documented by the facade.
 */
export type WarnCode = "unknown_survey" | "already_open" | "not_again_yet" | "config_unreadable" | "refused" | "item_rejected" | "item_dropped";
