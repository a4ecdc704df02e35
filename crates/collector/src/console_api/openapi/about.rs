//! Turns a route into a sentence, its parameters, and the types that go in and come out.

use axum::http::Method;
use protocol::query::access::{
    Audit, AuditNames, Invitation, Invited, MadeToken, NewPassword, NewRole, NewToken, People,
    Providers, Sessions, Tokens, UseLink,
};
use protocol::query::custody::{Erase, Erased, Held};
use protocol::query::delivery::Delivery;
use protocol::query::inbox::{
    Assignees, Changed, Counts, Detail, Inbox, Merge, Merged, NewChange, NewNote, NewTag, Note,
    Tag, Tags, Timeline,
};
use protocol::query::performance::{
    Alerts, Availability, BudgetsEntry, FeatureDetail, MaintenanceList, NewMaintenance,
    Performance, PublishedBudgets,
};
use protocol::query::scores::{Breakdown, NewRelease, Release, Releases, Scores, Slow};
use protocol::query::setup::{
    EndKey, NewKeep, NewKey, NewSite, Older, ProjectEdit, Retention, SiteEdit, SiteEntry, Sites,
};
use protocol::query::surveys::{
    Board, Desk, Kept, NewDraft, NewState, Paused, Publish, Reach, Rollback,
};
use protocol::query::views::{
    MadeShare, NewSavedView, NewShare, OpenShare, SavedView, SavedViews, Shared, Shares,
};
use protocol::query::{Comments, NpsReport, Published, Session, SignIn, Surveys};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::schema_of;
use crate::console_api::routes::ConsoleRoute;

/// Collects the schemas of a type.
type Collect = fn(&mut Vec<(String, RefOr<Schema>)>);

/// What goes in, or comes out.
pub(super) enum Body {
    /// JSON of this type.
    Json { name: String, collect: Collect },
    /// Anything else, by its media type.
    Other(&'static str),
}

impl Body {
    /// JSON of a type of the wire.
    pub(super) fn of<T: ToSchema + PartialSchema + 'static>() -> Self {
        fn collect<T: ToSchema + PartialSchema>(all: &mut Vec<(String, RefOr<Schema>)>) {
            T::schemas(all);
            all.push((T::name().into_owned(), schema_of::<T>()));
        }
        Self::Json {
            name: T::name().into_owned(),
            collect: collect::<T>,
        }
    }

    pub(super) fn collect(&self, all: &mut Vec<(String, RefOr<Schema>)>) {
        if let Self::Json { collect, .. } = self {
            collect(all);
        }
    }
}

/// What there is to say of a route.
pub(super) struct About {
    method: Method,
    path: &'static str,
    pub(super) summary: &'static str,
    pub(super) query: &'static [(&'static str, &'static str)],
    pub(super) takes: Option<Body>,
    pub(super) answers: Option<Body>,
}

impl About {
    pub(super) fn is_of(&self, route: &ConsoleRoute) -> bool {
        route.method == self.method && route.path.strip_prefix("/api/v1") == Some(self.path)
    }

    pub(super) fn collect(&self, all: &mut Vec<(String, RefOr<Schema>)>) {
        for body in self.takes.iter().chain(&self.answers) {
            body.collect(all);
        }
    }

    fn takes<T: ToSchema + PartialSchema + 'static>(mut self) -> Self {
        self.takes = Some(Body::of::<T>());
        self
    }

    fn takes_text(mut self, mime: &'static str) -> Self {
        self.takes = Some(Body::Other(mime));
        self
    }

    fn answers<T: ToSchema + PartialSchema + 'static>(mut self) -> Self {
        self.answers = Some(Body::of::<T>());
        self
    }

    fn answers_text(mut self, mime: &'static str) -> Self {
        self.answers = Some(Body::Other(mime));
        self
    }

    fn with(mut self, query: &'static [(&'static str, &'static str)]) -> Self {
        self.query = query;
        self
    }
}

const fn about(method: Method, path: &'static str, summary: &'static str) -> About {
    About {
        method,
        path,
        summary,
        query: &[],
        takes: None,
        answers: None,
    }
}

const fn get(path: &'static str, summary: &'static str) -> About {
    about(Method::GET, path, summary)
}

const fn post(path: &'static str, summary: &'static str) -> About {
    about(Method::POST, path, summary)
}

const fn put(path: &'static str, summary: &'static str) -> About {
    about(Method::PUT, path, summary)
}

const fn delete(path: &'static str, summary: &'static str) -> About {
    about(Method::DELETE, path, summary)
}

