//! Turns what is being written into what people will see of it, and into who would have seen it.

use leptos::{ev, prelude::*};
use protocol::query::surveys::State;
use wasm_bindgen::JsValue;
use web_sys::CustomEvent;

use crate::surveys::bench::Bench;
use crate::surveys::url::desk;
use crate::surveys::{element, tell};
use crate::words::say;

/// The widget that ships, with what is in the editor; what is answered in it is told here and nowhere else.
#[component]
pub(super) fn PreviewPane(bench: Bench) -> impl IntoView {
    let theme = RwSignal::new("auto");
    let answers = RwSignal::new(String::new());
    let ended = RwSignal::new(false);
    let answered = move |ev: CustomEvent| answers.set(ev.detail().as_string().unwrap_or_default());
    let begin = move |_: CustomEvent| {
        answers.set(String::new());
        ended.set(false);
    };
    let themes = [
        ("auto", say::survey_theme_auto()),
        ("light", say::survey_theme_light()),
        ("dark", say::survey_theme_dark()),
    ];
    let choose = move |ev: ev::Event| {
        let chosen = event_target_value(&ev);
        let known = themes.iter().find(|(name, _)| *name == chosen);
        theme.set(known.map_or("auto", |(name, _)| name));
    };
    let options = themes.map(|(name, label)| view! { <option value=name>{label}</option> });
    view! {
        <section class="preview" aria-labelledby="preview-title">
            <div class="pane-head">
                <h2 class="section-title" id="preview-title">{say::survey_preview()}</h2>
                <span class="preview-tools">
                    <label class="picker">
                        <span class="visually-hidden">{say::survey_theme()}</span>
                        <select on:change=choose>{options}</select>
                    </label>
                    <Languages bench/>
                    <button class="button" type="button" on:click=move |_| element::restart()>
                        {say::survey_restart()}
                    </button>
                </span>
            </div>
            <div class="stage" data-theme=move || theme.get()>
                <p class="stage-said muted" aria-hidden="true">{move || match (bench.is_shown.get(), ended.get()) {
                    (false, _) => say::survey_unreadable(),
                    (true, true) => say::survey_preview_closed(),
                    (true, false) => "",
                }}</p>
                <fh-preview
                    id=element::PREVIEW theme=move || theme.get()
                    on:answered=answered
                    on:shown=begin
                    on:over=move |_: CustomEvent| ended.set(true)
                ></fh-preview>
            </div>
            <p class="small">{say::survey_preview_what()}</p>
            {move || (!bench.is_shown.get()).then(|| view! {
                <p class="small" role="status">{say::survey_preview_stale()}</p>
            })}
            <Answers answers/>
            <TryLink bench/>
        </section>
    }
}

/// What would be kept of what was answered in the preview.
#[component]
fn Answers(answers: RwSignal<String>) -> impl IntoView {
    let told = Memo::new(move |_| {
        let text = answers.get();
        let parsed = js_sys::JSON::parse(&text).ok().filter(JsValue::is_truthy)?;
        let two = JsValue::from_f64(2.0);
        let pretty = js_sys::JSON::stringify_with_replacer_and_space(&parsed, &JsValue::NULL, &two);
        pretty.ok().map(String::from)
    });
    move || {
        told.get().map(|text| {
            view! {
                <details class="kept" data-testid="kept">
                    <summary>{say::survey_kept()}</summary>
                    <pre tabindex="0" aria-label=say::survey_kept()>{text}</pre>
                </details>
            }
        })
    }
}

/// The languages of the definition, where it has several.
#[component]
fn Languages(bench: Bench) -> impl IntoView {
    let languages = Memo::new(move |_| bench.text.with(|text| languages(text)));
    let choose = move |ev: ev::Event| {
        bench.language.set(event_target_value(&ev));
        bench.look();
    };
    move || {
        let all = languages.get();
        (all.len() > 1).then(|| {
            let options = all.into_iter().map(|tag| {
                let value = tag.clone();
                view! { <option value=value>{tag}</option> }
            });
            view! {
                <label class="picker">
                    <span class="visually-hidden">{say::language_title()}</span>
                    <select on:change=choose>{options.collect_view()}</select>
                </label>
            }
        })
    }
}

/// Tags of the languages that a definition says it has, its own first.
fn languages(text: &str) -> Vec<String> {
    let Ok(read) = serde_json::from_str::<serde_json::Value>(text) else {
        return Vec::new();
    };
    let tag = |value: &serde_json::Value| value.as_str().map(String::from);
    let own = read.get("language").and_then(tag);
    let others = read.get("languages").and_then(serde_json::Value::as_array);
    own.into_iter()
        .chain(others.into_iter().flatten().filter_map(tag))
        .collect()
}

/// A way to answer the version that runs, as a test.
#[component]
fn TryLink(bench: Bench) -> impl IntoView {
    let state = Memo::new(move |_| {
        bench.desk.with(|desk| {
            let desk = desk.as_ref()?;
            desk.test_key.as_ref()?;
            Some(desk.entry.state)
        })
    });
    move || match state.get() {
        None | Some(State::Draft) => None,
        Some(_) => Some(view! {
            <p class="small">
                <a href=format!("{}/try", desk(&bench.id())) target="_blank" rel="external">
                    {say::survey_try()}
                </a>
                " "{say::survey_try_what()}
            </p>
        }),
    }
}

/// Who would have seen it in the last week, and what that is based on.
#[component]
pub(super) fn ReachPane(bench: Bench) -> impl IntoView {
    let told = Memo::new(move |_| bench.reach.get());
    view! {
        <section class="reach" aria-labelledby="reach">
            <h2 class="section-title" id="reach">{say::survey_reach_title()}</h2>
            {move || match told.get() {
                None => view! { <p class="muted">{say::survey_reach_waiting()}</p> }.into_any(),
                Some(reach) => {
                    let (sentence, based) = tell::reach(&reach);
                    let based = based.into_iter().map(|line| view! { <li>{line}</li> });
                    let pages = reach.pages.into_iter().map(|page| view! {
                        <li><code>{page.url}</code><span>{crate::words::people(page.people)}</span></li>
                    });
                    view! {
                        <p data-testid="reach">{sentence}</p>
                        <ul class="reach-pages plain">{pages.collect_view()}</ul>
                        <ul class="reach-based small">{based.collect_view()}</ul>
                    }
                    .into_any()
                }
            }}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::languages;

    #[test]
    fn languages_are_read_as_far_as_they_can_be() {
        let text = r#"{"language": "en", "languages": ["de", 3]}"#;
        assert_eq!(languages(text), ["en", "de"]);
        assert!(languages("{").is_empty());
    }
}
