//! Turns an e-mail address and a password into a cookie, and a cookie into a person.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::outcome::ErrorCode;
use protocol::query::scores::Scored;
use protocol::query::{Session, SignIn, Site, SurveySummary};
use protocol::survey::{Question, QuestionKind, Survey, SurveyKind};
use protocol::text::LocalText;
use scores::Kind;
use sha2::{Digest, Sha256};
use store::{ConsoleSession, Person, PersonId, PublishedSurvey, TokenHash};

use super::guard::{Caller, SignedIn};
use crate::app::Collector;
use crate::assets::hex;
use crate::audit::Deed;
use crate::budgets::InForce;
use crate::error::ApiError;
use crate::sites::{by_version, newest};

/// The cookie's name.
const COOKIE: &str = "firsthand_session";
/// A session ends this long after it was last used.
pub(super) const IDLE_MS: u64 = 30 * DAY_MS;
/// A session ends this long after it began, used or not.
const MAX_AGE_MS: u64 = 90 * DAY_MS;
/// Uses within one day move the end only once: each move is a write.
const EXTEND_AFTER_MS: u64 = DAY_MS;
const DAY_MS: u64 = 86_400_000;
/// Bytes of a sign-in: an address, a password and room to spare.
pub(super) const MAX_SIGN_IN_BYTES: usize = 16 << 10;

/// Whoever the cookie belongs to.
pub(super) async fn session_of(
    collector: &Collector,
    headers: &HeaderMap,
) -> Result<SignedIn, ApiError> {
    let refused = || ApiError::new(ErrorCode::NotSignedIn, "sign in first");
    let token = token_from(headers).ok_or_else(refused)?;
    let now_ms = collector.clock.now_ms();
    let found = collector.store.session(token_hash(&token), now_ms).await?;
    let (session, person) = found.ok_or_else(refused)?;
    Ok(SignedIn {
        person,
        session,
        token,
    })
}

fn token_from(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(header::COOKIE).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| String::from(value))
}

/// The token is 256 random bits, so a plain hash is as good as a slow one.
pub(super) fn token_hash(token: &str) -> TokenHash {
    TokenHash(Sha256::digest(token).into())
}

/// `POST /api/v1/session`.
pub(super) async fn sign_in(
    State(collector): State<Arc<Collector>>,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let SignIn { email, password } = sign_in_from(body).await?;
    let email = email.trim().to_lowercase();
    let person = admitted(&collector, &parts, &email, password).await?;
    let cookie = begun(&collector, &parts.headers, &person, "").await?;
    let answer = describe(&collector, &person).await?;
    Ok(([(header::SET_COOKIE, cookie)], Json(answer)).into_response())
}

/// The cookie of a session that begins now in this browser, for the audit log to know of.
pub(super) async fn begun(
    collector: &Collector,
    headers: &HeaderMap,
    person: &Person,
    how: &str,
) -> Result<HeaderValue, ApiError> {
    let (session, token) = begin(collector, person.id)?;
    collector.store.open_session(session).await?;
    // What this browser had before lets nobody in any more, whoever has seen it.
    if let Some(before) = token_from(headers) {
        collector.store.close_session(token_hash(&before)).await?;
    }
    let who = Caller::person(person);
    let deed = Deed::new("session.begin", person.email.as_str()).with(how);
    collector.note(&who.actor, deed).await;
    Ok(cookie(collector, headers, &token, IDLE_MS))
}

/// A session that begins now, and what its cookie says.
pub(super) fn begin(
    collector: &Collector,
    person: PersonId,
) -> Result<(ConsoleSession, String), ApiError> {
    let mut token = [0; 32];
    getrandom::fill(&mut token).map_err(|error| ApiError::internal(&error))?;
    let token = hex(&token);
    let now_ms = collector.clock.now_ms();
    let session = ConsoleSession {
        token: token_hash(&token),
        person,
        created_ms: now_ms,
        expires_ms: now_ms + IDLE_MS,
    };
    Ok((session, token))
}

async fn sign_in_from(body: Body) -> Result<SignIn, ApiError> {
    let refused = |message: String| ApiError::new(ErrorCode::UnreadableBody, message);
    let body = to_bytes(body, MAX_SIGN_IN_BYTES)
        .await
        .map_err(|_| refused(String::from("the body is too long, or broke off")))?;
    // The position, not the text: it is a password.
    serde_json::from_slice(&body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        refused(format!(
            "the body is no sign-in: line {line}, column {column}"
        ))
    })
}

/// The person, if the password is theirs and nobody has guessed too often.
pub(super) async fn admitted(
    collector: &Collector,
    parts: &Parts,
    email: &str,
    password: String,
) -> Result<Person, ApiError> {
    let throttle = &collector.gate.throttle;
    let network = collector
        .turnstile
        .network(&parts.headers, &parts.extensions);
    let admitted = throttle.admit(email, network, collector.clock.now_ms());
    let attempt = admitted.map_err(ApiError::too_many_attempts)?;
    match person_with(collector, email, password).await {
        Ok(Some(person)) => {
            throttle.forgive(&attempt);
            Ok(person)
        }
        Ok(None) => Err(ApiError::new(
            ErrorCode::WrongCredentials,
            "e-mail address and password do not belong together",
        )),
        Err(error) => {
            // Our failure, and nobody's guess.
            throttle.take_back(&attempt);
            Err(error)
        }
    }
}