/// Parameters of a view: which answers.
const VIEW: &[(&str, &str)] = &[
    ("survey", "Slug of one survey or feedback form."),
    ("question", "Id of one question that was answered."),
    ("days", "Given in the last so many days of 24 hours."),
    ("from", "Given from then; milliseconds since 1970 (UTC)."),
    ("to", "Given before then; milliseconds since 1970 (UTC)."),
    ("status", "One or more statuses, with commas between."),
    ("tag", "A tag; more than one: all of them."),
    ("assignee", "me, none, or an e-mail address."),
    ("score", "First score of the response: 7, 0-6, <=6, >8."),
    ("page", "Part of the page's address, * for anything."),
    ("device", "mobile or desktop."),
    ("browser", "Family of browser."),
    ("language", "Language that was shown."),
    ("country", "Country, where the page said so."),
    ("version", "Version of the product, where the page said so."),
    ("trait.NAME", "What the page says about the person."),
    ("has", "image, note, or both with a comma between."),
    (
        "is",
        "Only what is kept aside: spam, archived, test, bot, snoozed.",
    ),
    ("q", "Words, as typed into the search box."),
];
const PAGED: &[(&str, &str)] = &[
    (
        "after",
        "Cursor: the next of an earlier page. Beside it, the parameters of a view.",
    ),
    ("limit", "Items a page, 1 to 200."),
];
const WINDOW: &[(&str, &str)] = &[
    (
        "window",
        "Length of the time that is looked at, such as 24h or 28d.",
    ),
    (
        "end",
        "When it ends; milliseconds since 1970 (UTC); now when absent.",
    ),
];

/// Everything there is to say, in the order of the table of routes.
pub(super) fn all() -> Vec<About> {
    let mut all = doors();
    all.extend(answers());
    all.extend(work());
    all.extend(operation());
    all
}

fn doors() -> Vec<About> {
    vec![
        get("/session", "Who is signed in.").answers::<Session>(),
        post("/session", "Signs in.")
            .takes::<SignIn>()
            .answers::<Session>(),
        delete("/session", "Signs out."),
        get("/sessions", "One's own sessions.").answers::<Sessions>(),
        delete("/sessions", "Ends all of one's sessions but this one."),
        delete("/sessions/{id}", "Ends one of one's sessions."),
        put("/password", "Changes one's password.").takes::<NewPassword>(),
        post(
            "/password-link",
            "Chooses a password by a link that works once.",
        )
        .takes::<UseLink>(),
        get("/team", "Who may sign in.").answers::<People>(),
        post("/team", "Invites somebody.")
            .takes::<Invitation>()
            .answers::<Invited>(),
        delete("/team/{id}", "Lets somebody in no more."),
        put("/team/{id}/role", "Gives somebody another role.").takes::<NewRole>(),
        post(
            "/team/{id}/password-link",
            "Makes a link by which somebody chooses a password.",
        )
        .answers::<Invited>(),
        get("/tokens", "API tokens, without their secrets.").answers::<Tokens>(),
        post(
            "/tokens",
            "Makes an API token; its secret is told this once.",
        )
        .takes::<NewToken>()
        .answers::<MadeToken>(),
        delete("/tokens/{id}", "Revokes an API token."),
        get("/audit/names", "Whom and what the audit log speaks of.").answers::<AuditNames>(),
        get(
            "/audit/export",
            "Lines of the audit log, all of them, as CSV or NDJSON.",
        ),
        get(
            "/sites",
            "Sites, their keys, and when they were heard from.",
        )
        .answers::<Sites>(),
        post("/sites", "Adds a site; its key is drawn at random.")
            .takes::<NewSite>()
            .answers::<SiteEntry>(),
        put("/sites/{id}", "Changes name and origins of a site.")
            .takes::<SiteEdit>()
            .answers::<SiteEntry>(),
        delete(
            "/sites/{id}",
            "Forgets a site and its keys; what it has sent stays.",
        ),
        post(
            "/sites/{id}/key",
            "Gives a site another key; the old one works for a while.",
        )
        .takes::<NewKey>()
        .answers::<SiteEntry>(),
        post("/sites/{id}/end-key", "Ends a key that was replaced.")
            .takes::<EndKey>()
            .answers::<SiteEntry>(),
        put("/project", "Gives the project another name.").takes::<ProjectEdit>(),
        get("/retention", "How long things are kept.").answers::<Retention>(),
        put(
            "/retention/{key}",
            "Has one kind of thing kept for so long; what is older goes within an hour.",
        )
        .takes::<NewKeep>()
        .answers::<Retention>(),
        get(
            "/retention/{key}/older",
            "How much would go if it were kept no longer.",
        )
        .with(&[("keep_ms", "Milliseconds, from a day to 3660 days.")])
        .answers::<Older>(),
        get("/oidc", "By whom else than by a password people sign in.").answers::<Providers>(),
        get("/oidc/begin", "Leads to the OpenID provider."),
        get("/oidc/return", "Where the OpenID provider leads back to."),
        get("/audit", "What was changed, by whom: the newest first.")
            .with(&[
                ("actor", "Whose: an address, or the name of a token."),
                ("action", "What was done: an action, or its kind."),
                ("q", "What stands in target or detail."),
                ("days", "Length of the window that ends now."),
                ("after", "The next of an earlier page."),
                ("limit", "Lines a page."),
            ])
            .answers::<Audit>(),
    ]
}

