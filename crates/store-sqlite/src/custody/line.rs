//! Turns the line of an item into who and what it names.

use protocol::id::{AttachmentId, ResponseId};
use serde::Deserialize;

/// What a line names, as far as it says so. A line that cannot be read names nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Named {
    /// The response that it is a revision of, or that was under way.
    #[serde(default)]
    pub(super) response: Option<ResponseId>,
    #[serde(default)]
    person: Option<Person>,
    /// Images.
    #[serde(default)]
    pub(super) attachments: Vec<AttachmentId>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
struct Person {
    #[serde(default)]
    id: String,
}

#[derive(Default, Deserialize)]
struct Line {
    #[serde(default)]
    p: Named,
}

impl Named {
    pub(super) fn from_line(line: &str) -> Self {
        let line: Result<Line, _> = serde_json::from_str(line);
        line.unwrap_or_default().p
    }

    /// The page's own id of the person that it names.
    pub(super) fn person(&self) -> Option<&str> {
        let person = self.person.as_ref()?;
        (!person.id.is_empty()).then_some(&*person.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_whom_it_names() {
        let check = |line: &str, person, is_of_response| {
            let named = Named::from_line(line);
            assert_eq!(named.person(), person, "{line}");
            assert_eq!(named.response.is_some(), is_of_response, "{line}");
        };
        let response = r#"{"id":"x","p":{"response":"01936f7e-0000-7000-8000-000000000001",
            "person":{"id":"\u00e9va","traits":{}},"more":[1]}}"#;
        check(response, Some("éva"), true);
        check(r#"{"p":{"person":{"id":""}}}"#, None, false);
        check(r#"{"p":{"person":null,"response":null}}"#, None, false);
        check("no JSON", None, false);
        check(r#"{"p":{"person":7}}"#, None, false);
    }
}
