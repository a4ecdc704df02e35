//! Turns bodies in the wire's own types into the rows that a store keeps.

use std::borrow::Cow;
use std::collections::BTreeMap;

use protocol::item::{Answer, AnswerValue, Chosen, Dismissal, Impression, Response, SurveyRef};
use protocol::limits::{MAX_ATTACHMENTS, MAX_LABEL_CHARS, MAX_TEXT_CHARS, MAX_URL_CHARS};
use protocol::survey::{QuestionKind, Survey, SurveyKind};
use store::{
    Body, DismissalRow, ImpressionRow, NewAnswer, NewOption, NewValue, ResponseRow, Scale,
};

use super::identity::{entries, respondent};
use super::scrub;
use super::validate::CheckedBody;
use crate::sites::SiteView;

/// Characters of a language tag. RFC 5646 asks for room for 35; private use may be longer.
const MAX_LANGUAGE_CHARS: usize = 64;

/// The row of a body that was checked against the surveys of `site`.
pub(super) fn body(checked: CheckedBody, site: &SiteView) -> Body {
    match checked {
        CheckedBody::Impression(shown) => Body::Impression(impression_row(shown, site)),
        CheckedBody::Response(response) => Body::Response(Box::new(response_row(*response, site))),
        CheckedBody::Dismissal(closed) => Body::Dismissal(dismissal_row(closed)),
        CheckedBody::Latency(report) => Body::Latency(report),
    }
}

fn is_feedback(site: &SiteView, survey: &SurveyRef) -> bool {
    let survey = site.survey(survey);
    survey.is_some_and(|survey| matches!(survey.kind, SurveyKind::Feedback(_)))
}

fn impression_row(shown: Impression, site: &SiteView) -> ImpressionRow {
    ImpressionRow {
        feedback: is_feedback(site, &shown.survey),
        survey: shown.survey,
    }
}

fn dismissal_row(closed: Dismissal) -> DismissalRow {
    DismissalRow {
        survey: closed.survey,
        response: closed.response,
        reason: closed.reason,
    }
}

fn response_row(response: Response, site: &SiteView) -> ResponseRow {
    let survey = site.survey(&response.survey);
    let answers = response.answers.into_iter();
    let answers = answers.map(|answer| new_answer(answer, survey)).collect();
    ResponseRow {
        feedback: is_feedback(site, &response.survey),
        survey: response.survey,
        response: response.response,
        revision: response.revision,
        complete: response.complete,
        answers,
        page_url: plain(&page_url(response.page.url), MAX_URL_CHARS),
        language: plain(&response.page.language, MAX_LANGUAGE_CHARS),
        respondent: response
            .person
            .map(|person| respondent(person, site.secret.as_ref())),
        attachments: response
            .attachments
            .into_iter()
            .take(MAX_ATTACHMENTS)
            .collect(),
        context: scrubbed(entries(response.context)),
        latency: response.latency,
    }
}

fn new_answer(answer: Answer, survey: Option<&Survey>) -> NewAnswer {
    let score = |scale, points| NewValue::Score { scale, points };
    let value = match answer.value {
        AnswerValue::Nps(points) => NewValue::nps(points),
        AnswerValue::Csat(points) => score(Scale::Csat, points),
        AnswerValue::Ces(points) => score(Scale::Ces, points),
        AnswerValue::Rating(points) => {
            // A rating that was checked has a question; without one, it is at least on this scale.
            let top = survey.and_then(|survey| top_of(survey, &answer.question));
            score(Scale::Rating(top.unwrap_or(points)), points)
        }
        AnswerValue::Choice(chosen) => choice(chosen),
        AnswerValue::Text(text) => NewValue::Text(text),
        AnswerValue::Consent(_) => NewValue::Consent,
        AnswerValue::Reaction(reaction) => NewValue::Reaction(reaction),
        AnswerValue::Skipped => NewValue::Skipped,
    };
    NewAnswer {
        question: answer.question,
        prompt: cut(answer.prompt, MAX_TEXT_CHARS),
        value,
        off_path: answer.off_path,
    }
}

/// The highest step of a rating.
fn top_of(survey: &Survey, question: &str) -> Option<u8> {
    let mut questions = survey.questions.iter();
    match questions.find(|known| known.id == question)?.kind {
        QuestionKind::Rating { max, .. } => Some(max),
        _ => None,
    }
}

fn choice(chosen: Chosen) -> NewValue {
    let options = chosen.options.into_iter().map(|option| NewOption {
        id: option.id,
        label: cut(option.label, MAX_LABEL_CHARS),
    });
    NewValue::Choice {
        options: options.collect(),
        other: chosen.other,
    }
}

/// A copy of what was shown, as far as it can be kept: an answer put into a title may make it long.
fn cut(mut text: String, max_chars: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(max_chars) {
        text.truncate(end);
    }
    text
}

/// What a form attaches, without what nobody was asked for.
fn scrubbed(mut context: BTreeMap<String, String>) -> BTreeMap<String, String> {
    for value in context.values_mut() {
        if let Cow::Owned(scrubbed) = scrub::value(value) {
            *value = scrubbed;
        }
    }
    context
}

/// Origin and path, without what nobody was asked for.
fn page_url(url: String) -> String {
    match scrub::url(&origin_and_path(url)) {
        Cow::Borrowed(same) => String::from(same),
        Cow::Owned(scrubbed) => scrubbed,
    }
}

/// Cuts what the SDK would not have sent: query and fragment may hold secrets.
fn origin_and_path(mut url: String) -> String {
    if let Some(end) = url.find(['?', '#']) {
        url.truncate(end);
    }
    url
}

/// What a page says of itself, as far as it can be kept: an odd page does not cost the answer.
fn plain(text: &str, max_chars: usize) -> String {
    let kept = text.chars().filter(|c| !c.is_control());
    kept.take(max_chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_cut_between_characters() {
        let check = |text: &str, expected| assert_eq!(cut(text.into(), 2), expected);
        check("", "");
        check("éé", "éé");
        check("ééé", "éé");
    }

    #[test]
    fn a_page_is_origin_and_path() {
        let check = |url: &str, expected| assert_eq!(origin_and_path(url.into()), expected);
        check(
            "https://shop.example/cart?token=1#top",
            "https://shop.example/cart",
        );
        check("https://shop.example/#/cart", "https://shop.example/");
        check("https://shop.example/", "https://shop.example/");
    }
}
