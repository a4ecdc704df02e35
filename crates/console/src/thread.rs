//! Turns pages of comments that arrive at different times into one list without holes or repeats.

use protocol::query::{Comment, Comments};

/// The comments that are on screen, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thread {
    /// What is shown.
    pub items: Vec<Comment>,
    /// Where older ones go on, when there are any.
    pub next: Option<String>,
}

impl Thread {
    /// Takes the newest page, asked for again, and keeps what was loaded beyond it.
    ///
    /// When nothing of the old list is on the new page, comments may lie between them that were
    /// never loaded; then the new page stands alone.
    #[must_use]
    pub fn refreshed(&self, newest: Self) -> Self {
        let Some(last) = newest.items.last() else {
            return newest;
        };
        // A comment that was revised has moved, and says nothing of what lies around it.
        let is_last = |c: &Comment| same(c, last) && c.at_ms == last.at_ms;
        let beyond = match self.items.iter().position(is_last) {
            Some(at) => &self.items[at + 1..],
            None => &[],
        };
        if beyond.is_empty() {
            return newest;
        }
        Self {
            // A revision moves a comment up: it may be on the new page and further down as well.
            items: with_unseen(newest.items, beyond.iter().cloned()),
            next: self.next.clone(),
        }
    }

    /// Adds the page that `next` led to.
    #[must_use]
    pub fn extended(&self, older: Comments) -> Self {
        Self {
            items: with_unseen(self.items.clone(), older.items),
            next: older.next,
        }
    }

    /// The question that all of them answer, when it is one and the same.
    pub fn common_prompt(&self) -> Option<&str> {
        let first = self.items.first()?.prompt.as_str();
        self.items
            .iter()
            .all(|c| c.prompt == first)
            .then_some(first)
    }
}

impl From<Comments> for Thread {
    fn from(page: Comments) -> Self {
        Self {
            items: page.items,
            next: page.next,
        }
    }
}

/// `shown` and, after them, those of `more` that are not among them.
fn with_unseen(mut shown: Vec<Comment>, more: impl IntoIterator<Item = Comment>) -> Vec<Comment> {
    for new in more {
        if !shown.iter().any(|old| same(old, &new)) {
            shown.push(new);
        }
    }
    shown
}

/// Whether both are the answer to one question in one response, perhaps in two revisions.
fn same(a: &Comment, b: &Comment) -> bool {
    a.response == b.response && a.prompt == b.prompt
}

#[cfg(test)]
mod tests {
    use protocol::id::ResponseId;

    use super::*;

    fn comment(at: u64) -> Comment {
        Comment {
            survey: "nps".to_owned(),
            response: ResponseId::new(at, &[0; 10]),
            prompt: "Why?".to_owned(),
            text: format!("at {at}"),
            score: None,
            attachments: Vec::new(),
            page_url: "https://shop.example/".to_owned(),
            language: "en".to_owned(),
            at_ms: at,
        }
    }

    fn page(times: &[u64], next: Option<&str>) -> Comments {
        Comments {
            dropped: Vec::new(),
            items: times.iter().copied().map(comment).collect(),
            next: next.map(str::to_owned),
        }
    }

    fn check(thread: &Thread, times: &[u64], next: Option<&str>) {
        let shown: Vec<u64> = thread.items.iter().map(|c| c.at_ms).collect();
        assert_eq!((shown.as_slice(), thread.next.as_deref()), (times, next));
    }

    #[test]
    fn older_pages_are_added_at_the_end() {
        let thread = Thread::from(page(&[9, 8], Some("8")));
        check(&thread.extended(page(&[7, 6], None)), &[9, 8, 7, 6], None);
    }

    #[test]
    fn a_comment_is_never_shown_twice() {
        let thread = Thread::from(page(&[9, 8], Some("8")));
        check(&thread.extended(page(&[8, 7], None)), &[9, 8, 7], None);
    }

    #[test]
    fn new_ones_come_on_top_and_loaded_ones_stay() {
        let thread = Thread::from(page(&[9, 8], Some("8"))).extended(page(&[7, 6], Some("6")));
        check(
            &thread.refreshed(page(&[10, 9], Some("9")).into()),
            &[10, 9, 8, 7, 6],
            Some("6"),
        );
    }

    #[test]
    fn a_comment_that_was_revised_moves_up() {
        let thread = Thread::from(page(&[9, 8, 7, 6], Some("6")));
        let mut newest = Thread::from(page(&[10, 9], Some("9")));
        newest.items[0].response = comment(6).response;
        check(&thread.refreshed(newest), &[10, 9, 8, 7], Some("6"));
    }

    #[test]
    fn a_gap_is_not_papered_over() {
        let thread = Thread::from(page(&[9, 8], Some("8"))).extended(page(&[7, 6], Some("6")));
        check(
            &thread.refreshed(page(&[20, 19], Some("19")).into()),
            &[20, 19],
            Some("19"),
        );
    }

    #[test]
    fn a_revised_comment_does_not_hide_a_gap() {
        let thread = Thread::from(page(&[9, 8, 7, 6], Some("6")));
        let mut newest = Thread::from(page(&[10], Some("10")));
        newest.items[0].response = comment(7).response;
        check(&thread.refreshed(newest), &[10], Some("10"));
    }

    #[test]
    fn an_emptied_list_is_empty() {
        let thread = Thread::from(page(&[9], None));
        check(&thread.refreshed(page(&[], None).into()), &[], None);
    }

    #[test]
    fn one_question_is_said_once() {
        let mut thread = Thread::from(page(&[9, 8], None));
        assert_eq!(thread.common_prompt(), Some("Why?"));
        thread.items[1].prompt = "What else?".to_owned();
        assert_eq!(thread.common_prompt(), None);
    }
}