/// The person with this address and this password.
async fn person_with(
    collector: &Collector,
    email: &str,
    password: String,
) -> Result<Option<Person>, ApiError> {
    let person = collector.store.person(String::from(email)).await?;
    let hash = person.as_ref().map(|person| person.password_hash.clone());
    // Whoever has no password yet is as good as nobody.
    let hash = hash.filter(|hash| !hash.is_empty());
    let right = collector.gate.passwords.check(password, hash).await?;
    Ok(person.filter(|_| right))
}

/// `GET /api/v1/session`. The console asks at its start, and that counts as use.
pub(super) async fn read(
    State(collector): State<Arc<Collector>>,
    who: SignedIn,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let answer = Json(describe(&collector, &who.person).await?);
    let now_ms = collector.clock.now_ms();
    let expires_ms = (now_ms + IDLE_MS).min(who.session.created_ms + MAX_AGE_MS);
    if expires_ms < who.session.expires_ms + EXTEND_AFTER_MS {
        return Ok(answer.into_response());
    }
    let extended = collector
        .store
        .extend_session(who.session.token, expires_ms);
    extended.await?;
    let cookie = cookie(&collector, &headers, &who.token, expires_ms - now_ms);
    Ok(([(header::SET_COOKIE, cookie)], answer).into_response())
}

/// `DELETE /api/v1/session`.
pub(super) async fn sign_out(
    State(collector): State<Arc<Collector>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if let Some(token) = token_from(&headers) {
        collector.store.close_session(token_hash(&token)).await?;
    }
    let cookie = cookie(&collector, &headers, "", 0);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// The cookie's header, for the next `age_ms`.
pub(super) fn cookie(
    collector: &Collector,
    headers: &HeaderMap,
    token: &str,
    age_ms: u64,
) -> HeaderValue {
    let path = collector.base_path.with_slash();
    let seconds = age_ms / 1000;
    let secure = if is_https(collector, headers) {
        "; Secure"
    } else {
        ""
    };
    let cookie =
        format!("{COOKIE}={token}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    // Hexadecimal digits and a base path that was checked: always a header.
    HeaderValue::try_from(cookie).unwrap_or(HeaderValue::from_static(""))
}

/// Whether the browser speaks https, to us or to the proxy in front of us.
fn is_https(collector: &Collector, headers: &HeaderMap) -> bool {
    let forwarded = headers.get("x-forwarded-proto");
    let first = forwarded
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(',').next());
    match first {
        Some(scheme) => scheme.trim().eq_ignore_ascii_case("https"),
        None => collector
            .public_url
            .as_ref()
            .is_some_and(|url| url.is_https()),
    }
}

pub(super) async fn describe(collector: &Collector, person: &Person) -> Result<Session, ApiError> {
    let store = &collector.store;
    let projects = store.projects().await?;
    let project = projects.into_iter().find(|p| p.id == person.project);
    let sites = store.sites(person.project).await?;
    let surveys = store.surveys(person.project).await?;
    let budgets = InForce::of(&**store, person.project).await?;
    Ok(Session {
        email: person.email.clone(),
        timezone: budgets.budgets.timezone,
        role: person.role,
        project: project.map(|project| project.name).unwrap_or_default(),
        sites: sites
            .into_iter()
            .map(|site| Site {
                key: site.key,
                origins: site.origins,
            })
            .collect(),
        surveys: summaries(surveys),
    })
}

/// The newest version of each survey, by name.
fn summaries(published: Vec<PublishedSurvey>) -> Vec<SurveySummary> {
    let surveys = by_version(published);
    let newest = newest(&surveys).map(|(version, survey)| SurveySummary {
        id: survey.id.clone(),
        version,
        name: survey.name.clone(),
        is_feedback: matches!(survey.kind, SurveyKind::Feedback(_)),
        nps_question: nps_question(survey).map(|q| (q.id.clone(), title_of(survey, q))),
        scores: first_of_each_kind(survey),
    });
    let mut summaries: Vec<_> = newest.collect();
    summaries.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    summaries
}

/// The question as it is written in the survey's own language.
pub(super) fn title_of(survey: &Survey, question: &Question<LocalText>) -> String {
    survey::language::phrase(&question.title, &survey.language, &survey.language).text
}

/// Every question that asks for a score, in order. A feedback form has none: whoever opens one was not
/// asked.
pub(super) fn scored_questions(
    survey: &Survey,
) -> impl Iterator<Item = (Kind, &Question<LocalText>)> {
    let is_survey = !matches!(survey.kind, SurveyKind::Feedback(_));
    let questions = survey.questions.iter().filter(move |_| is_survey);
    questions.filter_map(|question| {
        let kind = match question.kind {
            QuestionKind::Nps { .. } => Kind::Nps,
            QuestionKind::Csat { .. } => Kind::Csat,
            QuestionKind::Ces { .. } => Kind::Ces,
            _ => return None,
        };
        Some((kind, question))
    })
}

fn first_of_each_kind(survey: &Survey) -> Vec<Scored> {
    let mut all: Vec<Scored> = Vec::new();
    for (kind, question) in scored_questions(survey) {
        if !all.iter().any(|one| one.kind == kind.as_str()) {
            all.push(Scored {
                kind: String::from(kind.as_str()),
                question: question.id.clone(),
                title: title_of(survey, question),
            });
        }
    }
    all
}

/// The question that the survey's score is about: the first on the NPS scale. A feedback form has
/// none: whoever opens one was not asked.
pub(super) fn nps_question(survey: &Survey) -> Option<&Question<LocalText>> {
    if matches!(survey.kind, SurveyKind::Feedback(_)) {
        return None;
    }
    let mut questions = survey.questions.iter();
    questions.find(|question| matches!(question.kind, QuestionKind::Nps { .. }))
}
