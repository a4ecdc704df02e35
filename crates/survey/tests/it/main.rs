//! Turns rules, visits and memories into decisions, and checks each of them.

mod eligibility;
mod flow;
mod publish;

use protocol::config::{DisplayRule, SurveyRule};
use protocol::item::SurveyRef;
use protocol::survey::{Question, QuestionKind};

fn rule(id: &str, show: DisplayRule) -> SurveyRule {
    SurveyRule {
        survey: SurveyRef {
            id: id.to_owned(),
            version: 1,
        },
        show,
    }
}

fn question(id: &str, required: bool, kind: QuestionKind) -> Question {
    Question {
        id: id.to_owned(),
        title: format!("About {id}?"),
        description: None,
        required,
        kind,
    }
}

fn nps() -> QuestionKind {
    QuestionKind::Nps {
        low: "Not at all likely".to_owned(),
        high: "Extremely likely".to_owned(),
    }
}