fn answers() -> Vec<About> {
    vec![
        get(
            "/scores/nps",
            "The recommendation score of one survey, with its interval.",
        )
        .with(&[
            ("survey", "Its slug."),
            ("days", "The last so many days; all time when absent."),
        ])
        .answers::<NpsReport>(),
        get(
            "/scores",
            "Scores of one kind, over time and beside another group. Takes the parameters of a view.",
        )
        .with(&[
            ("kind", "nps, csat or ces."),
            ("compare", "previous, none, or the query of another view."),
            ("step", "day, week or month."),
        ])
        .answers::<Scores>(),
        get(
            "/scores/breakdown",
            "Scores of people who have something in common. Takes the parameters of a view.",
        )
        .with(&[
            ("kind", "nps, csat or ces."),
            (
                "by",
                "survey, page, device, browser, language, country, version or trait.NAME.",
            ),
        ])
        .answers::<Breakdown>(),
        get(
            "/scores/slow",
            "Scores of people within and over budget. Takes the parameters of a view.",
        )
        .with(&[
            ("kind", "nps, csat or ces."),
            (
                "segment",
                "By what people are told apart beside their device.",
            ),
            (
                "over",
                "Percent of requests that may be over for somebody to be within.",
            ),
        ])
        .answers::<Slow>(),
        get(
            "/scores/export",
            "The same numbers as a file. Takes the parameters of a view.",
        )
        .with(&[
            ("kind", "nps, csat or ces."),
            ("compare", "As for scores."),
            ("step", "As for scores."),
            ("by", "As for a breakdown; none unless told."),
            ("format", "csv or ndjson."),
        ])
        .answers_text("text/csv"),
        get("/releases", "What was released, the oldest first.")
            .with(&[
                ("from", "From then on; milliseconds since 1970 (UTC)."),
                ("to", "Before then."),
            ])
            .answers::<Releases>(),
        post("/releases", "Says that something was released.")
            .takes::<NewRelease>()
            .answers::<Release>(),
        delete("/releases/{id}", "Forgets a release."),
        get(
            "/comments",
            "What people wrote, the newest first. Takes the parameters of a view.",
        )
        .with(&[
            ("kind", "Of which kind the score has to be that the view names."),
            ("after", "Cursor."),
            ("limit", "1 to 200."),
        ])
        .answers::<Comments>(),
        get("/attachments/{id}", "An image.").answers_text("image/png"),
        get(
            "/inbox",
            "What people wrote, and how far it has come. Takes the parameters of a view.",
        )
        .with(PAGED)
        .answers::<Inbox>(),
        get("/inbox/items/{id}", "One response, whole.").answers::<Detail>(),
        post(
            "/inbox/change",
            "Changes the state of responses, or of all that a view shows.",
        )
        .takes::<NewChange>()
        .answers::<Changed>(),
        post("/inbox/undo/{id}", "Undoes a step.").answers::<Changed>(),
        get(
            "/inbox/counts",
            "How many a view shows, and how many beside it.",
        )
        .with(VIEW)
        .answers::<Counts>(),
        get(
            "/inbox/export",
            "Everything that a view shows. Takes the parameters of a view.",
        )
        .with(&[("format", "csv or ndjson.")])
        .answers_text("text/csv"),
        get("/inbox/assignees", "People who can look after something.").answers::<Assignees>(),
        post(
            "/inbox/items/{id}/notes",
            "Says something about a response.",
        )
        .takes::<NewNote>()
        .answers::<Note>(),
        put("/inbox/notes/{id}", "Changes one's own note.").takes::<NewNote>(),
        delete("/inbox/notes/{id}", "Takes away one's own note."),
        get("/inbox/tags", "Every tag.").answers::<Tags>(),
        post("/inbox/tags", "Makes a tag.")
            .takes::<NewTag>()
            .answers::<Tag>(),
        put("/inbox/tags/{id}", "Renames a tag.").takes::<NewTag>(),
        delete("/inbox/tags/{id}", "Forgets a tag."),
        post("/inbox/tags/merge", "Makes one tag of two.")
            .takes::<Merge>()
            .answers::<Merged>(),
        get(
            "/people/timeline",
            "What came from one browser profile or person.",
        )
        .with(&[
            ("install", "Id of a browser profile."),
            ("person", "The page's id of a person."),
        ])
        .answers::<Timeline>(),
    ]
}

