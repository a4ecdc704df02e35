//! Turns a screen into a form: how far it is, what is asked, buttons.

use protocol::survey::{Question, QuestionKind};
use protocol::text::Phrase;
use survey::walk::{Progress, is_last};
use web_sys::Event;

use super::{Scene, attach, ending, question};
use crate::bridge::Told;
use crate::dom::{El, el, icon};
use crate::flow::{Flow, Screen};
use crate::words::Word;

/// What is asked first, for people who hear that something has come.
pub(super) fn title(flow: &Flow) -> String {
    let content = flow.content();
    let intro = content.intro.as_ref().map(|intro| &intro.title);
    let title = match flow.screen() {
        Screen::Question(here) => content.questions.get(here).map(|asked| &asked.title),
        _ => intro.or_else(|| content.questions.first().map(|asked| &asked.title)),
    };
    title.map_or_else(String::new, |title| flow.piped(&title.text))
}

impl Scene {
    /// The screen that the person is at.
    pub(super) fn screen(&self) -> El {
        let form = el("form", "").set("novalidate", "");
        let body = el("div", "body");
        match self.flow(Flow::screen) {
            Screen::Ending(_) => ending::ending(self),
            Screen::Intro => {
                let body = self.intro(body, true);
                self.on_submit(&form, Box::new(Self::begin));
                form.add(&body).add(&self.foot(None, true))
            }
            Screen::Question(here) => {
                let content = self.content();
                let Some(asked) = content.questions.get(here) else {
                    return form;
                };
                let last = is_last(&content, here);
                let body = body
                    .maybe(self.head().as_ref())
                    .add(&question::question(self, asked, here, "title"));
                let body = if last {
                    attach::attach(self, body)
                } else {
                    body
                };
                self.on_submit(&form, Box::new(|on| on.go_on(false)));
                form.add(&body)
                    .maybe(self.alert().as_ref())
                    .add(&self.foot(Some(asked), last))
            }
            Screen::Together => {
                let body = self.all(body);
                self.on_submit(&form, Box::new(|on| on.go_on(false)));
                form.add(&body)
                    .maybe(self.alert().as_ref())
                    .add(&self.foot(None, true))
            }
        }
    }

    fn on_submit(&self, form: &El, act: Box<dyn Fn(&Self)>) {
        let on = self.clone();
        let heard = move |event: wasm_bindgen::JsValue| {
            wasm_bindgen::JsCast::unchecked_ref::<Event>(&event).prevent_default();
            act(&on);
        };
        self.on(form, "submit", Box::new(heard));
    }

    /// The headline and the text before the questions.
    fn intro(&self, body: El, alone: bool) -> El {
        let content = self.content();
        let intro = &content.intro;
        let (title, text) = match intro {
            Some(intro) => (self.phrase("h2", "", &intro.title), intro.text.as_ref()),
            None if alone => return body,
            None => (self.worded("h2", "", Word::Feedback), None),
        };
        let text = text.map(|text| self.phrase("p", "about", text));
        body.add(&title.set("id", "title").set("tabindex", "-1"))
            .maybe(text.as_ref())
    }

    fn all(&self, body: El) -> El {
        let mut body = self.intro(body, false);
        let content = self.content();
        for (here, asked) in content.questions.iter().enumerate() {
            let title = ["t", &crate::words::decimal(here)].concat();
            body = body.add(&question::question(self, asked, here, &title));
        }
        attach::attach(self, body)
    }

    /// Back, and how far the person is, when there is more than one question.
    fn head(&self) -> Option<El> {
        let content = self.content();
        let (look, n) = (&content.look, content.questions.len());
        let back = look.back && self.flow(|flow| flow.walk().can_go_back());
        let progress = self.flow(|flow| flow.walk().progress(flow.content()));
        let progress = progress.filter(|_| look.progress && n > 1);
        if !back && progress.is_none() {
            return None;
        }
        let mut head = self.chrome(el("div", "head"));
        if back {
            let name = self.word(Word::Back);
            let button = el("button", "back")
                .set("type", "button")
                .set("aria-label", &name);
            let button = button.add(&icon("M15 6l-6 6l6 6"));
            let on = self.clone();
            self.on(&button, "click", Box::new(move |_| on.back()));
            head = head.add(&button);
        }
        if let Some(progress) = progress {
            let (text, value, max) = self.words(|words| match progress {
                Progress::Step(n, of) => (words.with_of(Word::Progress, n, of), n, of),
                Progress::Share(n) => (words.with(Word::Share, n), n, 100),
            });
            let bar = el("progress", "")
                .set("aria-label", &text)
                .set("value", &crate::words::decimal(value))
                .set("max", &crate::words::decimal(max));
            let bar = bar.set("aria-valuetext", &text);
            head = head
                .add(&el("span", "").set("aria-hidden", "true").text(&text))
                .add(&bar);
        }
        Some(head)
    }

    /// That a feedback form was refused, and is back with everything in it.
    fn alert(&self) -> Option<El> {
        let refused = self.with(|inner| inner.refused);
        refused.then(|| self.worded("p", "alert", Word::Kept).set("role", "alert"))
    }

    /// Mark and buttons.
    fn foot(&self, asked: Option<&Question<Phrase>>, last: bool) -> El {
        let mut foot = el("div", "foot").maybe(self.mark().as_ref());
        let first = self.flow(|flow| !flow.walk().can_go_back());
        let content = self.content();
        if first && content.look.snooze {
            let on = self.clone();
            let later = self.button("quiet", "button", None, Word::Later);
            self.on(
                &later,
                "click",
                Box::new(move |_| on.tell(Told::Snoozed, "")),
            );
            foot = foot.add(&later);
        }
        let statement = matches!(
            asked.map(|asked| &asked.kind),
            Some(QuestionKind::Statement { .. })
        );
        if asked.is_some_and(|asked| !asked.required) && !statement {
            let on = self.clone();
            let skip = self.button("quiet", "button", None, Word::Skip);
            self.on(&skip, "click", Box::new(move |_| on.go_on(true)));
            foot = foot.add(&skip);
        }
        let together = self.flow(Flow::screen) == Screen::Together;
        let word = match asked {
            None if !together => Word::Start,
            Some(_) if !last => Word::Next,
            Some(_) if statement => Word::Done,
            _ => Word::Send,
        };
        let label = match asked {
            None => content
                .intro
                .as_ref()
                .and_then(|intro| intro.button.as_ref()),
            Some(asked) => asked.button.as_ref(),
        };
        foot.add(&self.button("go", "submit", label, word))
    }

    /// The quiet mark, when the survey wears it.
    pub(super) fn mark(&self) -> Option<El> {
        let worn = self.content().look.mark;
        worn.then(|| {
            el("span", ui::MARK_CLASS)
                .set("translate", "no")
                .text(ui::NAME)
        })
    }
}
