//! Turns a view that holds, and another that is asked for, into what both of them show.

use super::coding;
use super::{ScoreRange, View};

/// Names of a view's parameters, traits apart.
const NAMES: [&str; 19] = [
    "survey", "question", "days", "from", "to", "status", "tag", "assignee", "score", "page",
    "device", "browser", "language", "country", "version", "has", "is", "q", "trait",
];

impl View {
    /// This view with whatever `asked` leaves out besides: never more than this. Where both say one thing
    /// and no answer could fit both, this one holds.
    ///
    /// What the page says of people, who looks after something and what it has beside words are not shown
    /// to whoever is held to a view. Filters by them would tell by how much is left: none is added.
    #[must_use]
    pub fn narrowed(&self, asked: &Self) -> Self {
        fn either<T: Clone>(held: &Option<T>, asked: &Option<T>) -> Option<T> {
            held.clone().or_else(|| asked.clone())
        }
        fn among<T: Copy + PartialEq>(held: &[T], asked: &[T]) -> Vec<T> {
            if held.is_empty() {
                return asked.to_vec();
            }
            let both: Vec<T> = held
                .iter()
                .copied()
                .filter(|one| asked.contains(one))
                .collect();
            if both.is_empty() { held.to_vec() } else { both }
        }
        fn all<T: Clone + PartialEq>(held: &[T], asked: &[T]) -> Vec<T> {
            let more = asked.iter().filter(|one| !held.contains(one));
            held.iter().chain(more).cloned().collect()
        }
        let (from_ms, to_ms) = self.span_within(asked);
        Self {
            survey: either(&self.survey, &asked.survey),
            question: either(&self.question, &asked.question),
            days: lesser(self.days, asked.days),
            from_ms,
            to_ms,
            status: among(&self.status, &asked.status),
            tags: all(&self.tags, &asked.tags),
            assignee: self.assignee.clone(),
            score: overlap(self.score, asked.score),
            page: either(&self.page, &asked.page),
            device: either(&self.device, &asked.device),
            browser: either(&self.browser, &asked.browser),
            language: either(&self.language, &asked.language),
            country: either(&self.country, &asked.country),
            version: either(&self.version, &asked.version),
            traits: self.traits.clone(),
            has: self.has.clone(),
            // What is kept aside is asked for by name, and counts nowhere: no visitor adds it.
            aside: self.aside.clone(),
            words: all(&self.words, &asked.words),
        }
    }

    /// From when and until when both show something. Where no moment is left this one's: an empty span
    /// would be read again as one without an end.
    fn span_within(&self, asked: &Self) -> (Option<u64>, Option<u64>) {
        let from_ms = self.from_ms.max(asked.from_ms);
        let to_ms = lesser(self.to_ms, asked.to_ms);
        match (from_ms, to_ms) {
            (Some(from), Some(to)) if from >= to => (self.from_ms, self.to_ms),
            span => span,
        }
    }

    /// The query string of [`View::narrowed`], with whatever else `asked` says. Days in words mean nothing
    /// here: a view that holds says milliseconds.
    pub fn narrowed_query(held: &str, asked: &str) -> String {
        let view_of = |query: &str| Self::parse(query, &[], |_| None).view;
        view_of(held).narrowed(&view_of(asked)).with_rest_of(asked)
    }

    /// The query string of this view, with whatever in `query` is no parameter of a view.
    pub fn with_rest_of(&self, query: &str) -> String {
        self.with_rest_but(query, &[])
    }

    /// As [`View::with_rest_of`], without parameters of these names.
    pub fn with_rest_but(&self, query: &str, names: &[&str]) -> String {
        let mut text = self.to_string();
        for (name, value) in coding::pairs(query) {
            if !is_of_a_view(&name) && !names.contains(&&*name) {
                coding::push(&mut text, &name, &value);
            }
        }
        text
    }
}

