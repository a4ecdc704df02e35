//! Turns keys that are pressed into what pages registered for them, and knows all of them for `?`.

use std::sync::Arc;

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::browser;

/// Between the two keys of one that has two, such as `g s`.
const PAUSE_MS: u64 = 1_200;

/// Where a key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// On every page.
    Everywhere,
    /// On the page that registered it.
    Here,
}

/// One key, or two after each other, and what it does.
#[derive(Clone)]
pub struct Bound {
    /// As [`KeyboardEvent::key`] calls it: `j`, `Enter`, `?`; `g s` are two; `Mod+k` is Ctrl or Cmd.
    pub keys: &'static str,
    /// What it does, for people.
    pub what: String,
    /// Where it works.
    pub reach: Reach,
    id: u64,
    act: Arc<dyn Fn() + Send + Sync>,
}

impl core::fmt::Debug for Bound {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.keys, self.what)
    }
}

/// All keys that do something now: one per page, in the context.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    /// In the order in which they were registered.
    pub bound: RwSignal<Vec<Bound>>,
    next: StoredValue<u64>,
    typed: StoredValue<Typed>,
    /// What was typed for a field that is not here yet; absent while nobody waits for one.
    early: StoredValue<Option<String>>,
}

/// Lets `keys` do something as long as the current component is there. Nothing happens while somebody
/// types into a field, or while a dialog is open.
pub fn on_key(keys: &'static str, what: impl Into<String>, act: impl Fn() + Send + Sync + 'static) {
    expect_context::<Keys>().bind(keys, what.into(), Reach::Here, Arc::new(act));
}

/// The same for what is there on every page.
pub(super) fn on_key_everywhere(
    keys: &'static str,
    what: impl Into<String>,
    act: impl Fn() + Send + Sync + 'static,
) {
    expect_context::<Keys>().bind(keys, what.into(), Reach::Everywhere, Arc::new(act));
}

impl Keys {
    pub(super) fn new() -> Self {
        Self {
            bound: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            typed: StoredValue::new(Typed::default()),
            early: StoredValue::new(None),
        }
    }

    /// Keeps what is typed from now on for a field that is about to be there, as that of the palette is.
    pub(crate) fn await_field(self) {
        if !is_open("dialog[open]") {
            self.early.set_value(Some(String::new()));
        }
    }

    /// What was typed since; no more is kept.
    pub(crate) fn typed_early(self) -> String {
        let typed = self.early.try_update_value(Option::take);
        typed.flatten().unwrap_or_default()
    }

    /// Whether `key` was kept for a field.
    fn keep(self, key: &str) -> bool {
        let kept = self.early.try_update_value(|early| {
            let Some(text) = early else { return false };
            match key {
                "Escape" => *early = None,
                "Backspace" => drop(text.pop()),
                _ if key.chars().count() == 1 => text.push_str(key),
                _ => return false,
            }
            true
        });
        kept.unwrap_or(false)
    }

    fn bind(
        self,
        keys: &'static str,
        what: String,
        reach: Reach,
        act: Arc<dyn Fn() + Send + Sync>,
    ) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.bound.update(|bound| {
            bound.push(Bound {
                keys,
                what,
                reach,
                id,
                act,
            });
        });
        on_cleanup(move || {
            self.bound
                .try_update(|bound| bound.retain(|one| one.id != id));
        });
    }

    pub(super) fn listen(self) {
        let handle = window_event_listener(ev::keydown, move |event| self.hear(&event));
        on_cleanup(move || handle.remove());
    }

    fn hear(self, event: &KeyboardEvent) {
        if event.default_prevented() || event.is_composing() {
            return;
        }
        let (has_mod, has_other) = match browser::is_mac() {
            true => (event.meta_key(), event.ctrl_key()),
            false => (event.ctrl_key(), event.meta_key()),
        };
        // What is pressed with these is the browser's or the system's: Ctrl+Shift+Z does again.
        if has_other || event.alt_key() || (has_mod && event.shift_key()) {
            return;
        }
        // Ctrl+K is for everywhere, also for fields; Ctrl+Z in a field is the field's.
        let is_busy = is_typing(event) || is_open("dialog[open]");
        if !has_mod && !is_busy && self.keep(&event.key()) {
            event.prevent_default();
            return;
        }
        // Over the palette nothing else opens, and the palette over nothing else.
        if is_open("dialog[open]:not(.palette)") {
            return;
        }
        let key = named(&event.key(), event.shift_key());
        if is_busy && !(has_mod && key == "k") {
            return;
        }
        let known = self
            .bound
            .with_untracked(|bound| bound.iter().map(|one| one.keys).collect::<Vec<_>>());
        // What has the keyboard is operated by this one itself.
        if key == "Enter" && is_in(event, "a[href], button, summary") {
            return;
        }
        let found = self
            .typed
            .try_update_value(|typed| typed.press(&key, has_mod, browser::now_ms(), &known));
        if let Some(Some(keys)) = found {
            event.prevent_default();
            let act = self.bound.with_untracked(|bound| {
                let newest = bound.iter().rev().find(|one| one.keys == keys);
                newest.map(|one| Arc::clone(&one.act))
            });
            if let Some(act) = act {
                act();
            }
        }
    }
}

