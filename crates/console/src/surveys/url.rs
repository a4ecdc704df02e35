//! Turns the addresses of pages about surveys into what they show, and back.

use protocol::query::surveys::State;

use crate::scores_url::Span;
use crate::view_url::{Reader, View, Writer};

/// What a path below `surveys` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// All of them.
    Board,
    /// The one with this slug.
    Desk(String),
    /// The same, to be tried.
    Try(String),
}

impl Place {
    /// Reads a path below the console's base; none where there is no page.
    pub fn of(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("surveys")?;
        match rest.trim_matches('/').split('/').collect::<Vec<_>>()[..] {
            [""] => Some(Self::Board),
            [id] => Some(Self::Desk(String::from(id))),
            [id, "try"] => Some(Self::Try(String::from(id))),
            _ => None,
        }
    }
}

/// A link to one survey.
pub fn desk(id: &str) -> String {
    format!("surveys/{id}")
}

/// What the list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardUrl {
    /// Only surveys in this state; all unless told.
    pub state: Option<State>,
    /// What is counted.
    pub span: Span,
}

impl View for BoardUrl {
    fn read(from: &mut Reader) -> Self {
        Self {
            state: from.take("state", State::from_name),
            span: from.take("days", Span::parse).unwrap_or(Span::DEFAULT),
        }
    }

    fn write(&self, to: &mut Writer) {
        to.put("state", self.state.map(State::as_str));
        if self.span != Span::DEFAULT {
            let days = self.span.days().map(|days| days.to_string());
            to.put("days", Some(days.as_deref().unwrap_or("all")));
        }
    }
}

/// What is shown beside the editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeskUrl {
    /// The version that is compared with what is in the editor.
    pub version: Option<u32>,
}

impl View for DeskUrl {
    fn read(from: &mut Reader) -> Self {
        Self {
            version: from.take("version", |text| text.parse().ok()),
        }
    }

    fn write(&self, to: &mut Writer) {
        let version = self.version.map(|version| version.to_string());
        to.put("version", version.as_deref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, expected: &Option<Place>) {
        assert_eq!(&Place::of(path), expected, "{path}");
    }

    #[test]
    fn paths_name_places() {
        check("surveys", &Some(Place::Board));
        check("surveys/nps", &Some(Place::Desk("nps".into())));
        check("surveys/nps/try", &Some(Place::Try("nps".into())));
        check("surveys/nps/x", &None);
        check("scores", &None);
    }

    #[test]
    fn what_is_usual_is_not_in_a_link() {
        let url = |state, span| BoardUrl { state, span }.link("surveys");
        assert_eq!(url(None, Span::DEFAULT), "surveys");
        assert_eq!(
            url(Some(State::Paused), Span::All),
            "surveys?state=paused&days=all"
        );
        assert_eq!(
            DeskUrl { version: Some(3) }.link(&desk("nps")),
            "surveys/nps?version=3"
        );
    }
}