/// What a query about performance asks within one that holds: over no other stretch of time than that says.
pub fn within_window(held: &str, asked: &str) -> String {
    let held = View::parse(held, &["window"], |_| None).others;
    let Some(window) = held.get("window") else {
        return String::from(asked);
    };
    let mut query = View::default().with_rest_but(asked, &["window"]);
    coding::push(&mut query, "window", window);
    query
}

fn is_of_a_view(name: &str) -> bool {
    NAMES.contains(&name) || name.starts_with("trait.")
}

fn lesser<T: Ord>(held: Option<T>, asked: Option<T>) -> Option<T> {
    match (held, asked) {
        (Some(held), Some(asked)) => Some(held.min(asked)),
        (held, asked) => held.or(asked),
    }
}

fn overlap(held: Option<ScoreRange>, asked: Option<ScoreRange>) -> Option<ScoreRange> {
    let (Some(one), Some(other)) = (held, asked) else {
        return held.or(asked);
    };
    let least = one.least.max(other.least);
    let most = one.most.min(other.most);
    Some(if least <= most {
        ScoreRange { least, most }
    } else {
        one
    })
}

#[cfg(test)]
mod tests {
    use super::{View, within_window};

    #[track_caller]
    fn check(held: &str, asked: &str, expected: &str) {
        assert_eq!(
            View::narrowed_query(held, asked),
            expected,
            "{held} / {asked}"
        );
    }

    #[test]
    fn a_visitor_adds_and_never_takes_away() {
        check("survey=nps&days=28", "", "survey=nps&days=28");
        check(
            "survey=nps&days=28",
            "survey=csat&days=90",
            "survey=nps&days=28",
        );
        check(
            "survey=nps&days=28",
            "days=7&device=mobile",
            "survey=nps&days=7&device=mobile",
        );
        check("from=10&to=20", "from=5&to=30", "from=10&to=20");
        check("from=10&to=20", "from=12&to=15", "from=12&to=15");
        // Nothing that is asked for beyond an end takes that end away.
        check("from=10&to=20", "from=20", "from=10&to=20");
        check("from=10&to=20", "from=25", "from=10&to=20");
        check("from=10&to=20", "to=10", "from=10&to=20");
        check("from=10&to=20", "to=5", "from=10&to=20");
        check("to=20", "from=25", "to=20");
        check("from=10", "to=5", "from=10");
        check("score=0-6", "score=9-10", "score=0-6");
        check("score=0-6", "score=5-10", "score=5-6");
        check(
            "status=new,planned",
            "status=planned,shipped",
            "status=planned",
        );
        check("status=new", "status=shipped", "status=new");
        check("tag=a", "tag=b", "tag=a&tag=b");
        check(
            "trait.plan=pro",
            "trait.plan=free&trait.size=big",
            "trait.plan=pro",
        );
        check("", "trait.email=ada@shop.example", "");
        check("", "q=trait.email:ada@shop.example", "");
        check("has=image", "has=note", "has=image");
        check(
            "assignee=none",
            "assignee=ada@shop.example",
            "assignee=none",
        );
        check("", "assignee=ada@shop.example", "");
        check("", "is=spam", "");
        check("q=slow", "q=checkout", "q=slow+checkout");
    }

    #[test]
    fn what_is_not_of_a_view_stays() {
        check(
            "days=28",
            "compare=before&limit=5",
            "days=28&compare=before&limit=5",
        );
        let view = View::parse("days=28", &[], |_| None).view;
        assert_eq!(
            view.with_rest_but("kind=csat&limit=5&kind=ces", &["kind"]),
            "days=28&limit=5"
        );
    }

    #[track_caller]
    fn check_window(held: &str, asked: &str, expected: &str) {
        assert_eq!(within_window(held, asked), expected, "{held} / {asked}");
    }

    #[test]
    fn a_stretch_of_time_that_is_held_is_no_other() {
        check_window("", "window=90d", "window=90d");
        check_window("window=7d", "", "window=7d");
        check_window("window=7d", "window=90d", "window=7d");
        check_window(
            "window=2026-11",
            "a=1&window=1h&window=90d",
            "a=1&window=2026-11",
        );
    }
}