/// A key by the name that it has without Caps Lock.
fn named(key: &str, has_shift: bool) -> String {
    match (key.chars().count(), has_shift) {
        (1, true) => key.to_uppercase(),
        (1, false) => key.to_lowercase(),
        _ => key.to_owned(),
    }
}

fn is_typing(event: &KeyboardEvent) -> bool {
    let fields = "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, \
                  [contenteditable], [role=textbox], fh-code, fh-preview";
    is_in(event, fields)
}

fn is_in(event: &KeyboardEvent, what: &str) -> bool {
    let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    target.is_some_and(|element| element.closest(what).ok().flatten().is_some())
}

fn is_open(dialog: &str) -> bool {
    let open = document().query_selector(dialog);
    open.ok().flatten().is_some()
}

/// What was pressed before, if it can begin something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Typed {
    first: String,
    at_ms: u64,
}

impl Typed {
    /// Takes one key; answers with the registered one that it completes.
    fn press(
        &mut self,
        key: &str,
        has_mod: bool,
        now_ms: u64,
        known: &[&'static str],
    ) -> Option<&'static str> {
        let first = core::mem::take(&mut self.first);
        let is_soon = now_ms.saturating_sub(self.at_ms) <= PAUSE_MS;
        let find = |keys: &str| known.iter().copied().find(|one| *one == keys);
        if has_mod {
            return find(&format!("Mod+{key}"));
        }
        if !first.is_empty()
            && is_soon
            && let Some(found) = find(&format!("{first} {key}"))
        {
            return Some(found);
        }
        let begins = |one: &&str| one.split_once(' ').is_some_and(|(begin, _)| begin == key);
        if known.iter().any(begins) {
            (self.first, self.at_ms) = (String::from(key), now_ms);
            return None;
        }
        find(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 5] = ["g s", "g p", "s", "?", "Mod+k"];

    /// Presses keys with so many milliseconds before each.
    fn check(pressed: &[(u64, &str)], expect: &[Option<&str>]) {
        let mut typed = Typed::default();
        let mut now = 1_000_000;
        let found: Vec<_> = pressed
            .iter()
            .map(|(pause, key)| {
                now += pause;
                let (key, has_mod) = match key.strip_prefix("Mod+") {
                    Some(key) => (key, true),
                    None => (*key, false),
                };
                typed.press(key, has_mod, now, &KNOWN)
            })
            .collect();
        assert_eq!(found, expect, "{pressed:?}");
    }

    #[test]
    fn two_keys_are_one_when_they_follow_soon() {
        check(&[(0, "g"), (300, "s")], &[None, Some("g s")]);
        check(&[(0, "g"), (5_000, "s")], &[None, Some("s")]);
        check(
            &[(0, "g"), (10, "g"), (10, "p")],
            &[None, None, Some("g p")],
        );
        check(&[(0, "s"), (0, "s")], &[Some("s"), Some("s")]);
    }

    #[test]
    fn what_nobody_registered_does_nothing_and_begins_nothing() {
        check(&[(0, "x"), (10, "s")], &[None, Some("s")]);
        check(&[(0, "g"), (10, "x"), (10, "s")], &[None, None, Some("s")]);
    }

    #[test]
    fn caps_lock_changes_nothing() {
        let check = |key, has_shift, expect: &str| assert_eq!(named(key, has_shift), expect);
        check("j", false, "j");
        check("J", false, "j");
        check("X", true, "X");
        check("x", true, "X");
        check("?", true, "?");
        check("Enter", false, "Enter");
    }

    #[test]
    fn with_a_modifier_a_key_is_another() {
        check(&[(0, "Mod+k")], &[Some("Mod+k")]);
        check(&[(0, "Mod+s"), (0, "k")], &[None, None]);
        check(
            &[(0, "g"), (10, "Mod+s"), (10, "s")],
            &[None, None, Some("s")],
        );
    }
}