fn work() -> Vec<About> {
    vec![
        get("/surveys", "Every survey in its newest version.").answers::<Surveys>(),
        put(
            "/surveys/{id}",
            "Publishes a survey: see /v1/survey.schema.json.",
        )
        .takes_text("application/json")
        .answers::<Published>(),
        get(
            "/survey-board",
            "Every survey and every draft, and what came of each.",
        )
        .with(&[(
            "days",
            "Counted are the last so many days; all time when absent.",
        )])
        .answers::<Board>(),
        get(
            "/surveys/{id}",
            "One survey: its draft, its versions, how it stands.",
        )
        .answers::<Desk>(),
        get("/surveys/{id}/export", "A definition as a file.")
            .with(&[(
                "version",
                "A number, or draft; the newest version when absent.",
            )])
            .answers_text("application/json"),
        put(
            "/surveys/{id}/draft",
            "Saves a draft, whatever is wrong with it.",
        )
        .takes::<NewDraft>()
        .answers::<Kept>(),
        delete("/surveys/{id}/draft", "Discards a draft.").with(&[("rev", "The draft's rev.")]),
        post("/surveys/{id}/publish", "Publishes the draft.")
            .takes::<Publish>()
            .answers::<Published>(),
        post("/surveys/{id}/rollback", "Publishes an older version anew.")
            .takes::<Rollback>()
            .answers::<Published>(),
        put("/surveys/{id}/state", "Pauses a survey, or lets it go on.")
            .takes::<NewState>()
            .answers::<Paused>(),
        post(
            "/survey-reach",
            "Who would have seen a definition in the last 7 days.",
        )
        .takes_text("application/json")
        .answers::<Reach>(),
        post(
            "/survey-preview",
            "What the widget shows of a definition; nothing is kept.",
        )
        .with(&[("language", "BCP 47 tag of what the person reads.")])
        .takes_text("application/json")
        .answers_text("application/octet-stream"),
        get("/delivery", "What became of everything that was sent.")
            .with(WINDOW)
            .answers::<Delivery>(),
        get("/views", "Saved views: one's own and the team's.").answers::<SavedViews>(),
        post("/views", "Saves a view.")
            .takes::<NewSavedView>()
            .answers::<SavedView>(),
        delete("/views/{id}", "Forgets a saved view."),
        get("/shares", "Links to views.").answers::<Shares>(),
        post(
            "/shares",
            "Makes a link to a view; its token is told this once.",
        )
        .takes::<NewShare>()
        .answers::<MadeShare>(),
        delete(
            "/shares/{id}",
            "Takes back a link: it leads nowhere from then on.",
        ),
        post("/shared", "Opens a link.")
            .takes::<OpenShare>()
            .answers::<Shared>(),
        get("/openapi.json", "This document.").answers_text("application/json"),
        get("/docs", "This document, for people.").answers_text("text/html"),
        get("/docs.css", "How that looks.").answers_text("text/css"),
    ]
}

fn operation() -> Vec<About> {
    vec![
        get(
            "/performance",
            "Every feature, and whether what is promised of it is kept.",
        )
        .with(WINDOW)
        .answers::<Performance>(),
        get(
            "/performance/features/{id}",
            "One feature: how it was distributed, and over time.",
        )
        .with(WINDOW)
        .answers::<FeatureDetail>(),
        get("/performance/availability", "Outages, and what was up.")
            .with(WINDOW)
            .answers::<Availability>(),
        get("/alerts", "Changes of alerts, the newest first.").answers::<Alerts>(),
        get("/budgets", "The budgets in force.").answers::<BudgetsEntry>(),
        post(
            "/budgets/check",
            "Checks budgets and publishes nothing: a list of findings.",
        ),
        put("/budgets", "Puts budgets in force.")
            .with(&[("base", "The version that the change came from.")])
            .takes_text("application/json")
            .answers::<PublishedBudgets>(),
        get("/maintenance", "Times that were announced.").answers::<MaintenanceList>(),
        post("/maintenance", "Announces a time.")
            .takes::<NewMaintenance>()
            .answers::<MaintenanceList>(),
        delete("/maintenance/{id}", "Withdraws an announcement.").answers::<MaintenanceList>(),
        get("/people/held", "What is kept about somebody.").answers::<Held>(),
        get("/people/export", "All that is kept about somebody.")
            .answers_text("application/x-ndjson"),
        post("/people/erase", "Erases somebody.")
            .takes::<Erase>()
            .answers::<Erased>(),
    ]
}
